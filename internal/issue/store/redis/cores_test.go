package redis_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/redis"
)

// collector is one of several processes with the same Redis.
type collector struct {
	*issue.Core
	t *testing.T
}

func newCollector(t *testing.T, address, prefix string) *collector {
	c := issue.NewCore(issue.Options{
		Store: redis.New(redis.Options{Address: address, Prefix: prefix, Timeout: 500 * time.Millisecond}), Flush: 100 * time.Millisecond,
	})
	require.NoError(t, c.Start(t.Context()))
	t.Cleanup(func() { _ = c.Shutdown(context.Background()) })
	return &collector{c, t}
}

func occurrence(n uint64, id string, edit ...func(*issue.Occurrence)) issue.Occurrence {
	o := issue.Occurrence{
		Issue: id, Title: "ValueError", Culprit: "charge in pay.py", Level: "error", Basis: grouping.ByStack, Service: "billing",
		Signal: issue.LogRecord, Time: time.Now(), User: fmt.Sprint("user", n%10),
	}
	binary.BigEndian.PutUint64(o.Key[:], n)
	o.Sample = func() *issue.Event { return &issue.Event{ID: o.Key.String(), Time: o.Time, Service: "billing"} }
	for _, f := range edit {
		f(&o)
	}
	return o
}

func (c *collector) judge(list ...issue.Occurrence) []issue.Verdict {
	return c.Judge(c.t.Context(), list, nil)
}

func (c *collector) count(id string) uint64 {
	i, err := c.Get(c.t.Context(), id)
	if err != nil {
		return 0
	}
	return i.Count
}

// agree waits until both show a count.
func agree(t *testing.T, id string, want uint64, all ...*collector) {
	t.Helper()
	for _, c := range all {
		require.EventuallyWithT(t, func(t *assertT) { require.Equal(t, want, c.count(id)) }, time.Minute, 50*time.Millisecond)
	}
}

const idA, idB = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"

func TestTwoCollectorsShowOneTruth(t *testing.T) {
	server := Server(t)
	one, two := newCollector(t, server.Address, "truth"), newCollector(t, server.Address, "truth")
	require.NoError(t, one.Subscribe(t.Context(), "issues"))
	require.NoError(t, two.Subscribe(t.Context(), "issues"))

	// Both meet the same new issues at the same time: one of them is the first.
	const issues, each = 40, 50
	var mu sync.Mutex
	first := map[string]int{}
	var wg sync.WaitGroup
	for n, c := range []*collector{one, two} {
		wg.Go(func() {
			for k := range each {
				var batch []issue.Occurrence
				for i := range issues {
					batch = append(batch, occurrence(uint64(n*1e6+k*1e3+i+1), idOf(i+1), func(o *issue.Occurrence) {
						o.User = fmt.Sprint("user", k%10)
					}))
				}
				for _, v := range c.judge(batch...) {
					if v.First {
						mu.Lock()
						first[v.Issue]++
						mu.Unlock()
					}
				}
			}
		})
	}
	wg.Wait()
	require.Len(t, first, issues)
	for id, n := range first {
		require.Equal(t, 1, n, id)
		agree(t, id, 2*each, one, two)
	}
	i, err := two.Get(t.Context(), idOf(1))
	require.NoError(t, err)
	require.EqualValues(t, 10, i.Users)

	// Every notice once, whoever claims.
	names := map[string]int{}
	for deadline := time.Now().Add(10 * time.Second); len(names) < issues*3 && time.Now().Before(deadline); {
		for _, c := range []*collector{one, two} {
			list, err := c.Claim(t.Context(), "issues", 7, time.Minute)
			require.NoError(t, err)
			for _, n := range list {
				names[fmt.Sprint(n.Issue.ID, n.Name, n.Milestone)]++
			}
		}
	}
	for n, k := range names {
		require.Equal(t, 1, k, n)
	}
	require.Len(t, names, issues*3, "a first occurrence and the milestones 10 and 100")

	// Resolved here, regressed there.
	_, err = one.Resolve(t.Context(), idOf(1), issue.Resolve{})
	require.NoError(t, err)
	require.EventuallyWithT(t, func(c *assertT) {
		i, err := two.Get(t.Context(), idOf(1))
		require.NoError(c, err)
		require.Equal(c, issue.Resolved, i.State)
	}, time.Minute, 50*time.Millisecond)
	v := two.judge(occurrence(9e9, idOf(1)))
	require.Equal(t, issue.Regressed, v[0].State)
	require.EventuallyWithT(t, func(c *assertT) {
		i, err := one.Get(t.Context(), idOf(1))
		require.NoError(c, err)
		require.Equal(c, issue.Regressed, i.State)
	}, time.Minute, 50*time.Millisecond)

	// Merged here, counted there.
	_, err = one.Merge(t.Context(), idOf(2), []string{idOf(3)})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return two.judge(occurrence(uint64(time.Now().UnixNano()), idOf(3)))[0].Issue == idOf(2) },
		10*time.Second, 50*time.Millisecond)
}

