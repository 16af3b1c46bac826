package issue_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// rig is a core with its clock.
type rig struct {
	*issue.Core
	t     *testing.T
	clock *clock
	n     uint64
}

// newRig returns a started core over a memory store. What it does by itself is slowed down, so that tests do it.
func newRig(t *testing.T, edit ...func(*issue.Options)) *rig {
	c := newClock()
	opt := issue.Options{
		Store: memory.New(), Now: c.now, Flush: time.Hour, Rules: issue.Rules{AliveInterval: time.Hour},
		Links: issue.Links{Issue: "http://localhost:4380/issues/{issue_id}"},
	}
	for _, f := range edit {
		f(&opt)
	}
	core := issue.NewCore(opt)
	require.NoError(t, core.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, core.Shutdown(context.Background())) })
	return &rig{Core: core, t: t, clock: c}
}

// occurrence returns an occurrence of an issue with a new key.
func (r *rig) occurrence(id string, edit ...func(*issue.Occurrence)) issue.Occurrence {
	r.n++
	o := issue.Occurrence{
		Issue: id, Title: "ValueError: " + id, Culprit: "charge in billing/pay.py", Level: "error", Basis: grouping.ByStack,
		Fingerprint: []grouping.Part{{Name: "type", Value: "ValueError"}}, Service: "billing", Signal: issue.LogRecord, Time: r.clock.now(),
	}
	binary.BigEndian.PutUint64(o.Key[:], r.n)
	o.Sample = func() *issue.Event {
		return &issue.Event{ID: o.Key.String(), Time: o.Time, Service: o.Service, Release: o.Release, Level: "error", Message: "it failed"}
	}
	for _, f := range edit {
		f(&o)
	}
	return o
}

func (r *rig) judge(batch ...issue.Occurrence) []issue.Verdict {
	out := r.Judge(r.t.Context(), batch, nil)
	require.Len(r.t, out, len(batch))
	return out
}

// fail judges one more occurrence of an issue.
func (r *rig) fail(id string, edit ...func(*issue.Occurrence)) issue.Verdict {
	return r.judge(r.occurrence(id, edit...))[0]
}

func (r *rig) get(id string) issue.Issue {
	i, err := r.Get(r.t.Context(), id)
	require.NoError(r.t, err)
	return i
}

func (r *rig) care() { r.Care(r.t.Context()) }

func release(v string) func(*issue.Occurrence) {
	return func(o *issue.Occurrence) { o.Release = v }
}

func at(t time.Time) func(*issue.Occurrence) {
	return func(o *issue.Occurrence) { o.Time = t }
}

const idA, idB, idC = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"

func TestJudgeCounts(t *testing.T) {
	r := newRig(t)
	first := r.fail(idA, release("1.0.0"))
	require.Equal(t, issue.Verdict{
		Issue: idA, State: issue.New, First: true, Count: 1, FirstSeen: r.clock.now(), LastSeen: r.clock.now(),
	}, first)
	start := r.clock.now()
	for n := range 9 {
		r.clock.add(time.Minute)
		v := r.fail(idA, release("1.1.0"), func(o *issue.Occurrence) {
			o.User = fmt.Sprint("user", n%3)
			o.Environment = "production"
			o.Tags = map[string]string{"http.route": "/pay", "n": fmt.Sprint(n)}
		})
		require.False(t, v.First)
		require.EqualValues(t, n+2, v.Count)
		require.EqualValues(t, min(n+1, 3), v.Users)
		if n == 8 {
			require.EqualValues(t, 10, v.Milestone)
		}
	}
	i := r.get(idA)
	require.EqualValues(t, 10, i.Count)
	require.EqualValues(t, 3, i.Users)
	require.Equal(t, start, i.FirstSeen)
	require.Equal(t, r.clock.now(), i.LastSeen)
	require.Equal(t, []uint32{10}, i.Hours)
	require.Equal(t, map[string]uint64{"production": 9}, i.Environments)
	require.Equal(t, map[string]uint64{"billing": 10}, i.Services)
	require.Equal(t, issue.Counts{"/pay": 9}, i.Tags["http.route"])
	require.Len(t, i.Releases, 2)
	require.Equal(t, "1.0.0", i.Releases[0].Version)
	require.EqualValues(t, 9, i.Releases[1].Count)
	require.Equal(t, "first occurrence", i.History[0].Reason)
	require.NotEmpty(t, i.Events)
	require.Equal(t, "ValueError: "+idA, i.Title)
}

