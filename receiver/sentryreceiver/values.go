package sentryreceiver

import (
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// Bounds of converted values. A map looks every key up when one is added, so its size is bounded.
const (
	maxMembers = 512 // of one object; the rest is left out
	maxNesting = 24  // deeper values are kept as JSON text
)

// setValue copies a JSON value; strings refer to the request's body.
func setValue(dst pcommon.Value, v sentryproto.Value, depth int) {
	switch v.Kind() {
	case sentryproto.String:
		dst.SetStr(v.Str())
	case sentryproto.Number:
		if n, ok := v.Int(); ok {
			dst.SetInt(n)
		} else if f, ok := v.Float(); ok {
			dst.SetDouble(f)
		} else {
			dst.SetStr(v.Raw())
		}
	case sentryproto.True, sentryproto.False:
		dst.SetBool(v.Kind() == sentryproto.True)
	case sentryproto.Array:
		if depth >= maxNesting {
			dst.SetStr(v.Raw())
			return
		}
		list := dst.SetEmptySlice()
		list.EnsureCapacity(v.Len())
		for e := range v.Elements() {
			setValue(list.AppendEmpty(), e, depth+1)
		}
	case sentryproto.Object:
		if depth >= maxNesting {
			dst.SetStr(v.Raw())
			return
		}
		putMembers(dst.SetEmptyMap(), v, depth+1)
	default:
	}
}

func putMembers(m pcommon.Map, v sentryproto.Value, depth int) {
	m.EnsureCapacity(m.Len() + min(v.Len(), maxMembers))
	for k, member := range v.Members() {
		if m.Len() >= maxMembers {
			return
		}
		if !isEmpty(member) {
			setValue(m.PutEmpty(k), member, depth)
		}
	}
}

// putValue puts a value unless it says nothing.
func putValue(m pcommon.Map, key string, v sentryproto.Value) {
	if !isEmpty(v) {
		setValue(m.PutEmpty(key), v, 0)
	}
}

// putJSON puts an array or object as JSON text.
func putJSON(m pcommon.Map, key string, v sentryproto.Value) {
	if !isEmpty(v) {
		putStr(m, key, v.JSON())
	}
}

// putList puts a list as JSON text, whether it is written as `[…]`, as `{"values": […]}` or as its only
// element.
func putList(m pcommon.Map, key string, v sentryproto.Value) {
	inner := v.Get("values")
	switch {
	case inner.Kind() != sentryproto.Missing:
		putJSON(m, key, inner)
	case v.Kind() == sentryproto.Object && !isEmpty(v):
		putStr(m, key, "["+v.JSON()+"]")
	default:
		putJSON(m, key, v)
	}
}

// putText puts a string, or a number or boolean as text.
func putText(m pcommon.Map, key string, v sentryproto.Value) { putStr(m, key, v.Text()) }

func putStr(m pcommon.Map, key, value string) {
	if value != "" {
		m.PutStr(key, value)
	}
}

// putMissing puts a string unless the key is there.
func putMissing(m pcommon.Map, key, value string) {
	if value == "" {
		return
	}
	if v, ok := m.GetOrPutEmpty(key); !ok {
		v.SetStr(value)
	}
}

func isEmpty(v sentryproto.Value) bool {
	switch v.Kind() {
	case sentryproto.Missing, sentryproto.Null:
		return true
	case sentryproto.String:
		return v.Raw() == ""
	case sentryproto.Array, sentryproto.Object:
		return v.Len() == 0
	}
	return false
}

// pairs yields the entries of an object, or of a list of pairs: tags, headers, cookies and query
// strings come in both forms.
func pairs(v sentryproto.Value, yield func(key string, value sentryproto.Value)) {
	for k, member := range v.Members() {
		yield(k, member)
	}
	for pair := range v.Elements() {
		var parts [2]sentryproto.Value
		i := 0
		for e := range pair.Elements() {
			if i < 2 {
				parts[i] = e
			}
			i++
		}
		if i == 2 && parts[0].Text() != "" {
			yield(parts[0].Text(), parts[1])
		}
	}
}

// timestamp is a time; 0 when the value is none.
func timestamp(v sentryproto.Value) pcommon.Timestamp { return pcommon.Timestamp(v.UnixNano()) }

// traceID reads 32 hex digits, with or without the dashes of a UUID; the zero ID when it is none.
func traceID(s string) (id pcommon.TraceID) {
	var digits [32]byte
	n := 0
	for i := range len(s) {
		if s[i] == '-' {
			continue
		}
		if n == len(digits) {
			return id
		}
		digits[n] = s[i]
		n++
	}
	if n < len(digits) {
		return id
	}
	if _, err := hex.Decode(id[:], digits[:]); err != nil {
		return pcommon.TraceID{}
	}
	return id
}

func spanID(s string) (id pcommon.SpanID) {
	if len(s) != 16 {
		return id
	}
	var buf [16]byte
	copy(buf[:], s)
	if _, err := hex.Decode(id[:], buf[:]); err != nil {
		return pcommon.SpanID{}
	}
	return id
}

// eventID normalises an event ID to 32 lower-case hex digits; "" when it is none.
func eventID(s string) string {
	if isEventID(s) {
		return s
	}
	id := traceID(s)
	if id.IsEmpty() {
		return ""
	}
	return hex.EncodeToString(id[:])
}

// isEventID tells an event ID as SDKs send it, in its normal form.
func isEventID(s string) bool {
	if len(s) != 32 {
		return false
	}
	zero := true
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
		zero = zero && c == '0'
	}
	return !zero
}
