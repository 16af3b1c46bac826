package target

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
)

// fault is what goes wrong with one request.
type fault func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request))

// fake is a server of one tracker. It knows tickets by the key of their issue.
type fake struct {
	*httptest.Server
	t       *testing.T
	serve   func(f *fake, w http.ResponseWriter, r *http.Request, body []byte)
	mu      sync.Mutex
	faults  []fault
	tickets []*ticket
	calls   []call
}

// ticket is what a tracker has of an issue.
type ticket struct {
	ID, Key, Title, Body, Priority, State string
	Closed                                bool
	Notes                                 []string
	Opens                                 int // how often its creation was asked for
}

type call struct {
	Method, Path string
	Header       http.Header
	Body         string
}

func newFake(t *testing.T, serve func(f *fake, w http.ResponseWriter, r *http.Request, body []byte)) *fake {
	f := &fake{t: t, serve: serve}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	var fail fault
	if len(f.faults) > 0 {
		fail, f.faults = f.faults[0], f.faults[1:]
	}
	f.mu.Unlock()
	serve := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.calls = append(f.calls, call{r.Method, r.URL.RequestURI(), r.Header.Clone(), string(body)})
		f.serve(f, w, r, body)
	}
	if fail != nil {
		fail(w, r, serve)
		return
	}
	serve(w, r)
}

// next makes the next requests go wrong.
func (f *fake) next(faults ...fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = faults
}

func (f *fake) byKey(key string) *ticket {
	for _, t := range f.tickets {
		if t.Key == key {
			return t
		}
	}
	return nil
}

func (f *fake) byID(id string) *ticket {
	for _, t := range f.tickets {
		if t.ID == id {
			return t
		}
	}
	return nil
}

// add makes a ticket, whatever there is already.
func (f *fake) add(t ticket) *ticket {
	t.ID = strconv.Itoa(len(f.tickets) + 1)
	t.Opens = 1
	f.tickets = append(f.tickets, &t)
	return &t
}

// all returns copies of the tickets.
func (f *fake) all() []ticket {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []ticket
	for _, t := range f.tickets {
		out = append(out, *t)
	}
	return out
}

func (f *fake) only() ticket {
	f.t.Helper()
	list := f.all()
	require.Len(f.t, list, 1)
	return list[0]
}

func (f *fake) last() call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[len(f.calls)-1]
}

// answer is a fault: a status without the request being carried out.
func answer(status int, header map[string]string, body string) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter, *http.Request)) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// lost carries the request out and loses the answer.
func lost(_ http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
	serve(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// refused breaks the connection before anything happens.
func refused(http.ResponseWriter, *http.Request, func(http.ResponseWriter, *http.Request)) {
	panic(http.ErrAbortHandler)
}

// half carries the request out and sends half of the answer.
func half(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
	rec := httptest.NewRecorder()
	serve(rec, r)
	w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()+10))
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

// slow carries the request out after the client has given up.
func slow(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
	serve(httptest.NewRecorder(), r)
	select {
	case <-r.Context().Done():
	case <-time.After(3 * time.Second):
	}
	panic(http.ErrAbortHandler)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if v != nil {
		_ = json.NewEncoder(w).Encode(v)
	}
}

// decode reads a body strictly: a request that is no JSON fails the test.
func (f *fake) decode(body []byte, v any) {
	if err := json.Unmarshal(body, v); err != nil {
		f.t.Errorf("no JSON: %v: %s", err, body)
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

// maker is a target's configuration.
type maker = interface {
	Validate() error
	New(Options) (Target, error)
}

func keyOf(id string) string { return card.Key(id) }

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
