package issueregistryextension

import (
	"runtime/debug"

	"go.opentelemetry.io/collector/extension/extensioncapabilities"
)

var _ extensioncapabilities.PipelineWatcher = (*registry)(nil)

// Ready gives what the start took back to the system, a third of an idle collector's own memory: reading the
// configuration and building every component allocates twice what stays. The runtime by itself would keep it. It is done
// beside the start: until every extension has answered, the collector does not handle SIGTERM.
func (r *registry) Ready() error {
	r.freeing.Go(debug.FreeOSMemory)
	return nil
}

// NotReady has nothing to do.
func (r *registry) NotReady() error { return nil }
