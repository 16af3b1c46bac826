package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// exceptionTo keeps an exception as it came, its frames as [stackTo] writes them.
func exceptionTo(m pcommon.Map, v sentryproto.Value) {
	m.EnsureCapacity(min(v.Len(), maxMembers))
	for k, field := range v.Members() {
		switch {
		case m.Len() >= maxMembers || isEmpty(field):
		case k == "stacktrace" || k == "raw_stacktrace":
			stackTo(m.PutEmptyMap(k), field)
		default:
			setValue(m.PutEmpty(k), field, 2)
		}
	}
}

// stackTo keeps a stack trace as it came, but for the source lines around a frame's own: these become
// one text each. They are most of an event, and one text is one value to scan.
func stackTo(m pcommon.Map, v sentryproto.Value) {
	for k, field := range v.Members() {
		if k != "frames" {
			if m.Len() < maxMembers && !isEmpty(field) {
				setValue(m.PutEmpty(k), field, 3)
			}
			continue
		}
		list := m.PutEmptySlice(k)
		list.EnsureCapacity(field.Len())
		for f := range field.Elements() {
			if f.Kind() == sentryproto.Object {
				frameTo(list.AppendEmpty().SetEmptyMap(), f)
			}
		}
	}
}

func frameTo(m pcommon.Map, v sentryproto.Value) {
	m.EnsureCapacity(min(v.Len(), maxMembers))
	for k, field := range v.Members() {
		switch {
		case m.Len() >= maxMembers || isEmpty(field):
		case k == "pre_context" || k == "post_context":
			m.PutStr(k, lines(field))
		default:
			setValue(m.PutEmpty(k), field, 5)
		}
	}
}

// lines joins the elements of a list with line ends.
func lines(v sentryproto.Value) string {
	if v.Kind() != sentryproto.Array {
		return v.Text()
	}
	var b strings.Builder
	b.Grow(len(v.Raw())) // quotes and commas are more than line ends
	first := true
	for line := range v.Elements() {
		if !first {
			b.WriteByte('\n')
		}
		first = false
		b.WriteString(line.Text())
	}
	return b.String()
}
