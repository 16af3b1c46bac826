package errorissueprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestDebugOfATraceWithAnIssue(t *testing.T) {
	add := func(ld plog.Logs, trace byte, severity plog.SeverityNumber) {
		lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty()
		lr.SetTraceID(pcommon.TraceID{trace})
		lr.SetSeverityNumber(severity)
		lr.Body().SetStr("cannot load order")
	}
	batch := func() plog.Logs {
		ld := plog.NewLogs()
		ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		return ld
	}
	first, second, clean := batch(), batch(), batch()
	add(clean, 1, plog.SeverityNumberDebug) // before anything is known of the trace
	add(first, 1, plog.SeverityNumberDebug)
	add(first, 2, plog.SeverityNumberDebug)
	add(first, 1, plog.SeverityNumberError)
	add(first, 1, plog.SeverityNumberInfo)
	add(second, 1, plog.SeverityNumberTrace)
	add(second, 2, plog.SeverityNumberTrace)
	add(second, 0, plog.SeverityNumberDebug)

	_, h := newRegistry(t)
	out := runLogs(t, withRegistry(), h, clean, first, second)
	marks := func(ld plog.Logs) []any {
		var m []any
		for _, lr := range ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			m = append(m, get(lr.Attributes(), "issue.in_trace"))
		}
		return m
	}
	assert.Equal(t, []any{nil}, marks(out[0]))
	assert.Equal(t, []any{true, nil, nil, nil}, marks(out[1]), "debug of the failing trace, also before its error in the batch; not the error itself, not INFO")
	assert.Equal(t, []any{true, nil, nil}, marks(out[2]), "not another trace, not a record without one")
}
