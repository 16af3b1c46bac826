package issue_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// told describes a record of one trace in a few letters.
type told struct {
	signal       issue.Signal
	issue        string
	service      string
	span, parent byte
	root         []uint64
}

// trace judges records of one trace, one batch each, and returns the verdicts.
func (r *rig) trace(id byte, records ...told) []issue.Verdict {
	var out []issue.Verdict
	for n, w := range records {
		out = append(out, r.fail(w.issue, func(o *issue.Occurrence) {
			o.TraceID[15], o.Signal, o.Service, o.Root = id, w.signal, w.service, w.root
			o.SpanID[7], o.ParentSpanID[7] = w.span, w.parent
			o.Time = r.clock.now().Add(-1 * 1e6)
			_ = n
		}))
	}
	return out
}

func (r *rig) counts(ids ...string) []uint64 {
	out := make([]uint64, len(ids))
	for n, id := range ids {
		i, err := r.Get(r.t.Context(), id)
		if err == nil {
			out[n] = i.Count
		}
	}
	return out
}

const (
	rootCause = 1
	rootWrap  = 2
	rootTop   = 3
)

var (
	cause   = []uint64{rootCause}
	wrapped = []uint64{rootWrap, rootCause}
	twice   = []uint64{rootTop, rootWrap, rootCause}
)

// permutations calls f with every order of n things.
func permutations(n int, f func([]int)) {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	var walk func(int)
	walk = func(k int) {
		if k == n {
			f(p)
			return
		}
		for i := k; i < n; i++ {
			p[k], p[i] = p[i], p[k]
			walk(k + 1)
			p[k], p[i] = p[i], p[k]
		}
	}
	walk(0)
}

// TestOneFailureHoweverToldAndInAnyOrder: the records of one failure count once, for the deepest one's issue, whichever
// comes first.
func TestOneFailureHoweverToldAndInAnyOrder(t *testing.T) {
	for name, c := range map[string]struct {
		records  []told
		want     string // the issue that counts it
		others   []string
		services []string
	}{
		"span event and log record": {
			[]told{{issue.SpanEvent, idA, "billing", 2, 1, cause}, {issue.LogRecord, idA, "billing", 2, 0, cause}}, idA, nil, nil,
		},
		"span event and log record in other words": {
			[]told{{issue.SpanEvent, idA, "billing", 2, 1, cause}, {issue.LogRecord, idA, "billing", 2, 0, wrapped[:1]}}, idA, nil, nil,
		},
		"span event without the stack": {
			[]told{{issue.SpanEvent, idB, "billing", 2, 1, cause}, {issue.LogRecord, idA, "billing", 2, 0, cause}}, idA, []string{idB}, nil,
		},
		"caller wraps it, as events": {
			[]told{{issue.SpanEvent, idB, "shop", 1, 0, wrapped}, {issue.SpanEvent, idA, "billing", 2, 1, cause}}, idA, []string{idB}, []string{"shop"},
		},
		"caller wraps it, as logs": {
			[]told{{issue.LogRecord, idB, "shop", 1, 0, wrapped}, {issue.LogRecord, idA, "billing", 2, 0, cause}}, idA, []string{idB}, []string{"shop"},
		},
		"three services, wrapped twice": {
			[]told{
				{issue.SpanEvent, idC, "web", 1, 0, twice}, {issue.SpanEvent, idB, "shop", 2, 1, wrapped},
				{issue.SpanEvent, idA, "billing", 3, 2, cause},
			}, idA, []string{idB, idC}, []string{"shop", "web"},
		},
		"each span fails on the way up": {
			[]told{
				{issue.FailedSpan, idC, "web", 1, 0, nil}, {issue.FailedSpan, idB, "shop", 2, 1, nil},
				{issue.SpanEvent, idA, "billing", 3, 2, cause},
			}, idA, []string{idB, idC}, []string{"shop", "web"},
		},
		"failed spans only": {
			[]told{{issue.FailedSpan, idB, "shop", 1, 0, nil}, {issue.FailedSpan, idA, "billing", 2, 1, nil}}, idA, []string{idB}, []string{"shop"},
		},
		"a log and its failed spans": {
			[]told{
				{issue.LogRecord, idA, "billing", 3, 0, cause}, {issue.FailedSpan, idB, "billing", 3, 2, nil}, {issue.FailedSpan, idC, "shop", 2, 1, nil},
			}, idA, []string{idB, idC}, []string{"shop"},
		},
		"a call fails and its caller throws": {
			[]told{{issue.FailedSpan, idB, "shop", 2, 1, nil}, {issue.SpanEvent, idA, "shop", 1, 0, cause}}, idA, []string{idB}, nil,
		},
		"an error line and its failed span": {
			[]told{{issue.LogLine, idA, "shop", 2, 0, nil}, {issue.FailedSpan, idB, "shop", 2, 1, nil}}, idA, []string{idB}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			permutations(len(c.records), func(order []int) {
				r := newRig(t)
				var in []told
				for _, i := range order {
					in = append(in, c.records[i])
				}
				r.trace(1, in...)
				require.Equal(t, []uint64{1}, r.counts(c.want), "%v", order)
				require.Equal(t, make([]uint64, len(c.others)), append([]uint64{}, r.counts(c.others...)...), "%v", order)
				for _, s := range c.services {
					require.Positive(t, r.get(c.want).Services[s], "%s is affected, %v", s, order)
				}
				page, err := r.List(t.Context(), issue.Query{})
				require.NoError(t, err)
				require.Len(t, page.Issues, 1, "issues without an occurrence are not listed")
			})
		})
	}
}

