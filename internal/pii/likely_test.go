package pii

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLikely: a weak format whose check can score 0.4 is said to be likely; it would never be asked in a line otherwise.
func TestLikely(t *testing.T) {
	w := scannerFor(t, func(c *Config) { c.Detectors = []string{"all"} }).Acquire()
	r := rand.New(rand.NewPCG(5, 6))
	signs := strings.NewReplacer("-", "", ".", "", " ", "", "/", "", ":", "", "+", "")
	for _, d := range catalogue {
		for _, f := range d.Formats {
			if !f.Weak || f.Likely || f.Check == nil {
				continue
			}
			shapes, _ := expandShape(f.Shape)
			for _, shape := range shapes {
				for range 600 {
					const before = "read from "
					value := strings.ReplaceAll(fill(r, shape), "~", "-")
					w.run(before+value+" by them", nil)
					c := &w.cand
					*c = Candidate{Text: w.text, Start: len(before), End: len(before) + len(value), Value: []byte(signs.Replace(value)), w: w, detector: d.id}
					if at := strings.IndexAny(shape, "~-. /:+"); at >= 0 {
						c.Sep = value[at]
					}
					if score := f.Check(c); !assert.Less(t, score, 0.4, "%s, shape %q, %q", d.Name, f.Shape, value) {
						return
					}
				}
			}
		}
	}
}
