package issuetrackerexporter

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/test/trackers"
)

// recorder is a server that keeps what it is sent; it answers with status.
type recorder struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	answer string
	bodies []string
}

func newRecorder(t *testing.T) *recorder {
	r := &recorder{status: 200, answer: "ok"}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies = append(r.bodies, string(body))
		w.WriteHeader(r.status)
		_, _ = io.WriteString(w, r.answer)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.bodies...)
}

func (r *recorder) say(status int, answer string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.answer = status, answer
}

// actions are those of the webhook's messages.
func (r *recorder) actions(t *testing.T) []string {
	var out []string
	for _, b := range r.all() {
		var p struct{ CommonAnnotations map[string]string }
		require.NoError(t, json.Unmarshal([]byte(b), &p))
		out = append(out, p.CommonAnnotations["action"])
	}
	return out
}

func slackConfig(r *recorder) map[string]any {
	return fast(map[string]any{"registry": "none", "slack": map[string]any{"webhook_url": r.URL + "/services/T0/B0/secretpath"}})
}

// A burst of 10,000 events of one issue is one message.
func TestBurstIsOneMessage(t *testing.T) {
	r := newRecorder(t)
	e := start(t, slackConfig(r), nopHost)
	var batch []issue.Notice
	for i := range 10_000 {
		n := notice("issue-a", uint64(i+1))
		switch i + 1 {
		case 10, 100, 1000, 10_000:
			n.Name, n.Milestone = issue.EventMilestone, uint64(i+1)
		}
		if batch = append(batch, n); len(batch) == 500 {
			require.NoError(t, e.ConsumeLogs(context.Background(), logs(batch...)))
			batch = nil
		}
	}
	require.NoError(t, e.Shutdown(context.Background()))
	require.Len(t, r.all(), 1)
	assert.Contains(t, r.all()[0], "ValueError")
}

func TestWholeLife(t *testing.T) {
	r := newRecorder(t)
	e := direct(t, fast(map[string]any{"registry": "none", "min_interval": "0s", "webhook": map[string]any{"url": r.URL}}), nopHost)
	now := time.Now()
	send := func(n issue.Notice, want ...string) {
		t.Helper()
		before := len(r.all())
		require.NoError(t, e.push(context.Background(), logs(n)))
		assert.Equal(t, strings.Join(want, " "), strings.Join(r.actions(t)[before:], " "))
	}
	none := []string(nil)
	with := func(n issue.Notice, state issue.State) issue.Notice { n.Issue.State = state; return n }
	send(notice("a", 1), "open")
	send(notice("a", 2), none...)
	send(notice("a", 12), "update") // 10 was reached, not equalled
	send(notice("a", 13), none...)
	send(notice("a", 5000), "update") // 100 and 1000 at once
	send(notice("a", 5001), none...)
	send(with(notice("a", 1_000_000), issue.Muted), none...)
	send(change("a", issue.Ongoing, issue.Muted, now), none...)
	send(change("a", issue.Muted, issue.Escalating, now.Add(time.Second)), "escalate")
	send(change("a", issue.Escalating, issue.Resolved, now.Add(2*time.Second)), "resolve")
	send(change("a", issue.Escalating, issue.Resolved, now.Add(2*time.Second)), none...) // sent again
	send(change("a", issue.Ongoing, issue.Escalating, now), none...)                     // overtaken
	send(with(notice("a", 5002), issue.Ongoing), none...)                                // happened before, comes late
	send(change("a", issue.Resolved, issue.Regressed, now.Add(3*time.Second)), "reopen")
	assert.Contains(t, r.all()[len(r.all())-1], "1.4.0")
	assert.Contains(t, r.all()[len(r.all())-1], "0102030405060708090a0b0c0d0e0f10")
	send(change("b", issue.New, issue.Resolved, now), none...)       // never had a ticket
	send(change("c", issue.Resolved, issue.Regressed, now), "open")  // the first event of an unknown ticket
	send(change("d", issue.Resolved, issue.Escalating, now), "open") //
	send(notice("d", 20), "update")                                  //
	send(with(notice("e", 1), issue.Resolved), none...)              // an old release of an issue resolved in the next one
	send(change("d", issue.Escalating, issue.Ongoing, now), none...) // stale: it has the same time
	send(change("d", issue.Escalating, issue.Ongoing, now.Add(1e9))) // nothing to tell
}

func TestOnResolve(t *testing.T) {
	f := func(value string, want ...string) {
		t.Helper()
		r := newRecorder(t)
		e := direct(t, fast(map[string]any{"registry": "none", "on_resolve": value, "webhook": map[string]any{"url": r.URL}}), nopHost)
		require.NoError(t, e.push(context.Background(), logs(notice("a", 1), change("a", issue.New, issue.Resolved, time.Now()))))
		assert.Equal(t, want, r.actions(t))
	}
	f("resolve", "open", "resolve")
	f("comment", "open", "resolve")
	f("ignore", "open")
}