func TestWhatIsNoRepeat(t *testing.T) {
	for name, c := range map[string]struct {
		records []told
		want    []uint64 // counts of idA, idB
	}{
		"retries in sibling spans": {
			[]told{
				{issue.SpanEvent, idA, "billing", 2, 1, cause}, {issue.SpanEvent, idA, "billing", 3, 1, cause}, {issue.SpanEvent, idA, "billing", 4, 1, cause},
			}, []uint64{3, 0},
		},
		"retries, each as log and event": {
			[]told{
				{issue.LogRecord, idA, "billing", 2, 0, cause}, {issue.LogRecord, idA, "billing", 3, 0, cause},
				{issue.SpanEvent, idA, "billing", 2, 1, cause}, {issue.SpanEvent, idA, "billing", 3, 1, cause},
			}, []uint64{2, 0},
		},
		"two failures of another kind": {
			[]told{{issue.SpanEvent, idA, "billing", 2, 1, cause}, {issue.SpanEvent, idB, "billing", 3, 1, []uint64{99}}}, []uint64{1, 1},
		},
		"two error lines": {
			[]told{{issue.LogLine, idA, "billing", 2, 0, []uint64{5}}, {issue.LogLine, idA, "billing", 2, 0, []uint64{5}}}, []uint64{2, 0},
		},
		"a server fails by itself below an exception of another service": {
			[]told{{issue.SpanEvent, idA, "shop", 1, 0, cause}, {issue.FailedSpan, idB, "billing", 2, 1, nil}}, []uint64{1, 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			permutations(len(c.records), func(order []int) {
				r := newRig(t)
				var in []told
				for _, i := range order {
					in = append(in, c.records[i])
				}
				r.trace(1, in...)
				require.Equal(t, c.want, r.counts(idA, idB), "%v", order)
			})
		})
	}
}

func TestTheSameInAnotherTraceIsAnOccurrence(t *testing.T) {
	r := newRig(t)
	r.trace(1, told{issue.SpanEvent, idA, "billing", 2, 1, cause})
	r.trace(2, told{issue.SpanEvent, idA, "billing", 2, 1, cause})
	require.Equal(t, []uint64{2}, r.counts(idA))
}

func TestRepeatVerdict(t *testing.T) {
	r := newRig(t)
	v := r.trace(1, told{issue.SpanEvent, idB, "shop", 1, 0, wrapped}, told{issue.SpanEvent, idA, "billing", 2, 1, cause},
		told{issue.LogRecord, idB, "shop", 1, 0, wrapped})
	require.False(t, v[0].Repeat)
	require.Equal(t, idB, v[0].Issue)
	require.False(t, v[1].Repeat, "the deepest record is the occurrence")
	require.Equal(t, idA, v[1].Issue)
	require.True(t, v[2].Repeat)
	require.Equal(t, idA, v[2].Issue)
	// Whoever waited for the deeper span learns that the first record is a repeat now; a resent record gets
	// what it got.
	var key issue.Key
	key[7] = 1
	known, ok := r.Known(key)
	require.True(t, ok)
	require.True(t, known.Repeat)
	require.Equal(t, idA, known.Issue)
}

// TestLinksThatComeLate: two records of one issue count as two until the spans' places are known.
func TestLinksThatComeLate(t *testing.T) {
	r := newRig(t)
	r.trace(1, told{issue.LogRecord, idA, "billing", 3, 0, cause}, told{issue.LogRecord, idA, "billing", 1, 0, cause})
	require.Equal(t, []uint64{2}, r.counts(idA))
	r.trace(1, told{issue.FailedSpan, idB, "billing", 3, 2, nil}, told{issue.FailedSpan, idC, "billing", 2, 1, nil})
	require.Equal(t, []uint64{1, 0, 0}, r.counts(idA, idB, idC))
}

// TestRandomTraces: a random tree of calls in which one span fails and all its ancestors tell of it in a wrapper counts
// once, in any order, for the issue of the deepest.
func TestRandomTraces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		r := newRig(t)
		depth := 2 + random.IntN(6)
		var records []told
		for d := range depth { // 0 = the deepest
			span, parent := byte(depth-d), byte(depth-d-1)
			var chain []uint64
			for k := d; k >= 0; k-- {
				chain = append(chain, uint64(k+1))
			}
			id, service := fmt.Sprintf("%016x", d+1), fmt.Sprint("service", d/2)
			switch random.IntN(3) {
			case 0:
				records = append(records, told{issue.SpanEvent, id, service, span, parent, chain})
			case 1:
				records = append(records, told{issue.LogRecord, id, service, span, 0, chain}, told{issue.SpanEvent, id, service, span, parent, chain})
			default:
				if d > 0 {
					records = append(records, told{issue.FailedSpan, "f" + id[1:], service, span, parent, nil})
				} else {
					records = append(records, told{issue.SpanEvent, id, service, span, parent, chain})
				}
			}
		}
		random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		r.trace(1, records...)
		var total uint64
		page, err := r.List(t.Context(), issue.Query{})
		require.NoError(t, err)
		for _, i := range page.Issues {
			total += i.Count
		}
		require.EqualValues(t, 1, total, "trace %d: %v", n, records)
		require.Equal(t, fmt.Sprintf("%016x", 1), page.Issues[0].ID, "trace %d: %v", n, records)
	}
}
