package tracecontext

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var auditTime = time.Unix(1_700_000_000, 0)

// named gives the services of the tests the numbers that they have in each of their audits.
var named = newAudit()

func newAudit() *Audit {
	a := NewAudit()
	a.Service("shop")
	a.Service("stock")
	return a
}

func client(service, host string, span byte, start, end int64) Call {
	return Call{Service: named.Service(service), Host: host, TraceID: [16]byte{1}, SpanID: [8]byte{span}, Method: "GET", Path: "/stock", Start: start, End: end}
}

func server(service string, trace, parent byte, start, end int64) Call {
	c := Call{Service: named.Service(service), Host: "stock.shop.svc", TraceID: [16]byte{trace}, SpanID: [8]byte{99}, Method: "GET", Path: "/stock", Start: start, End: end}
	c.ParentID[0] = parent
	return c
}

func TestAuditLost(t *testing.T) {
	const ms = int64(time.Millisecond)
	f := func(want int, first, second Call, firstIsClient bool) {
		t.Helper()
		a := newAudit()
		see := func(c Call, isClient bool) {
			side := a.Server
			if isClient {
				side = a.Client
			}
			_, ok := side(c, auditTime)
			require.False(t, ok)
		}
		see(first, firstIsClient)
		see(second, !firstIsClient)
		require.Empty(t, a.Settle(auditTime.Add(time.Second), false), "too early: the true child may still come")
		require.Len(t, a.Settle(auditTime.Add(6*time.Second), false), want)
		require.Empty(t, a.Settle(auditTime.Add(7*time.Second), false), "counted twice")
	}
	root := server("stock", 2, 0, 1010*ms, 1090*ms)
	f(1, client("shop", "stock.shop.svc", 1, 1000*ms, 1100*ms), root, true)
	f(1, root, client("shop", "stock", 1, 1000*ms, 1100*ms), false)
	f(0, root, client("stock", "stock", 1, 1000*ms, 1100*ms), false)         // calls itself
	f(0, root, client("shop", "billing", 1, 1000*ms, 1100*ms), false)        // calls another host
	f(0, root, client("shop", "stock", 1, 2000*ms, 2100*ms), false)          // at another time
	f(0, root, client("shop", "stock.shop.svc", 1, 1050*ms, 1060*ms), false) // shorter than what it waits for
}

func TestAuditKept(t *testing.T) {
	c, s := client("shop", "stock", 7, 0, 100), server("stock", 1, 7, 10, 90)
	for _, clientFirst := range []bool{true, false} {
		a := newAudit()
		var f Finding
		var ok bool
		if clientFirst {
			a.Client(c, auditTime)
			f, ok = a.Server(s, auditTime)
		} else {
			a.Server(s, auditTime)
			f, ok = a.Client(c, auditTime)
		}
		require.True(t, ok)
		require.Equal(t, Finding{Caller: "shop", Callee: "stock"}, f)
		// A request from outside at the same time is no lost context: the client has its child.
		a.Server(server("stock", 3, 0, 20, 80), auditTime)
		require.Empty(t, a.Settle(auditTime.Add(time.Hour), true))
		require.Empty(t, a.Settle(auditTime, true))
	}
}

// TestAuditSelf: a service that calls itself is no call between services.
func TestAuditSelf(t *testing.T) {
	c, s := client("stock", "stock", 7, 0, 100), server("stock", 1, 7, 10, 90)
	a, b := newAudit(), newAudit()
	a.Client(c, auditTime)
	_, ok := a.Server(s, auditTime)
	require.False(t, ok)
	b.Server(s, auditTime)
	_, ok = b.Client(c, auditTime)
	require.False(t, ok)
}

func TestAuditBounded(t *testing.T) {
	a := newAudit()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 50_000 {
				c := client("shop", "x", byte(i), 0, 1)
				c.TraceID = [16]byte{byte(g), byte(i), byte(i >> 8), byte(i >> 16)}
				c.Path = fmt.Sprintf("/%d", i)
				a.Client(c, auditTime)
				c.Path = "/"
				a.Client(c, auditTime)
			}
		})
	}
	wg.Wait()
	links, pending := 0, 0
	for i := range auditShards {
		links += len(a.links[i].sets) * auditWays
		for _, r := range a.routes[i].routes {
			pending += len(r.clients.calls) + len(r.roots.calls)
		}
	}
	require.LessOrEqual(t, links, auditShards*auditSets*auditWays)
	require.LessOrEqual(t, pending, auditShards*auditRoutes*auditPending)
	a.Settle(auditTime.Add(2*auditMemory), false)
	for i := range auditShards {
		require.Empty(t, a.routes[i].routes)
	}
}

// TestAuditServices: the calls of one service too many are not looked at.
func TestAuditServices(t *testing.T) {
	a := newAudit()
	long := strings.Repeat("s", auditName)
	require.Equal(t, a.Service(long), a.Service(long+"!"))
	for i := range auditServices {
		a.Service(fmt.Sprint(i))
	}
	many := a.Service("many")
	require.Zero(t, many.id)
	c, s := client("shop", "stock", 7, 0, 100), server("stock", 1, 7, 10, 90)
	s.Service = many
	a.Client(c, auditTime)
	_, ok := a.Server(s, auditTime)
	require.False(t, ok)
}

// TestLinksForgetTheOldest of a set, and what is too old.
func TestLinksForgetTheOldest(t *testing.T) {
	var l linkTable
	require.Zero(t, l.of(1, auditTime))
	for key := range uint64(auditWays + 1) {
		l.enter(key, auditTime).client = uint16(key + 1)
	}
	require.Zero(t, l.of(0, auditTime).client)
	for key := range uint64(auditWays) {
		require.Equal(t, uint16(key+2), l.of(key+1, auditTime).client)
	}
	require.Zero(t, l.of(2, auditTime.Add(2*auditMemory)).client)
	require.Zero(t, l.enter(2, auditTime.Add(2*auditMemory)).client)
}

func TestWaitlistForgetsTheOldest(t *testing.T) {
	var l waitlist
	for i := range auditPending + 10 {
		l.add(waiting{start: int64(i)})
	}
	calls := l.ordered()
	require.Len(t, calls, auditPending)
	for i, c := range calls {
		require.Equal(t, int64(i+10), c.start)
	}
	l.keep(calls[:1])
	l.add(waiting{start: 99})
	require.Equal(t, []int64{10, 99}, []int64{l.ordered()[0].start, l.ordered()[1].start})
}
