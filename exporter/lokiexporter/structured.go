package lokiexporter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/loki/pkg/push"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// collector of structured metadata for one record. Names are unique, the first one counts.
type metadataBuilder struct {
	out    push.LabelsAdapter
	labels []push.LabelAdapter // of the stream: not repeated
	bytes  int
	limits LimitsConfig
	cut    bool
}

// structured is everything of a record that is not its line or a label: first what links it to
// traces and issues, so that limits cut the rest.
func structured(limits LimitsConfig, labels []push.LabelAdapter, resource pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) (push.LabelsAdapter, bool) {
	m := metadataBuilder{limits: limits, labels: labels, out: make(push.LabelsAdapter, 0, 8+lr.Attributes().Len()+resource.Attributes().Len())}
	m.add("trace_id", traceID(lr))
	m.add("span_id", spanID(lr))
	if flags := lr.Flags(); flags != 0 {
		m.add("trace_flags", strconv.FormatUint(uint64(flags), 10))
	}
	for key, value := range lr.Attributes().All() {
		if strings.HasPrefix(key, "issue.") {
			m.value(key, value)
		}
	}
	m.add("severity_text", severity(lr))
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		m.add("severity_number", strconv.Itoa(int(n)))
	}
	m.add("event_name", lr.EventName())
	for key, value := range lr.Attributes().All() {
		m.value(key, value)
	}
	m.add("scope_name", scope.Name())
	m.add("scope_version", scope.Version())
	for key, value := range resource.Attributes().All() {
		m.value(key, value)
	}
	return m.out, m.cut
}

// value adds an attribute; the members of a map become names of their own, as Loki does for OTLP.
func (m *metadataBuilder) value(key string, value pcommon.Value) {
	if value.Type() == pcommon.ValueTypeMap {
		for k, v := range value.Map().All() {
			m.value(key+"_"+k, v)
		}
		return
	}
	m.add(sanitize(key), value.AsString())
}

func (m *metadataBuilder) add(name, value string) {
	if value == "" || m.has(name) {
		return
	}
	size := len(name) + len(value)
	if len(m.out) >= m.limits.MaxMetadataCount || m.bytes+size > m.limits.MaxMetadataBytes {
		m.cut = true
		return
	}
	m.bytes += size
	m.out = append(m.out, push.LabelAdapter{Name: name, Value: value})
}

func (m *metadataBuilder) has(name string) bool {
	same := func(l push.LabelAdapter) bool { return l.Name == name }
	return slices.ContainsFunc(m.labels, same) || slices.ContainsFunc(m.out, same)
}
