package piiredactionprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/pii"
)

// named redacts the member "value" of a map by the name that lies beside it: {name: API_KEY, value: ...}.
func (r *redactor) named(m pcommon.Map, depth int) {
	for k, v := range m.All() {
		if !pii.NamesValue(k) {
			continue
		}
		for beside, name := range m.All() {
			if name.Type() != pcommon.ValueTypeStr {
				continue
			}
			if key := r.w.NamedBy(beside, name.Str()); key != nil {
				r.value(v, key, depth+1)
				return
			}
		}
	}
}

// list redacts the elements of a slice. In a list of arguments a flag is the next one's name: --token, x.
func (r *redactor) list(s pcommon.Slice, key *pii.Key, depth int) {
	before := ""
	for _, e := range s.All() {
		own := key
		if e.Type() == pcommon.ValueTypeStr {
			arg := e.Str()
			if flag := r.w.Argument(key, before, arg); flag != nil {
				own = flag
			}
			before = arg
		}
		r.value(e, own, depth+1)
	}
}
