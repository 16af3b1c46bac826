package traceidprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// The attributes that this processor sets.
const (
	attrStatus   = "culprit.trace_id.status"   // recovered, generated, missing or invalid
	attrSource   = "culprit.trace_id.source"   // the key or the rule
	attrConflict = "culprit.trace_id.conflict" // another trace ID that was found on the record
	attrLacks    = "culprit.missing_attributes"
	attrRequest  = "request.id"
	attrUser     = "user.id"
)

// The signals, as metrics and reports name them.
const (
	signalLogs    = "logs"
	signalTraces  = "traces"
	signalMetrics = "metrics"
)

// scrub removes the attributes that only this distribution may set, unless incoming ones are trusted.
func (c *core) scrub(m pcommon.Map) {
	if c.cfg.TrustIncoming {
		return
	}
	for name := range m.All() {
		if tracecontext.Reserved(name) {
			m.RemoveIf(func(name string, _ pcommon.Value) bool { return tracecontext.Reserved(name) })
			return
		}
	}
}

// lacking notes the required attributes that neither the record nor its resource has.
func (t *tally) lacking(required []string, record, resource pcommon.Map) {
	var list pcommon.Slice
	for _, name := range required {
		if _, ok := record.Get(name); ok {
			continue
		}
		if _, ok := resource.Get(name); ok {
			continue
		}
		t.lacks(name)
		if list == (pcommon.Slice{}) {
			list = record.PutEmptySlice(attrLacks)
		}
		list.AppendEmpty().SetStr(name)
	}
}

// putNew sets an attribute that is not there yet.
func putNew(m pcommon.Map, name, value string) {
	if value == "" {
		return
	}
	if v, there := m.GetOrPutEmpty(name); !there {
		v.SetStr(value)
	}
}
