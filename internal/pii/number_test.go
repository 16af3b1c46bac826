package pii

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPlainNumber: in a number that is taken for a plain one the scan finds nothing either.
func TestPlainNumber(t *testing.T) {
	for _, detectors := range [][]string{{"default"}, {"all"}} {
		c := DefaultConfig()
		c.Detectors = detectors
		s, err := New(c)
		require.NoError(t, err)
		w := s.Acquire()
		keys := []*Key{w.Key("took_ms"), w.Key("value"), w.Key("ts"), w.Key("article")}
		r := rand.New(rand.NewPCG(5, 6))
		plain := 0
		for range 100_000 {
			text := strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
			if r.IntN(3) == 0 {
				text += "." + strconv.FormatUint(r.Uint64()>>(32+r.IntN(32)), 10)
			}
			if r.IntN(8) == 0 {
				text = "-" + text
			}
			key := keys[r.IntN(len(keys))]
			if !s.plainNumber(text, key) {
				continue
			}
			plain++
			w.scan(text, key)
			require.Empty(t, w.findings, text)
		}
		require.Greater(t, plain, 40_000, "most numbers are plain")
		w.Release()
	}
}

// TestPlaces: a value is known only where nothing was found in it, and only under its own key.
func TestPlaces(t *testing.T) {
	s, err := New(DefaultConfig())
	require.NoError(t, err)
	w := s.Acquire()
	defer w.Release()
	var p Place
	p.Take(w.Key("host.name"))
	for range 2 {
		_, changed := w.RedactAt(&p, "worker-12.internal")
		require.False(t, changed)
		require.True(t, p.Knows("worker-12.internal"))
		out, changed := w.RedactAt(&p, "jo@example.com")
		require.True(t, changed)
		require.Equal(t, "[EMAIL]", out)
		require.False(t, p.Knows("jo@example.com"))
	}
	p.Take(w.Key("password"))
	require.False(t, p.Knows("worker-12.internal"))
	out, _ := w.RedactAt(&p, "worker-12.internal")
	require.Equal(t, "[REDACTED]", out)

	w.DryRun = true
	var dry Place
	seen := 0
	w.Count = func(int) { seen++ }
	for range 2 {
		_, changed := w.RedactAt(&dry, "jo@example.com")
		require.False(t, changed)
	}
	require.Equal(t, 2, seen, "each value counts")
}
