// Package api is the JSON API of the issue registry; openapi.json, which it serves, is its
// documentation.
package api

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
	"github.com/otel-culprit/culprit/internal/issue"
)

//go:embed openapi.json
var openapi []byte

// Options are the settings of the API. The zero value works.
type Options struct {
	Version string
	// Ping is how often an idle stream says that it is alive; default 15s.
	Ping time.Duration
}

type server struct {
	source issue.Source
	opt    Options
	done   context.Context // ends open streams
}

// Handler returns the API below /api/. Streams end with done.
func Handler(done context.Context, source issue.Source, opt Options) http.Handler {
	if opt.Ping == 0 {
		opt.Ping = 15 * time.Second
	}
	s := &server{source: source, opt: opt, done: done}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/issues", s.list)
	mux.HandleFunc("GET /api/issues/{id}", s.issue)
	mux.HandleFunc("GET /api/issues/{id}/events", s.events)
	mux.HandleFunc("POST /api/issues/{id}/resolve", s.resolve)
	mux.HandleFunc("POST /api/issues/{id}/mute", s.mute)
	mux.HandleFunc("POST /api/issues/{id}/reopen", s.reopen)
	mux.HandleFunc("POST /api/issues/{id}/merge", s.merge)
	mux.HandleFunc("POST /api/issues/{id}/split", s.split)
	mux.HandleFunc("GET /api/services", s.services)
	mux.HandleFunc("GET /api/stream", s.stream)
	mux.HandleFunc("GET /api/healthz", s.healthz)
	mux.HandleFunc("GET /api/openapi.json", s.openapi)
	mux.HandleFunc("/api/", s.unknown)
	return mux
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	q, err := query(r)
	if err != nil {
		fail(w, err)
		return
	}
	page, err := s.source.List(r.Context(), q)
	if err != nil {
		fail(w, err)
		return
	}
	switch format := r.URL.Query().Get("format"); format {
	case "", "json":
		out := listAnswer{Issues: make([]issueAnswer, len(page.Issues)), Next: page.Next, Total: page.Total, States: page.States}
		links := s.source.Links()
		for i := range page.Issues {
			out.Issues[i] = brief(&page.Issues[i], links)
		}
		answer(w, out)
	case "text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		writeTable(w, page, time.Now())
	default:
		fail(w, &issue.InvalidError{Reason: fmt.Sprintf("'format' must be 'json' or 'text', got %q", format)})
	}
}

// query reads the parameters of a list.
func query(r *http.Request) (issue.Query, error) {
	p := r.URL.Query()
	q := issue.Query{Service: p.Get("service"), Sort: issue.Sort(p.Get("sort")), Text: p.Get("text"), After: p.Get("page")}
	if q.Text == "" {
		q.Text = p.Get("q")
	}
	if q.After == "" {
		q.After = p.Get("next")
	}
	for _, v := range p["state"] {
		for s := range strings.SplitSeq(v, ",") {
			switch s = strings.TrimSpace(s); s {
			case "", "all":
			case "open":
				q.States = append(q.States, issue.New, issue.Ongoing, issue.Regressed, issue.Escalating)
			default:
				q.States = append(q.States, issue.State(s))
			}
		}
	}
	if l := p.Get("limit"); l != "" {
		n, err := strconv.Atoi(l)
		if err != nil || n < 1 || n > issue.MaxLimit {
			return q, &issue.InvalidError{Reason: fmt.Sprintf("'limit' must be 1 to %d, got %q", issue.MaxLimit, l)}
		}
		q.Limit = n
	}
	return q, nil
}

func (s *server) issue(w http.ResponseWriter, r *http.Request) {
	i, err := s.source.Get(r.Context(), r.PathValue("id"))
	s.one(w, i, err)
}

func (s *server) one(w http.ResponseWriter, i issue.Issue, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, detail(&i, s.source.Links()))
}

func (s *server) events(w http.ResponseWriter, r *http.Request) {
	i, err := s.source.Get(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	out := eventsAnswer{Events: make([]eventAnswer, 0, len(i.Events))}
	links := s.source.Links()
	for n := len(i.Events) - 1; n >= 0; n-- { // the latest first
		out.Events = append(out.Events, event(i.Events[n], i.ID, links))
	}
	answer(w, out)
}

// actionBody is what posts may say; each action takes some of it.
type actionBody struct {
	Reason          string    `json:"reason"`
	NextRelease     bool      `json:"next_release"`
	Duration        duration  `json:"duration"`
	Until           time.Time `json:"until"`
	Count           uint64    `json:"count"`
	UntilEscalating bool      `json:"until_escalating"`
	IDs             []string  `json:"ids"`
}

// duration is "24h", or a number of seconds.
type duration time.Duration

func (d *duration) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		var n float64
		if json.Unmarshal(b, &n) != nil || n < 0 || n > 1e9 {
			return errDuration
		}
		*d = duration(n * float64(time.Second))
		return nil
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		return errDuration
	}
	*d = duration(v)
	return nil
}

