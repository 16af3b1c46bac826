package record

import (
	"strings"

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

// anonymous knows what redaction leaves of a value so that it names nobody: "[EMAIL]" or "****", but
// not "[EMAIL:k1:9f2c41d0]", which has a hash in it.
func anonymous(s string) bool {
	if strings.Trim(s, "*") == "" {
		return true
	}
	return s[0] == '[' && s[len(s)-1] == ']' && (strings.IndexByte(s, ':') < 0 || strings.IndexByte(s, '*') > 0)
}
