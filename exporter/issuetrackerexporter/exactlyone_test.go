package issuetrackerexporter

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/test/trackers"
)

// 40 issues with 50 events each, through a Jira that lags, loses answers, throttles and fails, by a collector
// that is killed midway: exactly 40 tickets.
func TestFortyIssuesFortyTickets(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{Lag: 300 * time.Millisecond, Lose: 30, Throttle: 10, Fail: 5, Refuse: 2})
	store := memory.New()
	registry := newRegistry(t, store, "one")
	var batches [][]issue.Notice
	for i := range 40 {
		id := fmt.Sprintf("issue-%02d", i)
		registry.seed(id)
		for n := range 5 {
			var list []issue.Notice
			for k := range 10 {
				list = append(list, notice(id, uint64(n*10+k+1)))
			}
			batches = append(batches, list)
		}
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(batches), func(a, b int) { batches[a], batches[b] = batches[b], batches[a] })
	raw := fast(map[string]any{"jira": j.config(), "search_lag": "400ms", "updates": []any{}})
	raw["http"] = map[string]any{"timeout": "5s"} // a busy machine that carries out a creation later than this and the lag makes a second ticket
	first := start(t, raw, host{registry})
	for _, b := range batches[:100] {
		require.NoError(t, first.ConsumeLogs(context.Background(), logs(b...)))
	}
	require.Eventually(t, func() bool { return len(j.tickets()) > 10 }, time.Minute, 5*time.Millisecond)
	require.NoError(t, first.Shutdown(context.Background())) // what is in the queue of memory is lost, and comes again
	second := start(t, raw, host{registry})
	for _, b := range batches {
		require.NoError(t, second.ConsumeLogs(context.Background(), logs(b...)))
	}
	require.Eventually(t, func() bool {
		for i := range 40 {
			ticket, ok, err := registry.Ticket(context.Background(), "issue_tracker", fmt.Sprintf("issue-%02d", i))
			if err != nil || !ok || ticket.Status != statusOpen {
				return false
			}
		}
		return true
	}, 60*time.Second, 20*time.Millisecond)
	require.NoError(t, second.Shutdown(context.Background()))
	tickets := j.tickets()
	assert.Len(t, tickets, 40)
	for label, n := range tickets {
		assert.Equal(t, 1, n, label)
	}
}

// Two collectors with one store are told of the same issues at the same time.
func TestTwoCollectors(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{Lag: 200 * time.Millisecond, Lose: 20})
	store := memory.New()
	one, two := newRegistry(t, store, "one"), newRegistry(t, store, "two")
	for i := range 10 {
		one.seed(fmt.Sprintf("issue-%02d", i))
	}
	require.Eventually(t, func() bool { // the store has them
		n := 0
		err := store.Scan(context.Background(), func(*issue.Record) bool { n++; return true })
		return err == nil && n == 10
	}, time.Minute, time.Millisecond)
	raw := fast(map[string]any{"jira": j.config(), "search_lag": "300ms"})
	var wait sync.WaitGroup
	for _, r := range []registryExtension{one, two} {
		e := start(t, raw, host{r})
		wait.Go(func() {
			for i := range 10 {
				assert.NoError(t, e.ConsumeLogs(context.Background(), logs(notice(fmt.Sprintf("issue-%02d", i), 1))))
			}
		})
	}
	wait.Wait()
	require.Eventually(t, func() bool {
		for i := range 10 {
			ticket, _, err := one.Ticket(context.Background(), "issue_tracker", fmt.Sprintf("issue-%02d", i))
			if err != nil || ticket.Status != statusOpen {
				return false
			}
		}
		return true
	}, 30*time.Second, 10*time.Millisecond)
	for label, n := range j.tickets() {
		assert.Equal(t, 1, n, label)
	}
}

// A crash after the creation and before it was kept leaves the intent, and the ticket is found by it.
func TestCrashBetweenCreateAndStore(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{Lag: 200 * time.Millisecond})
	registry := newRegistry(t, nil, "one")
	registry.seed("issue-a")
	e := direct(t, fast(map[string]any{"jira": j.config(), "search_lag": "300ms"}), host{registry})
	n := notice("issue-a", 1)
	// What a process does until it dies.
	require.NoError(t, e.tickets.save(context.Background(), "issue-a", ticket{Ticket: issue.Ticket{Status: statusOpening, LastSent: time.Now()}}))
	c, err := e.card(&n, card.Open)
	require.NoError(t, err)
	_, err = e.target.Open(context.Background(), c)
	require.NoError(t, err)
	// The next process.
	require.Eventually(t, func() bool { return e.push(context.Background(), logs(n)) == nil }, time.Minute, 20*time.Millisecond)
	assert.Len(t, j.Tickets(), 1)
	kept, _, err := registry.Ticket(context.Background(), "issue_tracker", "issue-a")
	require.NoError(t, err)
	assert.Equal(t, "OPS-1", kept.ExternalID)
	assert.Equal(t, j.url+"/browse/OPS-1", kept.URL)
}

