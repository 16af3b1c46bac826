package pii

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Detectors share triggers; one that is taken out must not come in by another's.
func TestDisabledDetectorsFindNothing(t *testing.T) {
	all := scannerFor(t, func(c *Config) { c.Detectors = []string{"all", "uuid"} })
	texts := map[string][]string{} // by detector
	for _, text := range append(slices.Clone(seeds), "id 6f1c9a34-93a1-4d35-9d7b-0a1b2c3d4e5f", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq") {
		for _, f := range all.Find(text, "") {
			texts[f.Type] = append(texts[f.Type], text)
		}
	}
	require.Greater(t, len(texts), 15)
	for name, found := range texts {
		without := scannerFor(t, func(c *Config) { c.Detectors, c.Disable = []string{"all", "uuid"}, []string{name} })
		alone := scannerFor(t, func(c *Config) { c.Detectors, c.SensitiveKeys.Defaults = []string{name}, false })
		for _, text := range found {
			for _, f := range without.Find(text, "") {
				assert.NotEqual(t, name, f.Type, text)
			}
			for _, f := range alone.Find(text, "") {
				assert.Equal(t, name, f.Type, text)
			}
		}
	}
}

// What counts is the score, whichever way a value was found.
func TestMinScore(t *testing.T) {
	for _, min := range []float64{0.3, 0.5, 0.75, 0.85, 0.92, 0.97, 1} {
		s := scannerFor(t, func(c *Config) { c.Detectors, c.MinScore = []string{"all"}, min })
		for _, text := range seeds {
			for _, f := range s.Find(text, "") {
				assert.GreaterOrEqual(t, f.Score, min, "%s in %s", f.Type, text)
			}
		}
	}
	s := scannerFor(t, func(c *Config) { c.MinScore = 0.92 })
	out, _ := s.Redact("203.0.113.9 sent jo@example.com", "")
	assert.Equal(t, "203.0.113.9 sent [EMAIL]", out)
}
