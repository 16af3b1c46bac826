package web

import (
	"hash/fnv"
	"slices"
)

// hues is the number of service colours in assets/css/1-tokens.css (classes hue-0, hue-1, ...).
const hues = 10

// palette gives each service a colour: all known services are given theirs in the order of their
// names, so that a service has the same one on every page.
type palette struct {
	of   map[string]int
	used [hues]bool
	// distinct makes services of one page differ where they would share a colour, as far as there are
	// enough; for pages on which the colour is all that tells them apart.
	distinct bool
	shown    map[string]int
}

func newPalette(known []string, distinct bool) *palette {
	p := &palette{of: map[string]int{}, shown: map[string]int{}, distinct: distinct}
	known = slices.Clone(known)
	slices.Sort(known)
	for _, service := range known {
		p.of[service] = p.free(hash(service))
	}
	p.used = [hues]bool{}
	return p
}

// Hue returns the number of the service's colour.
func (p *palette) Hue(service string) int {
	if h, ok := p.shown[service]; ok {
		return h
	}
	h, ok := p.of[service]
	if !ok {
		h = hash(service)
	}
	if p.distinct {
		h = p.free(h)
	}
	p.shown[service] = h
	return h
}

// free returns the first unused colour from h on; h itself when all are in use.
func (p *palette) free(h int) int {
	for i := range hues {
		if n := (h + i) % hues; !p.used[n] {
			h = n
			break
		}
	}
	p.used[h] = true
	return h
}

func hash(service string) int {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(service))
	return int(sum.Sum32() % hues)
}
