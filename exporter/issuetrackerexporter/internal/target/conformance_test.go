package target

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/test/trackers"
)

// subject is a target under test with its server.
type subject struct {
	service string // of package trackers
	make    func(url string) maker
	// messages: each action makes a message of its own, of which nothing is found again.
	messages bool
	// byIssue: it knows the ticket by the ID of the issue, not by our key.
	byIssue bool
	// anew: what is closed stays so, and reopening makes another.
	anew bool
	// noNotes: comments do not show.
	noNotes bool
	// noClose: the service has no closing through this interface.
	noClose bool
	// sdk: a library sends, and names itself as it likes.
	sdk bool
	// noSecret: the configuration has none.
	noSecret bool
	// limited is how the service says that it is asked too often, beside Retry-After.
	limited trackers.Fault
	wait    time.Duration
	// denied is how it refuses a credential; nil = 401.
	denied trackers.Fault
}

// key is what the service knows a ticket by.
func (s *subject) key(c *card.Card) string {
	if s.byIssue {
		return c.Issue.ID
	}
	return c.Key
}

var subjects []subject

func register(s subject) bool { subjects = append(subjects, s); return true }

func (s *subject) start(t *testing.T) (*fake, Target) {
	f := newFake(t, s.service)
	cfg := s.make(f.http.URL)
	require.NoError(t, cfg.Validate())
	target, err := cfg.New(Options{HTTP: &http.Client{Timeout: time.Minute}, Agent: "otelcol-culprit/test", Tracker: "issue_tracker", Version: "1", Limit: rate.New(1000, time.Second)})
	require.NoError(t, err)
	return f, target
}

// newCard makes the card of an action on an issue.
func newCard(action card.Action, id string, count uint64) *card.Card {
	c := card.Example()
	n := issue.Notice{Name: issue.EventOccurrence, Time: c.Time.Add(time.Duration(count) * time.Minute), Issue: c.Issue, Event: c.Event, Reason: "seen in 1.4.0 after it was resolved"}
	n.Issue.ID, n.Issue.Count = id, count
	if action == card.Escalate {
		n.Issue.State = issue.Escalating
	}
	out := card.New(&n, action, issue.Links{Trace: "http://localhost:16686/trace/{trace_id}"})
	out.Tracker, out.Sequence = "issue_tracker", n.Time.String()
	out.Title, out.Text, out.Note = out.DefaultTitle(), card.Text{Doc: out.DefaultText()}, card.Text{Doc: out.DefaultNote()}
	return out
}

func each(t *testing.T, f func(t *testing.T, s *subject)) {
	require.NotEmpty(t, subjects)
	for i := range subjects {
		t.Run(subjects[i].service, func(t *testing.T) { f(t, &subjects[i]) })
	}
}

