package errorissueprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// foreign tells an attribute that only a client can have set: ours are set after this, except those
// of the processors that stand before this one.
func foreign(key string) bool {
	if len(key) < 6 || key[0] != 'i' && key[0] != 'c' {
		return false
	}
	if strings.HasPrefix(key, "issue.") {
		return true
	}
	return strings.HasPrefix(key, "culprit.") &&
		!strings.HasPrefix(key, "culprit.trace_id.") && !strings.HasPrefix(key, "culprit.pii.")
}

// strip removes what a client sent under the names of ours.
func strip(attrs pcommon.Map) {
	for key := range attrs.All() {
		if foreign(key) { // nearly never
			attrs.RemoveIf(func(key string, _ pcommon.Value) bool { return foreign(key) })
			return
		}
	}
}