// Updates that come too soon are told when the interval is over, once, also without a further event.
func TestUpdatesWait(t *testing.T) {
	r := newRecorder(t)
	e := direct(t, fast(map[string]any{"registry": "none", "min_interval": "15m", "webhook": map[string]any{"url": r.URL}}), nopHost)
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), notice("a", 10), notice("a", 100))))
	assert.Equal(t, []string{"open"}, r.actions(t))
	e.tick(context.Background(), time.Now().Add(time.Minute))
	assert.Equal(t, []string{"open"}, r.actions(t))
	// The time is up.
	kept, err := e.tickets.load(context.Background(), "a")
	require.NoError(t, err)
	kept.LastSent = kept.LastSent.Add(-16 * time.Minute)
	require.NoError(t, e.tickets.save(context.Background(), "a", kept))
	e.tick(context.Background(), time.Now().Add(16*time.Minute))
	assert.Equal(t, []string{"open", "update"}, r.actions(t))
	assert.Contains(t, r.all()[1], `"occurrences":"100"`)
}

// What was held back, and what was lost with a queue in memory, is told after a restart without a further event.
func TestRestartTellsWhatWasHeld(t *testing.T) {
	r := newRecorder(t)
	registry := newRegistry(t, memory.New(), "one")
	ctx := context.Background()
	for n := range 12 {
		registry.occurs("issue-a", n)
	}
	registry.seed("issue-b")
	registry.seed("issue-c")
	raw := fast(map[string]any{"min_interval": "1h", "webhook": map[string]any{"url": r.URL}})
	before := direct(t, raw, host{registry})
	require.NoError(t, before.push(ctx, logs(notice("issue-a", 1), notice("issue-b", 1), notice("issue-c", 1), notice("issue-a", 12))))
	assert.Equal(t, []string{"open", "open", "open"}, r.actions(t), "the update waits")
	require.NoError(t, before.shutdown(ctx))
	_, err := registry.Resolve(ctx, "issue-b", issue.Resolve{})
	require.NoError(t, err)
	kept, _, err := registry.Ticket(ctx, "issue_tracker", "issue-a")
	require.NoError(t, err)
	kept.LastSent = kept.LastSent.Add(-2 * time.Hour)
	require.NoError(t, registry.SetTicket(ctx, "issue_tracker", "issue-a", kept))
	direct(t, raw, host{registry})
	require.Eventually(t, func() bool { return len(r.all()) >= 5 }, time.Minute, 10*time.Millisecond)
	assert.ElementsMatch(t, []string{"update", "resolve"}, r.actions(t)[3:])
}

func TestRules(t *testing.T) {
	f := func(rules []any, n issue.Notice, want bool) {
		t.Helper()
		r := newRecorder(t)
		e := direct(t, fast(map[string]any{"registry": "none", "rules": rules, "webhook": map[string]any{"url": r.URL}}), nopHost)
		require.NoError(t, e.push(context.Background(), logs(n)))
		assert.Equal(t, want, len(r.all()) == 1)
	}
	match := func(kv ...any) any {
		m := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return map[string]any{"match": m}
	}
	skip := func(kv ...any) any {
		r := match(kv...).(map[string]any)
		r["action"] = "skip"
		return r
	}
	n := notice("a", 1)
	n.Issue.Owner, n.Event.Tags = "team-pay", map[string]string{"http.route": "/pay/now"}
	regressed := n
	regressed.Issue.State = issue.Regressed
	production := []any{match("state", "regressed", "environment", []any{"production", "prod"})}
	f(production, n, false)
	f(production, regressed, true)
	f([]any{match("service", "bill*")}, n, true)
	f([]any{match("service", "shop")}, n, false)
	f([]any{match("tags", map[string]any{"http.route": "/pay/*"})}, n, true)
	f([]any{match("tags", map[string]any{"http.route": "/cart"})}, n, false)
	f([]any{match("owner", "team-*", "level", []any{"error", "fatal"})}, n, true)
	f([]any{match("level", "fatal")}, n, false)
	f([]any{skip("service", "shop")}, n, true)
	f([]any{skip("service", "billing")}, n, false)
	f([]any{skip("service", "billing"), match()}, n, false)
	f([]any{match("service", "billing"), skip()}, n, true)
}

// A wrong credential is reported once, whatever number of events wait for it, and so is its end.
func TestWrongCredential(t *testing.T) {
	r := newRecorder(t)
	r.say(403, "invalid_token")
	h := &statusHost{}
	e := direct(t, slackConfig(r), h)
	for range 5 {
		require.Error(t, e.push(context.Background(), logs(notice("a", 1), notice("b", 1), notice("c", 1))))
	}
	assert.Len(t, r.all(), 1, "a closed door is not knocked at")
	require.Len(t, h.events, 1)
	assert.Equal(t, componentstatus.StatusRecoverableError, h.events[0].Status())
	assert.NotContains(t, h.events[0].Err().Error(), "secretpath")
}