func TestLifecycle(t *testing.T) {
	each(t, func(t *testing.T, s *subject) {
		ctx := context.Background()
		f, target := s.start(t)
		c := newCard(card.Open, "issue-a", 1)
		if target.Traits().Search {
			_, found, err := target.Find(ctx, c.Key)
			require.NoError(t, err)
			require.False(t, found)
		}
		ref, err := target.Open(ctx, c)
		require.NoError(t, err)
		require.NotEmpty(t, ref.ID)
		if target.Traits().Keyed {
			require.Equal(t, c.Key, ref.ID)
		}
		if !s.sdk {
			assert.Equal(t, "otelcol-culprit/test", f.last().Header.Get("User-Agent"))
		}
		if s.messages {
			for _, a := range []card.Action{card.Update, card.Resolve, card.Reopen} {
				before := len(f.Tickets())
				c := newCard(a, "issue-a", 10)
				switch a {
				case card.Resolve:
					_, err = target.Resolve(ctx, ref, c)
				case card.Reopen:
					_, err = target.Reopen(ctx, ref, c)
				default:
					_, err = target.Comment(ctx, ref, c)
				}
				require.NoError(t, err)
				assert.Len(t, f.Tickets(), before+1)
			}
			return
		}
		one := f.only()
		assert.Contains(t, one.Title+one.Body, "ValueError")
		assert.Equal(t, s.key(c), one.Key)
		if target.Traits().Search {
			found, ok, err := target.Find(ctx, c.Key)
			require.NoError(t, err)
			require.True(t, ok)
			assert.Equal(t, ref.ID, found.ID)
			assert.False(t, found.Closed)
		}
		notes := func(n int) {
			t.Helper()
			if !s.noNotes {
				assert.Len(t, f.only().Notes, n)
			}
		}
		ref, err = target.Comment(ctx, ref, newCard(card.Update, "issue-a", 100))
		require.NoError(t, err)
		notes(1)
		priority := f.only().Priority
		ref, err = target.Comment(ctx, ref, newCard(card.Escalate, "issue-a", 200))
		require.NoError(t, err)
		notes(2)
		if priority != "" {
			assert.NotEqual(t, priority, f.only().Priority, "escalating raises the priority")
		}
		for range 2 { // closing a closed ticket is no error
			ref, err = target.Resolve(ctx, ref, newCard(card.Resolve, "issue-a", 200))
			require.NoError(t, err)
			assert.Equal(t, !s.noClose, f.only().Closed)
		}
		if target.Traits().Search {
			found, ok, err := target.Find(ctx, c.Key)
			require.NoError(t, err)
			require.True(t, ok)
			assert.Equal(t, !s.noClose, found.Closed)
		}
		ref, err = target.Reopen(ctx, ref, newCard(card.Reopen, "issue-a", 201))
		require.NoError(t, err)
		require.NotEmpty(t, ref.ID)
		if s.anew {
			require.Len(t, f.Tickets(), 2)
		} else {
			f.only()
		}
		all := f.Tickets()
		one = all[len(all)-1]
		assert.Equal(t, s.key(c), one.Key)
		assert.False(t, one.Closed)
		if !s.noNotes {
			note := one.Notes[len(one.Notes)-1]
			assert.Contains(t, note, "1.2.3", "the release")
			assert.Contains(t, note, "0102030405060708090a0b0c0d0e0f10", "the trace")
		}
		_, err = target.Open(ctx, newCard(card.Open, "issue-b", 1))
		require.NoError(t, err)
		assert.Len(t, f.Tickets(), len(all)+1, "another issue is another ticket")
	})
}

// An answer that is lost leaves a ticket that is found again, or a creation that can be repeated.
func TestLostAnswers(t *testing.T) {
	for name, fail := range map[string]trackers.Fault{"lost": trackers.Lost, "half": trackers.Half, "slow": trackers.Slow} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *subject) {
				ctx := context.Background()
				f, target := s.start(t)
				c := newCard(card.Open, "issue-a", 1)
				opening, giveUp := context.WithCancel(ctx)
				defer giveUp()
				f.Fail(func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
					fail(w, r, func(w http.ResponseWriter) {
						serve(w)
						if name == "slow" {
							giveUp() // as a timeout does
						}
					})
				})
				_, err := target.Open(opening, c)
				if err != nil { // the head of half an answer may be enough
					e := wire.As(err)
					assert.Equal(t, wire.Later, e.Kind)
					assert.True(t, e.Unsure)
				}
				if s.messages {
					return
				}
				if target.Traits().Search {
					_, found, err := target.Find(ctx, c.Key)
					require.NoError(t, err)
					require.True(t, found)
				} else {
					_, err := target.Open(ctx, c)
					require.NoError(t, err)
				}
				f.only()
			})
		})
	}
}