var errDuration = errors.New(`'duration' must be a text like "24h" or a number of seconds`)

// maxBody is enough for 99 IDs and a reason.
const maxBody = 16 << 10

// body reads a post. Only JSON is taken: a form of another site can't send that.
func body(w http.ResponseWriter, r *http.Request) (b actionBody, ok bool) {
	if t := r.Header.Get("Content-Type"); t != "" && !strings.HasPrefix(strings.ToLower(t), "application/json") && r.ContentLength != 0 {
		answerStatus(w, http.StatusUnsupportedMediaType, map[string]string{"error": "send 'Content-Type: application/json', got '" + said(t) + "'"})
		return b, false
	}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil && !errors.Is(err, io.EOF) {
		fail(w, &issue.InvalidError{Reason: "the body must be a JSON object, for example {}: " + strings.TrimPrefix(err.Error(), "json: ")})
		return b, false
	}
	return b, true
}

func (s *server) resolve(w http.ResponseWriter, r *http.Request) {
	b, ok := body(w, r)
	if !ok {
		return
	}
	i, err := s.source.Resolve(r.Context(), r.PathValue("id"), issue.Resolve{NextRelease: b.NextRelease, Reason: b.Reason})
	s.one(w, i, err)
}

func (s *server) mute(w http.ResponseWriter, r *http.Request) {
	b, ok := body(w, r)
	if !ok {
		return
	}
	how := issue.MuteFor{Duration: time.Duration(b.Duration), Count: b.Count, Escalating: b.UntilEscalating, Reason: b.Reason}
	if !b.Until.IsZero() {
		if how.Duration = time.Until(b.Until); how.Duration <= 0 {
			fail(w, &issue.InvalidError{Reason: "'until' must be in the future, got " + b.Until.Format(time.RFC3339)})
			return
		}
	}
	i, err := s.source.Mute(r.Context(), r.PathValue("id"), how)
	s.one(w, i, err)
}

func (s *server) reopen(w http.ResponseWriter, r *http.Request) {
	b, ok := body(w, r)
	if !ok {
		return
	}
	i, err := s.source.Reopen(r.Context(), r.PathValue("id"), b.Reason)
	s.one(w, i, err)
}

func (s *server) merge(w http.ResponseWriter, r *http.Request) {
	b, ok := body(w, r)
	if !ok {
		return
	}
	i, err := s.source.Merge(r.Context(), r.PathValue("id"), b.IDs)
	s.one(w, i, err)
}

func (s *server) split(w http.ResponseWriter, r *http.Request) {
	b, ok := body(w, r)
	if !ok {
		return
	}
	i, err := s.source.Split(r.Context(), r.PathValue("id"), b.IDs)
	s.one(w, i, err)
}

func (s *server) services(w http.ResponseWriter, r *http.Request) {
	list, err := s.source.Services(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	if list == nil {
		list = []issue.ServiceStats{}
	}
	answer(w, map[string]any{"services": list})
}

func (s *server) healthz(w http.ResponseWriter, r *http.Request) {
	page, err := s.source.List(r.Context(), issue.Query{Limit: 1})
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, map[string]any{"status": "ok", "issues": page.Total, "version": s.opt.Version})
}

func (s *server) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openapi)
}

func (s *server) unknown(w http.ResponseWriter, r *http.Request) {
	status, text := http.StatusNotFound, "there is no "+said(r.URL.Path)+"; /api/openapi.json lists what there is"
	if known(r) {
		status, text = http.StatusMethodNotAllowed, r.Method+" is not for "+said(r.URL.Path)+"; /api/openapi.json lists what there is"
	}
	answerStatus(w, status, map[string]string{"error": text})
}

// known tells whether the path exists, with another method.
func known(r *http.Request) bool {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) == 2:
		return strings.Contains(" issues services stream healthz openapi.json ", " "+parts[1]+" ")
	case len(parts) == 3:
		return parts[1] == "issues"
	case len(parts) == 4:
		return parts[1] == "issues" && strings.Contains(" events resolve mute reopen merge split ", " "+parts[3]+" ")
	}
	return false
}

func answer(w http.ResponseWriter, v any) { answerStatus(w, http.StatusOK, v) }

func answerStatus(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // escapes < > &: harmless even where a browser takes it for a page
}

func fail(w http.ResponseWriter, err error) {
	status, text := http.StatusServiceUnavailable, "the issues' store does not answer: "+err.Error()
	var invalid *issue.InvalidError
	switch {
	case errors.Is(err, issue.ErrNotFound):
		status, text = http.StatusNotFound, err.Error()
	case errors.As(err, &invalid):
		status, text = http.StatusBadRequest, invalid.Reason
	}
	answerStatus(w, status, map[string]string{"error": text})
}

// said is the beginning of what a client sent, to be repeated in an answer.
func said(s string) string { return clip.BytesMark(strings.ToValidUTF8(s, ""), 100, "...") }
