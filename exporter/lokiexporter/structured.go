package lokiexporter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/loki/pkg/push"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// metadataBuilder collects the structured metadata of records, one after another. Names are unique within a
// record, the first one counts. It is made for one batch.
type metadataBuilder struct {
	limits LimitsConfig
	names  map[string]string // attribute -> name: a batch has few of them, again and again
	room   []push.LabelAdapter

	// Of the resource and the scope in hand, made once for all their records:
	resource, scope []push.LabelAdapter

	// Of the record in hand:
	out    push.LabelsAdapter
	labels []push.LabelAdapter // of the stream: not repeated
	taken  [4]uint64           // a filter over the names of out and labels
	bytes  int
	cut    bool
}

func newMetadataBuilder(limits LimitsConfig) *metadataBuilder {
	return &metadataBuilder{limits: limits, names: map[string]string{}}
}

func (m *metadataBuilder) enterResource(resource pcommon.Resource) {
	m.resource = m.all(m.resource[:0], resource.Attributes())
}

func (m *metadataBuilder) enterScope(scope pcommon.InstrumentationScope) {
	m.scope = append(m.scope[:0], push.LabelAdapter{Name: "scope_name", Value: scope.Name()}, push.LabelAdapter{Name: "scope_version", Value: scope.Version()})
}

// roomFor is the number of names that are made room for at a time.
const roomFor = 4096

// of is everything of a record that is not its line or a label: first what links it to traces and issues,
// so that limits cut the rest.
func (m *metadataBuilder) of(labels []push.LabelAdapter, lr plog.LogRecord) (metadata push.LabelsAdapter, cut bool) {
	attrs := lr.Attributes()
	if need := 8 + attrs.Len() + len(m.scope) + len(m.resource); cap(m.room)-len(m.room) < need {
		m.room = make([]push.LabelAdapter, 0, max(roomFor, need))
	}
	m.out, m.labels, m.taken, m.bytes, m.cut = m.room[len(m.room):], labels, [4]uint64{}, 0, false
	for i := range labels {
		m.take(labels[i].Name)
	}
	m.add("trace_id", traceID(lr))
	m.add("span_id", spanID(lr))
	if flags := lr.Flags(); flags != 0 {
		m.add("trace_flags", strconv.FormatUint(uint64(flags), 10))
	}
	for key, value := range attrs.All() {
		if strings.HasPrefix(key, "issue.") {
			m.value(key, value)
		}
	}
	m.add("severity_text", severity(lr))
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		m.add("severity_number", strconv.Itoa(int(n)))
	}
	m.add("event_name", lr.EventName())
	for key, value := range attrs.All() {
		m.value(key, value)
	}
	for _, shared := range [...][]push.LabelAdapter{m.scope, m.resource} {
		for i := range shared {
			m.add(shared[i].Name, shared[i].Value)
		}
	}
	if len(m.out) <= cap(m.room)-len(m.room) { // else maps inside the attributes made it outgrow its room
		m.room = m.room[:len(m.room)+len(m.out)]
	}
	return slices.Clip(m.out), m.cut
}

// value adds an attribute; the members of a map become names of their own, as Loki does for OTLP.
func (m *metadataBuilder) value(key string, value pcommon.Value) {
	if value.Type() == pcommon.ValueTypeMap {
		for k, v := range value.Map().All() {
			m.value(key+"_"+k, v)
		}
		return
	}
	m.add(m.name(key), value.AsString())
}

// all appends the names and values of a map.
func (m *metadataBuilder) all(list []push.LabelAdapter, attrs pcommon.Map) []push.LabelAdapter {
	for key, value := range attrs.All() {
		list = m.flat(list, key, value)
	}
	return list
}

func (m *metadataBuilder) flat(list []push.LabelAdapter, key string, value pcommon.Value) []push.LabelAdapter {
	if value.Type() != pcommon.ValueTypeMap {
		return append(list, push.LabelAdapter{Name: m.name(key), Value: value.AsString()})
	}
	for k, v := range value.Map().All() {
		list = m.flat(list, key+"_"+k, v)
	}
	return list
}

// maxNames bounds the names that are remembered: keys may be data.
const maxNames = 1000

func (m *metadataBuilder) name(key string) string {
	if name, ok := m.names[key]; ok {
		return name
	}
	name := sanitize(key)
	if len(m.names) < maxNames {
		m.names[key] = name
	}
	return name
}

func (m *metadataBuilder) add(name, value string) {
	if value == "" || !m.take(name) && m.has(name) {
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

// take enters a name into the filter. True means that the name is new for certain.
func (m *metadataBuilder) take(name string) bool {
	n := len(name)
	if n == 0 {
		return false
	}
	h := uint(n)*37 + uint(name[0])*11 + uint(name[n-1])*59 + uint(name[n/2])*101
	word, bit := &m.taken[h/64%4], uint64(1)<<(h%64)
	fresh := *word&bit == 0
	*word |= bit
	return fresh
}

func (m *metadataBuilder) has(name string) bool {
	same := func(l push.LabelAdapter) bool { return l.Name == name }
	return slices.ContainsFunc(m.labels, same) || slices.ContainsFunc(m.out, same)
}