func TestFailures(t *testing.T) {
	each(t, func(t *testing.T, s *subject) {
		f := func(name string, fail trackers.Fault, kind wire.Kind, wait time.Duration, unsure bool) {
			t.Run(name, func(t *testing.T) {
				server, target := s.start(t)
				server.Fail(fail, fail)
				c := newCard(card.Open, "issue-a", 1)
				began := time.Now()
				_, err := target.Open(context.Background(), c)
				took := time.Since(began)
				require.Error(t, err)
				e := wire.As(err)
				assert.Equal(t, kind, e.Kind, "%v", err)
				assert.Equal(t, unsure, e.Unsure, "%v", err)
				if !s.noSecret {
					assert.NotContains(t, err.Error(), secret)
				}
				if wait > 0 {
					assert.LessOrEqual(t, e.Wait, wait)
					assert.GreaterOrEqual(t, e.Wait+took, wait-time.Second, "a date names whole seconds, and comes nearer while the answer is on its way")
				}
				if wait == 0 && kind == wire.Later {
					server.Fail()
					_, err = target.Open(context.Background(), c)
					require.NoError(t, err)
				}
			})
		}
		soon := map[string]string{"Retry-After": "7"}
		date := map[string]string{"Retry-After": time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat)}
		f("429 seconds", trackers.Answer(429, soon, "slow down "+secret), wire.Limited, 7*time.Second, false)
		f("429 date", trackers.Answer(429, date, ""), wire.Limited, 30*time.Second, false)
		f("503", trackers.Answer(503, soon, ""), wire.Later, 7*time.Second, true)
		f("500", trackers.Answer(500, nil, "<html>"+secret), wire.Later, 0, true)
		f("no answer", trackers.Refused, wire.Later, 0, true)
		f("400", trackers.Answer(400, nil, `{"message":"bad `+secret+`"}`), wire.Refused, 0, false)
		f("redirect", trackers.Answer(302, map[string]string{"Location": "http://localhost/" + secret}, ""), wire.Refused, 0, false)
		denied := s.denied
		if denied == nil {
			denied = trackers.Answer(401, nil, `{"message":"no such key `+secret+`"}`)
		}
		f("credential", denied, wire.Unauthorized, 0, false)
		if s.limited != nil {
			f("own limit", s.limited, wire.Limited, s.wait, false)
		}
	})
}

// A closed port is no doubt: nothing was done.
func TestNoConnection(t *testing.T) {
	each(t, func(t *testing.T, s *subject) {
		f, target := s.start(t)
		f.http.Close()
		_, err := target.Open(context.Background(), newCard(card.Open, "issue-a", 1))
		e := wire.As(err)
		assert.Equal(t, wire.Later, e.Kind)
		assert.False(t, e.Unsure)
		assert.NotContains(t, err.Error(), secret)
	})
}

// Texts of any length and with any character are sent within the service's limits, which its fake checks.
func TestHugeTexts(t *testing.T) {
	each(t, func(t *testing.T, s *subject) {
		_, target := s.start(t)
		c := newCard(card.Open, "issue-a", 1)
		long := make([]byte, 0, 400_000)
		for len(long) < 400_000 {
			long = append(long, "<&>\"`*_ @here 한국어 🚀\n\x00\xff"...)
		}
		c.Issue.Title, c.Event.Exceptions[0].Message = string(long), string(long)
		c.Event.Exceptions[0].Frames[0].Function = string(long)
		c.Event.Tags = map[string]string{"a": string(long)}
		for range 200 {
			c.Event.Breadcrumbs = append(c.Event.Breadcrumbs, issue.Breadcrumb{Message: string(long[:5000])})
		}
		c.Issue.Culprit, c.Issue.Owner, c.Issue.URL = string(long), string(long), "http://localhost/"+string(long[:10])
		c.Title, c.Text, c.Note = c.DefaultTitle(), card.Text{Doc: c.DefaultText()}, card.Text{Doc: c.DefaultNote()}
		ref, err := target.Open(context.Background(), c)
		require.NoError(t, err)
		c.Text.Own, c.Note.Own = string(long), string(long)
		_, err = target.Comment(context.Background(), ref, c)
		require.NoError(t, err)
	})
}
