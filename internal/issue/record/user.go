package record

import (
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

// userAttr takes an attribute that describes the user.
func userAttr(e *issue.Event, key string, v pcommon.Value) bool {
	name := ""
	switch key {
	case "user.id", "enduser.id":
		name = "id"
	case "user.hash":
		name = "hash"
	case "user.name", "user.full_name":
		name = "name"
	case "user.email":
		name = "email"
	default:
		return false
	}
	if _, ok := e.User[name]; !ok {
		put(&e.User, name, v.AsString())
	}
	return true
}

// User identifies the affected user: user.hash, or a hash of what names the user; "" where nothing
// does, or where redaction left a token that is the same for everybody.
func (f *Failure) User() string {
	for _, key := range [...]string{"user.hash", "user.id", "enduser.id", "user.email", "user.name"} {
		v, ok := f.attrs.Get(key)
		if !ok && f.hasSpan && f.Signal == issue.SpanEvent {
			v, ok = f.span.Attributes().Get(key)
		}
		if !ok {
			continue
		}
		text := v.AsString()
		switch {
		case text == "" || anonymous(text):
		case key == "user.hash":
			return Clip(text, 64)
		default:
			return strconv.FormatUint(xxhash.Sum64String(text), 16)
		}
	}
	return ""
}

// anonymous knows what redaction leaves of a value so that it names nobody: "[EMAIL]" or "****", but
// not "[EMAIL:k1:9f2c41d0]", which has a hash in it.
func anonymous(s string) bool {
	if strings.Trim(s, "*") == "" {
		return true
	}
	return s[0] == '[' && s[len(s)-1] == ']' && (strings.IndexByte(s, ':') < 0 || strings.IndexByte(s, '*') > 0)
}
