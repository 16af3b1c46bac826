package lokiexporter

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/grafana/loki/pkg/push"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// unknownService is the label of a stream that has none: Loki refuses a stream without labels.
const unknownService = "unknown_service"

// labeler chooses the labels of records and keeps the number of values of each label bounded.
type labeler struct {
	resource   []labelKey
	attributes []labelKey
	static     []push.LabelAdapter
	overflow   func(label string)
}

type labelKey struct {
	attribute string
	name      string
	values    *valueSet
}

func newLabeler(c LabelsConfig, overflow func(label string)) *labeler {
	keys := func(attributes []string) []labelKey {
		out := make([]labelKey, len(attributes))
		for i, a := range attributes {
			out[i] = labelKey{attribute: a, name: sanitize(a), values: &valueSet{max: c.MaxValues, seen: map[string]struct{}{}}}
		}
		return out
	}
	l := &labeler{resource: keys(c.Resource), attributes: keys(c.Attributes), overflow: overflow}
	for name, value := range c.Static {
		l.static = append(l.static, push.LabelAdapter{Name: name, Value: value})
	}
	return l
}

// pick appends the labels that keys find in attrs. What does not fit into a label's bound is left
// out and becomes structured metadata like every other attribute.
func (l *labeler) pick(labels []push.LabelAdapter, keys []labelKey, attrs pcommon.Map) []push.LabelAdapter {
	for i := range keys {
		value, ok := attrs.Get(keys[i].attribute)
		if !ok {
			continue
		}
		text := value.AsString()
		if text == "" {
			continue
		}
		if !keys[i].values.admit(text) {
			l.overflow(keys[i].name)
			continue
		}
		labels = append(labels, push.LabelAdapter{Name: keys[i].name, Value: text})
	}
	return labels
}

// format writes labels as Loki's parser takes them: {a="1", b="2"}, sorted by name.
func format(labels []push.LabelAdapter) string {
	if len(labels) == 0 {
		labels = []push.LabelAdapter{{Name: "service_name", Value: unknownService}}
	}
	slices.SortStableFunc(labels, func(a, b push.LabelAdapter) int { return strings.Compare(a.Name, b.Name) })
	labels = slices.CompactFunc(labels, func(a, b push.LabelAdapter) bool { return a.Name == b.Name })
	size := 2
	for _, l := range labels {
		size += len(l.Name) + len(l.Value) + 5
	}
	text := make([]byte, 0, size)
	text = append(text, '{')
	for i, l := range labels {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, l.Name...)
		text = append(text, '=')
		text = strconv.AppendQuote(text, strings.ToValidUTF8(l.Value, "\uFFFD"))
	}
	return string(append(text, '}'))
}

// valueSet admits the first max values that it is shown.
type valueSet struct {
	max  int
	mu   sync.RWMutex // protects seen
	seen map[string]struct{}
}

func (v *valueSet) admit(value string) bool {
	v.mu.RLock()
	_, known := v.seen[value]
	full := len(v.seen) >= v.max
	v.mu.RUnlock()
	if known || full {
		return known
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) >= v.max {
		_, known = v.seen[value]
		return known
	}
	v.seen[strings.Clone(value)] = struct{}{}
	return true
}