// The crash came before the creation: after the lag of the search the ticket is made.
func TestCrashBeforeCreate(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	registry := newRegistry(t, nil, "one")
	registry.seed("issue-a")
	e := direct(t, fast(map[string]any{"jira": j.config(), "search_lag": "300ms"}), host{registry})
	require.NoError(t, e.tickets.save(context.Background(), "issue-a", ticket{Ticket: issue.Ticket{Status: statusOpening, LastSent: time.Now()}}))
	require.Error(t, e.push(context.Background(), logs(notice("issue-a", 1))), "the search may not see it yet")
	assert.Empty(t, j.Tickets())
	require.Eventually(t, func() bool { return e.push(context.Background(), logs(notice("issue-a", 1))) == nil }, time.Minute, 20*time.Millisecond)
	assert.Len(t, j.Tickets(), 1)
}

// The registry has lost its memory: tickets are found again, closed ones are reopened.
func TestForgottenTickets(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	n, m := notice("issue-a", 1), notice("issue-b", 1)
	before := direct(t, fast(map[string]any{"jira": j.config(), "registry": "none"}), nopHost)
	require.NoError(t, before.push(context.Background(), logs(n, m, change("issue-b", issue.New, issue.Resolved, time.Now()))))
	assert.True(t, j.Tickets()[1].Closed)
	after := direct(t, fast(map[string]any{"jira": j.config(), "registry": "none"}), nopHost)
	m.Issue.State = issue.Regressed
	require.NoError(t, after.push(context.Background(), logs(n, m)))
	assert.Len(t, j.Tickets(), 2)
	assert.False(t, j.Tickets()[1].Closed)
}

// A registry that is away keeps tickets from being made: nobody would know of them.
func TestRegistryAway(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	registry := newRegistry(t, nil, "one")
	registry.seed("issue-a")
	e := direct(t, fast(map[string]any{"jira": j.config()}), host{registry})
	require.NoError(t, registry.Core.Shutdown(context.Background()))
	require.Error(t, e.push(context.Background(), logs(notice("issue-a", 1))))
	assert.Empty(t, j.Tickets())
}

// A ticket that somebody deleted is left alone while its issue goes on, and made anew when the issue is back.
func TestDeletedTicket(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	e := direct(t, fast(map[string]any{"jira": j.config(), "registry": "none", "min_interval": "0s"}), nopHost)
	ctx := context.Background()
	require.NoError(t, e.push(ctx, logs(notice("issue-a", 1))))
	j.Delete("1")
	calls := len(j.Calls())
	require.NoError(t, e.push(ctx, logs(notice("issue-a", 12), notice("issue-a", 150))))
	assert.Len(t, j.Calls(), calls+1, "one comment that found no ticket")
	assert.Len(t, j.Tickets(), 1)
	now := time.Now()
	require.NoError(t, e.push(ctx, logs(change("issue-a", issue.Ongoing, issue.Resolved, now), change("issue-a", issue.Resolved, issue.Regressed, now.Add(time.Second)))))
	list := j.Tickets()
	require.Len(t, list, 2)
	assert.Equal(t, card.Key("issue-a"), list[1].Key)
	assert.False(t, list[1].Closed)
}

// A ticket whose creation was answered by nothing shows what was known then: what was reached meanwhile is told when
// it is found.
func TestFoundTicketIsBroughtUpToDate(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	e := direct(t, fast(map[string]any{"jira": j.config(), "registry": "none", "min_interval": "0s"}), nopHost)
	ctx := context.Background()
	j.Fail(func(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) { serve(w) }, trackers.Lost)
	require.Error(t, e.push(ctx, logs(notice("issue-a", 1))))
	escalating := notice("issue-a", 12)
	escalating.Issue.State = issue.Escalating
	require.NoError(t, e.push(ctx, logs(escalating)))
	e.tick(ctx, time.Now().Add(time.Second))
	list := j.Tickets()
	require.Len(t, list, 1)
	require.Len(t, list[0].Notes, 1)
	assert.Contains(t, list[0].Notes[0], "Escalating")
	assert.Contains(t, list[0].Notes[0], "Seen 12 times")
	assert.Equal(t, "Highest", list[0].Priority)
	e.tick(ctx, time.Now().Add(2*time.Second))
	assert.Len(t, j.Tickets()[0].Notes, 1, "once")
}
