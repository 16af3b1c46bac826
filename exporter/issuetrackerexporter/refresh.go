package issuetrackerexporter

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
)

// refresh remembers the open tickets of a target that forgets what it is not told again.
type refresh struct {
	on   bool
	mu   sync.Mutex
	open map[string]refreshed // guarded by mu
	next time.Time            // guarded by mu
}

type refreshed struct {
	notice issue.Notice
	ref    target.Ref
}

func (r *refresh) set(n *issue.Notice, ref target.Ref) {
	if !r.on {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open == nil {
		r.open = map[string]refreshed{}
	}
	if old, ok := r.open[n.Issue.ID]; ok || len(r.open) < maxScheduled {
		if ok && len(n.Event.Exceptions) == 0 {
			n = &issue.Notice{Name: n.Name, Time: n.Time, Issue: n.Issue, Event: old.notice.Event}
		}
		r.open[n.Issue.ID] = refreshed{*n, ref}
	}
}

func (r *refresh) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, id)
}

// due returns the open tickets once in each interval.
func (r *refresh) due(now time.Time, interval time.Duration) []refreshed {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.next) {
		return nil
	}
	r.next = now.Add(interval)
	out := make([]refreshed, 0, len(r.open))
	for _, e := range r.open {
		out = append(out, e)
	}
	return out
}

// sendRefresh tells of all open tickets again. An issue that was resolved or muted by way of another
// collector is left out.
func (e *trackerExporter) sendRefresh(ctx context.Context, now time.Time) {
	r, ok := e.target.(target.Refresher)
	if !ok {
		return
	}
	var refs []target.Ref
	var cards []*card.Card
	for _, x := range e.refresh.due(now, r.Interval()) {
		n := &x.notice
		if e.tickets.registry != nil {
			if s, ok := e.tickets.registry.Summary(ctx, n.Issue.ID); ok {
				if s.State == issue.Resolved || s.State == issue.Muted {
					e.refresh.remove(n.Issue.ID)
					continue
				}
				n.Issue = s
			}
		}
		c, err := e.card(n, card.Update)
		if err != nil {
			continue // it was told of once, so its template works; this occurrence is odd
		}
		refs, cards = append(refs, x.ref), append(cards, c)
	}
	if len(cards) == 0 {
		return
	}
	if err := r.Refresh(ctx, refs, cards); err != nil {
		x := wire.As(err)
		e.report(x)
		e.log.Warn("Open alerts could not be sent again", zap.Int("alerts", len(cards)), zap.Error(err))
	}
}
