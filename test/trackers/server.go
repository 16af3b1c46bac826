// Package trackers has a fake server of each tracker that the exporter issue_tracker sends to. They keep to the letter
// of the services' documentation: what a service would refuse they refuse, and remember as a violation. Failures are
// asked for one by one ([Server.Fail]) or by chance ([Server.SetChaos]).
//
// The exporter's own tests use them in-process; the end-to-end tests, and whoever wants to try a configuration without an
// account, run them as a program: go run ./test/trackers/fake.
package trackers

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Credentials that the fakes take.
const (
	Secret       = "s3cr3t-t0ken-0123456789" // tokens and keys without a form of their own
	WriteSecret  = Secret + "-write"         // Rollbar's token for changes
	RoutingKey   = "0123456789abcdef0123456789abcdef"
	BugsnagKey   = "c9d60ae4c7e70c4b6c4ebd3e8056d2b8"
	JiraUser     = "bot@acme.com"
	TrelloKey    = "trellokey"
	AWSKeyID     = "AKID"
	SlackChannel = "C0123456789"
)

// Ticket is what a tracker has of an issue.
type Ticket struct {
	ID, Key, Title, Body, Priority, State string
	Closed                                bool
	Notes                                 []string // comments, replies
	Opens                                 int      // how often its creation was asked for
	Edits                                 int      // of title and body
	Made                                  time.Time
}

// Call is a request that was carried out.
type Call struct {
	Method, URI string
	Header      http.Header
	Body        string
}

// Server is a fake of one service. It knows tickets by the key of their issue.
type Server struct {
	serve func(*request)

	mu         sync.Mutex
	faults     []Fault
	chaos      Chaos
	random     *rand.Rand
	tickets    []*Ticket
	calls      []Call
	denied     int // requests whose credential was refused
	violations []string
}

// services by name.
var services = map[string]func(*request){
	"alertmanager":    alertmanager,
	"bugsnag":         bugsnag,
	"clickup":         clickUp,
	"github":          gitHub,
	"gitlab":          gitLab,
	"gitlab-alerts":   gitLabAlerts,
	"jira-cloud":      jiraCloud,
	"jira-datacenter": jiraDataCenter,
	"jsm":             func(q *request) { opsgenie(q, "/jsm/ops/integration") },
	"opsgenie":        func(q *request) { opsgenie(q, "") },
	"pagerduty":       pagerDuty,
	"rollbar":         rollbar,
	"slack-bot":       slackBot,
	"slack-webhook":   slackWebhook,
	"sns":             sns,
	"trello":          trello,
	"webhook":         webhook,
}

// Names are those of the services.
func Names() []string {
	var out []string
	for name := range services {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// New returns the fake of a service.
func New(name string) *Server {
	serve, ok := services[name]
	if !ok {
		panic("no service " + name)
	}
	return &Server{serve: serve, random: rand.New(rand.NewPCG(1, 2))}
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		return // the sender died within its request: no service carries out a half one
	}
	s.mu.Lock()
	fault := s.nextFault(r)
	s.mu.Unlock()
	if fault != nil {
		fault(w, r, func(w http.ResponseWriter) { s.carryOut(w, r, body) })
		return
	}
	s.carryOut(w, r, body)
}

func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{r.Method, r.URL.RequestURI(), r.Header.Clone(), string(body)})
	q := &request{Server: s, w: w, r: r, body: body}
	q.want(r.Header.Get("User-Agent") != "" && !strings.HasPrefix(r.Header.Get("User-Agent"), "Go-http-client"), "no User-Agent")
	s.serve(q)
	if !q.answered {
		q.reply(http.StatusNotFound, map[string]string{"message": "no such method: " + r.Method + " " + r.URL.Path})
	}
}

// Tickets returns copies.
func (s *Server) Tickets() []Ticket {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Ticket, len(s.tickets))
	for i, t := range s.tickets {
		out[i] = *t
		out[i].Notes = slices.Clone(t.Notes)
	}
	return out
}

