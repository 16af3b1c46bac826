// Package addon shows a receiver of upstream an extension that no configuration names: what it looks up at its host, such as
// middlewares and encodings, is the only way in.
package addon

import (
	"context"
	"maps"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// Receiver is a receiver that finds more extensions at its host than the configuration names.
type Receiver struct {
	component.Component
	Extensions map[component.ID]component.Component
}

// Start implements [component.Component].
func (r *Receiver) Start(ctx context.Context, h component.Host) error {
	return r.Component.Start(ctx, &host{h, r.Extensions})
}

type host struct {
	component.Host
	more map[component.ID]component.Component
}

var _ componentstatus.Reporter = (*host)(nil)

// GetExtensions implements [component.Host].
func (h *host) GetExtensions() map[component.ID]component.Component {
	all := map[component.ID]component.Component{}
	maps.Copy(all, h.Host.GetExtensions())
	maps.Copy(all, h.more)
	return all
}

// Report implements [componentstatus.Reporter].
func (h *host) Report(event *componentstatus.Event) { componentstatus.ReportStatus(h.Host, event) }
