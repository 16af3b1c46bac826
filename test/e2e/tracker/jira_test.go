package tracker

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const manyBugs = 40

func jiraExporter(jira *harness.Service) string {
	return `jira: {url: "` + jira.URL + `", project: OPS, user: bot@acme.com, token: s3cr3t-t0ken-0123456789}, updates: [10, 100], min_interval: 1s, ` +
		`rate_limit: 100/1s, search_lag: 3s, http: {timeout: 2s}`
}

// TestFortyBugsFortyTickets: 40 bugs with 50 occurrences each, through a Jira whose search lags, which loses answers,
// throttles in both forms and fails, and a collector that is killed again and again. In the end there are 40 tickets, those of
// resolved issues are closed, and those that came back are open again and say where.
func TestFortyBugsFortyTickets(t *testing.T) {
	jira := harness.StartTrackers(t).Service(t, "jira-cloud")
	jira.SetChaos(t, harness.Chaos{Lag: 1500 * time.Millisecond, Lose: 20, Throttle: 3, Fail: 4, Refuse: 2, Slow: 1})
	c := start(t, fileStore, jiraExporter(jira))
	var bugs []failure
	for n := range manyBugs {
		bugs = append(bugs, failure{service: "orders", class: class(n), version: "1.0.0"})
	}
	var sending sync.WaitGroup
	sending.Go(func() {
		for range 10 {
			for _, b := range bugs {
				b.send(t, c, 5) // again, as any sender does, while the collector is away
			}
		}
	})
	for _, n := range []int{5, 20} { // killed while tickets are being made
		harness.Eventually(t, 60*time.Second, func() error {
			if have := len(jira.Tickets(t)); have < n {
				return fmt.Errorf("%d tickets", have)
			}
			return nil
		})
		c.Kill()
		c.Restart(t)
	}
	sending.Wait()
	tickets := waitFor(t, jira, func(byClass map[string][]harness.Ticket) error {
		for _, b := range bugs {
			if list := byClass[b.class]; len(list) != 1 || !tellsOfTen(list[0]) {
				return fmt.Errorf("%s: want a ticket that tells of ten: %+v", b.class, list)
			}
		}
		return nil
	})
	require.Len(t, tickets, manyBugs)

	known := issues(t, c)
	require.Len(t, known, manyBugs)
	for _, b := range bugs[:20] {
		require.NoError(t, resolve(c, known[b.class]))
	}
	time.Sleep(time.Second) // the registry's change is on disk; the tickets are being closed
	c.Kill()
	c.Restart(t)
	waitFor(t, jira, func(byClass map[string][]harness.Ticket) error {
		for _, b := range bugs[:20] {
			if !byClass[b.class][0].Closed {
				return errors.New("open: " + b.class)
			}
		}
		return nil
	})
	traces := map[string]string{}
	for _, b := range bugs[:10] {
		b.version = "2.0.0"
		traces[b.class] = b.send(t, c, 1)
	}
	tickets = waitFor(t, jira, func(byClass map[string][]harness.Ticket) error {
		for name, trace := range traces {
			x := byClass[name][0]
			if x.Closed || !strings.Contains(strings.Join(x.Notes, "\n"), trace) {
				return fmt.Errorf("%s is not reopened: %+v", name, x)
			}
		}
		return nil
	})
	assert.Len(t, tickets, manyBugs)
	for n, b := range bugs {
		x := tickets[b.class]
		require.Len(t, x, 1, b.class)
		assert.Equal(t, n >= 10 && n < 20, x[0].Closed, "%s: resolved and not seen again", b.class)
		if n < 10 {
			assert.Contains(t, strings.Join(x[0].Notes, "\n"), "2.0.0", "the release in which it came back")
		}
	}
	t.Logf("%d tickets for %d bugs", len(jira.Tickets(t)), manyBugs)
}

// tellsOfTen: in a comment, or because the ticket was made so late.
func tellsOfTen(x harness.Ticket) bool {
	return len(x.Notes) > 0 || regexp.MustCompile(`Occurrences: \d\d`).MatchString(x.Body)
}

// waitFor waits until the tickets, by the class of their error, are as they should be.
func waitFor(t *testing.T, s *harness.Service, check func(map[string][]harness.Ticket) error) map[string][]harness.Ticket {
	t.Helper()
	var out map[string][]harness.Ticket
	harness.Eventually(t, 60*time.Second, func() error {
		out = map[string][]harness.Ticket{}
		for _, x := range s.Tickets(t) {
			_, title, _ := strings.Cut(x.Title, "] ") // of the service
			name, _, _ := strings.Cut(title, ":")
			out[name] = append(out[name], x)
		}
		return check(out)
	})
	return out
}