func idOf(n int) string { return fmt.Sprintf("%016x", n) }

func TestKeysAndRepeatsAreDecidedTogether(t *testing.T) {
	server := Server(t)
	one, two := newCollector(t, server.Address, "keys"), newCollector(t, server.Address, "keys")
	// A sender that resends to another collector.
	for name, trace := range map[string]byte{"with a trace": 7, "without": 0} {
		o := occurrence(uint64(100+int(trace)), idA, func(o *issue.Occurrence) { o.TraceID[0] = trace })
		a, b := one.judge(o)[0], two.judge(o)[0]
		require.Equal(t, a.Issue, b.Issue, name)
		require.Equal(t, a.State, b.State, name)
		require.Equal(t, a.Repeat, b.Repeat, name)
		require.Equal(t, a.First, b.First, name)
	}
	agree(t, idA, 2, one, two)
	// The caller's record on one collector, the deeper one on the other, and again.
	at := func(n uint64, id, service string, span, parent byte, root ...uint64) issue.Occurrence {
		return occurrence(n, id, func(o *issue.Occurrence) {
			o.TraceID[0], o.SpanID[0], o.ParentSpanID[0], o.Signal, o.Service, o.Root = 9, span, parent, issue.SpanEvent, service, root
		})
	}
	require.False(t, one.judge(at(1, idB, "shop", 1, 0, 2, 1))[0].Repeat)
	v := two.judge(at(2, "cccccccccccccccc", "billing", 2, 1, 1))[0]
	require.False(t, v.Repeat)
	require.Equal(t, "cccccccccccccccc", v.Issue)
	require.True(t, one.judge(at(3, idB, "shop", 1, 0, 2, 1))[0].Repeat)
	agree(t, "cccccccccccccccc", 1, one, two)
	agree(t, idB, 0, one, two)
}

func TestRedisAway(t *testing.T) {
	server := Server(t)
	path, err := exec.LookPath("redis-server")
	require.NoError(t, err)
	one, two := newCollector(t, server.Address, "away"), newCollector(t, server.Address, "away")
	one.judge(occurrence(1, idA))
	two.judge(occurrence(2, idA))
	agree(t, idA, 2, one, two)
	server.Stop()
	start := time.Now()
	const n = 2000
	for k := range n {
		require.Len(t, one.judge(occurrence(uint64(1000+k), idA)), 1)
		v := two.judge(occurrence(uint64(100000+k), idB))[0]
		require.Equal(t, issue.New, v.State)
	}
	t.Logf("%d occurrences judged with Redis away in %s", 2*n, time.Since(start))
	require.Less(t, time.Since(start), 20*time.Second, "the pipeline waits for Redis")
	server.Start(path)
	agree(t, idA, 2+n, one, two)
	agree(t, idB, n, one, two)
}

// TestStartWithRedisAway: a collector starts, judges, and catches up.
func TestStartWithRedisAway(t *testing.T) {
	server := Server(t)
	path, err := exec.LookPath("redis-server")
	require.NoError(t, err)
	one := newCollector(t, server.Address, "start")
	one.judge(occurrence(1, idA))
	agree(t, idA, 1, one)
	server.Stop()
	two := newCollector(t, server.Address, "start")
	two.judge(occurrence(2, idA), occurrence(3, idB))
	server.Start(path)
	agree(t, idA, 2, one, two)
	agree(t, idB, 1, one, two)
}

// TestLostAnswers: connections are cut all the time; everything is counted once.
func TestLostAnswers(t *testing.T) {
	server := Server(t)
	cut := newProxy(t, server.Address)
	one := newCollector(t, cut.address, "lost")
	const n = 3000
	for k := range n {
		one.judge(occurrence(uint64(k+1), idOf(1+k%20)))
		if k%20 == 0 {
			time.Sleep(2 * time.Millisecond)
		}
	}
	cut.calm()
	two := newCollector(t, server.Address, "lost")
	for i := range 20 {
		agree(t, idOf(i+1), n/20, one, two)
	}
	require.Positive(t, cut.cuts.Load())
}

// A caller that gives up sends again, perhaps to another collector: that counts once.
func TestCallerGivesUp(t *testing.T) {
	server := Server(t)
	one, two := newCollector(t, server.Address, "gone"), newCollector(t, server.Address, "gone")
	o := occurrence(1, idA)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	one.Judge(gone, []issue.Occurrence{o}, nil)
	two.judge(o)
	agree(t, idA, 1, one, two)
	time.Sleep(300 * time.Millisecond) // a second count would be written by now
	agree(t, idA, 1, one, two)
}