// Delete takes a ticket away, as a person may.
func (s *Server) Delete(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tickets {
		if t.ID == id {
			t.ID, t.Key = "deleted", "" // numbers are not used again
		}
	}
}

// Calls returns what was carried out.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Denied is how many requests had a wrong credential.
func (s *Server) Denied() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denied
}

// Violations are the requests that the service's documentation forbids.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Server) byKey(key string) *Ticket {
	return s.find(func(t *Ticket) bool { return t.Key == key })
}

func (s *Server) byID(id string) *Ticket {
	return s.find(func(t *Ticket) bool { return t.ID == id })
}

func (s *Server) find(is func(*Ticket) bool) *Ticket {
	if i := slices.IndexFunc(s.tickets, is); i >= 0 {
		return s.tickets[i]
	}
	return nil
}

// add makes a ticket, whatever there is already.
func (s *Server) add(t Ticket) *Ticket {
	t.ID, t.Opens, t.Made = strconv.Itoa(len(s.tickets)+1), 1, time.Now()
	s.tickets = append(s.tickets, &t)
	return &t
}

// keyed finds the ticket of a key, or makes it.
func (s *Server) keyed(key string) *Ticket {
	t := s.byKey(key)
	if t == nil {
		return s.add(Ticket{Key: key})
	}
	t.Opens++
	return t
}

// visible are the tickets with a label that a search shows by now.
func (s *Server) visible(label string) []*Ticket {
	var out []*Ticket
	for _, t := range s.tickets {
		if "otel-fp-"+t.Key == label && time.Since(t.Made) >= s.chaos.Lag {
			out = append(out, t)
		}
	}
	return out
}

// request is a request that is being carried out; the server is locked.
type request struct {
	*Server
	w        http.ResponseWriter
	r        *http.Request
	body     []byte
	bad      bool // it has a violation
	answered bool
}

func (q *request) want(ok bool, format string, args ...any) {
	if !ok {
		q.bad = true
		q.violations = append(q.violations, q.r.Method+" "+q.r.URL.Path+": "+fmt.Sprintf(format, args...))
	}
}

// decode reads a body that may have known fields only.
func (q *request) decode(v any) {
	q.want(strings.HasPrefix(q.r.Header.Get("Content-Type"), "application/json"), "Content-Type is %q", q.r.Header.Get("Content-Type"))
	d := json.NewDecoder(strings.NewReader(string(q.body)))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	q.want(err == nil && !d.More(), "the body is not as documented: %v: %.300s", err, q.body)
}

// atMost checks the length of a text.
func (q *request) atMost(limit int, what, s string, size func(string) int) {
	q.want(size(s) <= limit, "%s has %d characters, %d are allowed", what, size(s), limit)
}

// oneOf checks a word.
func (q *request) oneOf(what, value string, words ...string) {
	q.want(slices.Contains(words, value), "%s is %q", what, value)
}

// deny answers a request whose credential is wrong; false = it is right.
func (q *request) deny(ok bool, status int, v any) bool {
	if ok {
		return false
	}
	q.denied++
	q.reply(status, v)
	return true
}

// refused answers a request that has a violation.
func (q *request) refused() bool {
	if q.bad {
		q.reply(http.StatusBadRequest, map[string]any{"message": q.violations[len(q.violations)-1]})
	}
	return q.bad
}

func (q *request) reply(status int, v any) {
	q.answered = true
	q.w.Header().Set("Content-Type", "application/json")
	q.w.WriteHeader(status)
	if v != nil && status != http.StatusNoContent {
		_ = json.NewEncoder(q.w).Encode(v)
	}
}

// label finds the key in a list of labels.
func label(labels []string) string {
	for _, l := range labels {
		if key, ok := strings.CutPrefix(l, "otel-fp-"); ok {
			return key
		}
	}
	return ""
}