type statusHost struct{ events []*componentstatus.Event }

func (h *statusHost) GetExtensions() map[component.ID]component.Component { return nil }
func (h *statusHost) Report(e *componentstatus.Event)                     { h.events = append(h.events, e) }

// What is refused for good does not keep the rest of its batch, and what has to wait comes back alone.
func TestPartialFailure(t *testing.T) {
	j := newBadJira(t, trackers.Chaos{})
	e := direct(t, fast(map[string]any{"registry": "none", "jira": j.config()}), nopHost)
	down := trackers.Answer(http.StatusServiceUnavailable, nil, "")
	j.Fail(down, down, down) // then the batch is given up
	err := e.push(context.Background(), logs(notice("a", 1), notice("b", 1), notice("c", 1), notice("d", 1)))
	require.Error(t, err)
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), notice("b", 1))))
	assert.Len(t, j.tickets(), 2)
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), notice("b", 1), notice("c", 1))))
	assert.Len(t, j.tickets(), 3)
}

// Quiet hours hold issues back, also over a restart, but for the worst.
func TestQuietHours(t *testing.T) {
	r := newRecorder(t)
	store := memory.New()
	registry := newRegistry(t, store, "one")
	registry.seed("issue-a")
	today := strings.ToLower(time.Now().UTC().Format("Mon"))
	tomorrow := strings.ToLower(time.Now().UTC().Add(24 * time.Hour).Format("Mon"))
	raw := fast(map[string]any{"webhook": map[string]any{"url": r.URL}, "quiet_hours": map[string]any{"days": []any{today, tomorrow}}})
	e := direct(t, raw, host{registry})
	require.NoError(t, e.push(context.Background(), logs(notice("issue-a", 1))))
	assert.Empty(t, r.all())
	fatal := notice("issue-b", 1)
	fatal.Issue.Level = "fatal"
	require.NoError(t, e.push(context.Background(), logs(fatal)))
	assert.Len(t, r.all(), 1)
	require.NoError(t, e.shutdown(context.Background()))
	again := direct(t, raw, host{registry})
	again.policy.quiet = nil // the hours are over
	require.Eventually(t, func() bool { return len(r.all()) == 2 }, time.Minute, 10*time.Millisecond)
	assert.Contains(t, r.all()[1], "bad issue-a")
}

func TestDigest(t *testing.T) {
	r := newRecorder(t)
	raw := slackConfig(r)
	raw["digest"] = map[string]any{"every": "1h"}
	e := direct(t, raw, nopHost)
	fatal := notice("f", 1)
	fatal.Issue.Level = "fatal"
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), notice("b", 1), notice("a", 2), fatal, notice("c", 1), change("c", issue.New, issue.Muted, time.Now()))))
	require.Len(t, r.all(), 1, "the fatal one at once")
	e.tick(context.Background(), time.Now())
	e.tick(context.Background(), time.Now().Add(time.Hour))
	require.Len(t, r.all(), 2)
	assert.Contains(t, r.all()[1], "2 issues")
	e.tick(context.Background(), time.Now().Add(3*time.Hour))
	require.Len(t, r.all(), 2, "nothing new, nothing sent")
	kept, err := e.tickets.load(context.Background(), "a")
	require.NoError(t, err)
	assert.Equal(t, statusOpen, kept.Status)
}

func TestDryRun(t *testing.T) {
	r := newRecorder(t)
	raw := slackConfig(r)
	raw["dry_run"] = true
	e := direct(t, raw, nopHost)
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), change("a", issue.New, issue.Resolved, time.Now()))))
	assert.Empty(t, r.all())
}

// Alerts end when they are not repeated.
func TestRefresh(t *testing.T) {
	r := newRecorder(t)
	e := direct(t, fast(map[string]any{"registry": "none", "alertmanager": map[string]any{"url": r.URL}}), nopHost)
	require.NoError(t, e.push(context.Background(), logs(notice("a", 1), notice("b", 1))))
	e.refresh.next = time.Time{}
	e.sendRefresh(context.Background(), time.Now())
	require.Len(t, r.all(), 3)
	assert.Equal(t, 2, strings.Count(r.all()[2], `"labels"`))
	require.NoError(t, e.push(context.Background(), logs(change("a", issue.New, issue.Resolved, time.Now()))))
	e.sendRefresh(context.Background(), time.Now().Add(time.Hour))
	assert.Equal(t, 1, strings.Count(r.all()[4], `"labels"`))
}