func TestSameKeySameVerdict(t *testing.T) {
	r := newRig(t)
	for name, trace := range map[string][16]byte{"with a trace": {1}, "without": {}} {
		t.Run(name, func(t *testing.T) {
			r.t = t
			o := r.occurrence(idA, func(o *issue.Occurrence) { o.TraceID = trace })
			first := r.judge(o)[0]
			r.fail(idA)
			again := r.judge(o, o)
			require.Equal(t, []issue.Verdict{first, first}, again)
			known, ok := r.Known(o.Key)
			require.True(t, ok)
			require.Equal(t, first, known)
		})
	}
	require.EqualValues(t, 4, r.get(idA).Count)
}

func TestSamplesKeepFirstSpreadAndLatest(t *testing.T) {
	r := newRig(t)
	for range 500 {
		r.fail(idA)
		r.clock.add(time.Minute)
		r.get(idA) // writes
	}
	i := r.get(idA)
	require.LessOrEqual(t, len(i.Events), issue.SampleSlots)
	require.GreaterOrEqual(t, len(i.Events), 8)
	require.Equal(t, i.FirstSeen, i.Events[0].Time)
	require.Equal(t, i.LastSeen, i.Events[len(i.Events)-1].Time)
	middle := 0
	for _, e := range i.Events {
		if age := i.LastSeen.Sub(e.Time); age > time.Hour && age < 7*time.Hour {
			middle++
		}
	}
	require.Positive(t, middle)
}

// TestLatestSample: while errors are few the latest one is always kept; in a flood some are, in one that lasts few.
func TestLatestSample(t *testing.T) {
	r := newRig(t)
	for n := range 20 {
		r.fail(idA, release(fmt.Sprint("r", n%2)))
		events := r.get(idA).Events
		require.Equal(t, fmt.Sprintf("%016x", n+1), events[len(events)-1].ID[:16])
		r.clock.add(time.Millisecond)
	}
	calls := 0
	flood := func() {
		for range 500 {
			r.fail(idA, func(o *issue.Occurrence) {
				sample := o.Sample
				o.Sample = func() *issue.Event { calls++; return sample() }
			})
		}
	}
	for range 10 {
		flood()
	}
	require.Less(t, calls, 500)
	calls = 0
	for range 10 {
		r.clock.add(time.Second)
		flood()
	}
	require.Less(t, calls, 150)
	require.Greater(t, calls, 50)
	calls = 0
	r.clock.add(time.Minute) // a quiet one fills the reserve
	flood()
	require.Greater(t, calls, 150)
}

func TestMaxNewPerService(t *testing.T) {
	r := newRig(t, func(o *issue.Options) { o.MaxNew = 5 })
	ids := map[string]int{}
	for n := range 50 {
		ids[r.fail(fmt.Sprintf("%016x", n)).Issue]++
	}
	require.Len(t, ids, 6)
	require.Equal(t, "dddddddddddddddd", r.fail("dddddddddddddddd", func(o *issue.Occurrence) { o.Service = "other" }).Issue)
	page, err := r.List(t.Context(), issue.Query{Text: "too many different"})
	require.NoError(t, err)
	require.Len(t, page.Issues, 1)
	require.EqualValues(t, 45, page.Issues[0].Count)
	require.Equal(t, "billing", page.Issues[0].Service)
	// A known issue is never affected.
	require.Equal(t, fmt.Sprintf("%016x", 3), r.fail(fmt.Sprintf("%016x", 3)).Issue)
	r.clock.add(time.Minute)
	require.Equal(t, idA, r.fail(idA).Issue)
}
