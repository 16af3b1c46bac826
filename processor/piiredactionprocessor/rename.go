package piiredactionprocessor

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/pii"
)

// rename writes the redacted names of keys and takes out what goes with its key. Of two keys that
// become equal the later one gets a number, so that no value is lost.
func (r *redactor) rename(m pcommon.Map, depth int) {
	if m.Len() > manyKeys {
		r.renameMany(m, depth)
		return
	}
	old := pcommon.NewMap()
	m.MoveTo(old)
	m.EnsureCapacity(old.Len())
	for k, v := range old.All() {
		key := r.w.Key(k)
		if r.goes(k, key, depth) {
			continue
		}
		name := k
		if key != nil && key.Redacted() != k {
			name = key.Redacted()
			r.keys++
			r.foundOne("key")
			base := name
			for n := 2; ; n++ {
				if _, taken := m.Get(name); !taken {
					break
				}
				name = base + "_" + strconv.Itoa(n)
			}
		}
		v.MoveTo(m.PutEmpty(name))
	}
}

// goes tells whether an attribute goes with its key.
func (r *redactor) goes(k string, key *pii.Key, depth int) bool {
	return r.w.Removes(key) || depth == 0 && !r.cfg.TrustIncoming && strings.HasPrefix(k, pii.OwnPrefix)
}

// manyKeys is the length of a map above which each look for a key, which pdata makes along the whole map, costs too much.
const manyKeys = 64

// renameMany is rename in time that is linear in the length of the map, whatever a sender puts into it. The order of the
// keys is lost.
func (r *redactor) renameMany(m pcommon.Map, depth int) {
	raw := m.AsRaw()
	out := make(map[string]any, len(raw))
	renamed := map[string]string{} // old name -> redacted
	for k, v := range raw {
		key := r.w.Key(k)
		switch {
		case r.goes(k, key, depth):
		case key != nil && key.Redacted() != k:
			renamed[k] = key.Redacted()
		default:
			out[k] = v
		}
	}
	number := map[string]int{}
	for _, k := range slices.Sorted(maps.Keys(renamed)) {
		base := renamed[k]
		name := base
		for n := max(2, number[base]); ; n++ {
			if _, taken := out[name]; !taken {
				number[base] = n
				break
			}
			name = base + "_" + strconv.Itoa(n)
		}
		r.keys++
		r.foundOne("key")
		out[name] = raw[k]
	}
	if err := m.FromRaw(out); err != nil { // only of types that AsRaw does not make
		r.failures["error"]++
		m.Clear()
	}
}
