package errorissueprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/issue/record"
)

// processLogs stamps the errors among log records.
func (c *core) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	b := c.batch()
	defer b.free()
	var scratch record.Failure
	crumbs, debug := c.crumbs(), false
	for _, rl := range ld.ResourceLogs().All() {
		if !c.cfg.TrustIncoming {
			strip(rl.Resource().Attributes())
		}
		b.resources = append(b.resources, record.NewResource(rl.Resource()))
		res := &b.resources[len(b.resources)-1]
		records := 0
		for _, sl := range rl.ScopeLogs().All() {
			if !c.cfg.TrustIncoming {
				strip(sl.Scope().Attributes())
			}
			scope := sl.Scope()
			records += sl.LogRecords().Len()
			for _, lr := range sl.LogRecords().All() {
				if !c.cfg.TrustIncoming {
					strip(lr.Attributes())
				}
				isError := c.rules.Log(res, scope, lr, &scratch)
				if crumbs && !lr.TraceID().IsEmpty() {
					b.addLogCrumb(res, scope, lr, scratch.Line)
				}
				if !isError {
					debug = debug || isDebug(lr)
					continue
				}
				t := target{record: lr.Attributes()}
				if c.cfg.TrustIncoming && t.incoming() {
					continue
				}
				b.add(&scratch, t)
			}
		}
		c.seen.of(res.Service).logs.Add(uint64(records))
	}
	b.judge(ctx)
	if debug {
		c.markDebug(ld)
	}
	return ld, nil
}
