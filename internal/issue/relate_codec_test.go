package issue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func fullTrace() *traceRec {
	f := failure{Callers: []string{"shop", "web"}}
	f.witness = witness{
		Key: Key{1, 2}, Issue: "aaaaaaaaaaaaaaaa", Roots: []uint64{1, 1 << 63}, Span: [8]byte{3}, Signal: SpanEvent, Service: "billing",
		Time: time.Unix(1700000000, 5).UTC(), Env: "production", Release: "1.4.2", Chain: 2,
	}
	return &traceRec{Failures: []failure{f, {}}, Links: []link{{[8]byte{3}, [8]byte{2}}, {Span: [8]byte{2}}}}
}

func TestStoredTraces(t *testing.T) {
	var w writer
	w.trace(fullTrace())
	d := reader{b: w.b}
	require.Equal(t, fullTrace(), d.trace())
	require.NoError(t, d.err)
	require.Empty(t, d.b)
}

// FuzzRecall: a damaged journal is told of, nothing else happens.
func FuzzRecall(f *testing.F) {
	w := writer{b: []byte{withTraces}}
	var traces writer
	traces.b = make([]byte, 16)
	traces.trace(fullTrace())
	w.text(string(traces.b))
	w.notes("aaaaaaaaaaaaaaaa", []note{{Key{7}, 1}})
	f.Add(w.b)
	f.Add([]byte{codecVersion, 1, 'a', 1})
	f.Add([]byte{withTraces, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		c := NewCore(Options{Keys: 64, Traces: 64})
		ok := c.recallEntry(Entry{Time: time.Unix(1700000000, 0), Data: b})
		if len(b) == 0 {
			require.False(t, ok)
		}
	})
}
