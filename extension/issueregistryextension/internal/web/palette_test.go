package web

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestColoursOfServices(t *testing.T) {
	names := []string{"checkout", "billing", "auth", "search", "shipping", "inventory", "gateway", "web", "mail", "legacy"}
	a, b := newPalette(names, false), newPalette(names, false)
	seen := map[int]bool{}
	for i, s := range names {
		h := a.Hue(s)
		assert.False(t, seen[h], "%s shares its colour", s)
		seen[h] = true
		_ = b.Hue(names[len(names)-1-i]) // another order
	}
	for _, s := range names {
		assert.Equal(t, a.Hue(s), b.Hue(s), "the same colour on every page")
	}
	assert.Less(t, a.Hue("eleventh"), hues)
}

func TestColoursOfOnePageDiffer(t *testing.T) {
	var known []string
	for c := 'a'; c <= 'z'; c++ {
		known = append(known, "service-"+string(c))
	}
	p := newPalette(known, true)
	seen := map[int]bool{}
	for _, s := range known[:hues] {
		assert.False(t, seen[p.Hue(s)])
		seen[p.Hue(s)] = true
	}
	assert.Less(t, p.Hue("one more"), hues)
}
