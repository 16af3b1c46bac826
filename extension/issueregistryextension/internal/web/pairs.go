package web

import (
	"cmp"
	"maps"
	"slices"

	"github.com/otel-culprit/culprit/internal/issue"
)

// pair is one line of a key-value list.
type pair struct{ Key, Value string }

// pairs sorts a map for reading.
func pairs(m map[string]string) []pair {
	out := make([]pair, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, pair{k, m[k]})
	}
	return out
}

// share is one value of a distribution: a tag's value, an environment, a service.
type share struct {
	Name    string
	Count   uint64
	Percent string
	Width   float64 // 0..100
}

// shares orders a distribution, greatest first, and keeps limit values; the rest, and what the
// registry itself keeps under "", comes last as "other".
func shares(counts map[string]uint64, limit int) []share {
	var total uint64
	out := make([]share, 0, len(counts))
	other := counts[""]
	for name, n := range counts {
		total += n
		if name != "" {
			out = append(out, share{Name: name, Count: n})
		}
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	if len(out) > limit {
		for _, s := range out[limit:] {
			other += s.Count
		}
		out = out[:limit]
	}
	if other > 0 {
		out = append(out, share{Name: "", Count: other})
	}
	for i := range out {
		out[i].Percent = percent(out[i].Count, total)
		if total > 0 {
			out[i].Width = float64(out[i].Count) / float64(total) * 100
		}
	}
	return out
}

// tagView is one tag with its most frequent values.
type tagView struct {
	Key    string
	Values []share
}

// tagViews sorts an issue's tags by name.
func tagViews(tags map[string]issue.Counts) []tagView {
	out := make([]tagView, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, tagView{key, shares(tags[key], 4)})
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
