package errorissueprocessor

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/issue/eventlog"
)

// isDebug tells a record of severity TRACE or DEBUG.
func isDebug(lr plog.LogRecord) bool {
	s := lr.SeverityNumber()
	return s >= plog.SeverityNumberTrace && s < plog.SeverityNumberInfo
}

// markDebug tells of the TRACE and DEBUG records whose trace has an issue, so that a filter can drop the
// others. It runs when the batch is judged: records that stand before the error in the same batch are
// marked too.
func (c *core) markDebug(ld plog.Logs) {
	if !c.failing.used.Load() {
		return
	}
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if !isDebug(lr) || !c.failing.contains(lr.TraceID()) {
					continue
				}
				if _, isError := lr.Attributes().Get(eventlog.AttrID); !isError {
					lr.Attributes().PutBool(eventlog.AttrInTrace, true)
				}
			}
		}
	}
}
