package errorissueprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// foreign tells an attribute that only a client can have set: ours are set after this, except those
// of the processors that stand before this one.
func foreign(key string) bool {
	if strings.HasPrefix(key, "issue.") {
		return true
	}
	return strings.HasPrefix(key, "culprit.") &&
		!strings.HasPrefix(key, "culprit.trace_id.") && !strings.HasPrefix(key, "culprit.pii.")
}

// reserved tells in the first two letters that a name may be one of ours. It is inlined: every name of every record comes here.
func reserved(key string) bool {
	return len(key) >= 6 && (key[0] == 'i' && key[1] == 's' || key[0] == 'c' && key[1] == 'u')
}

// strip removes what a client sent under the names of ours.
func strip(attrs pcommon.Map) {
	for key := range attrs.All() {
		if reserved(key) && foreign(key) { // nearly never
			attrs.RemoveIf(func(key string, _ pcommon.Value) bool { return foreign(key) })
			return
		}
	}
}
