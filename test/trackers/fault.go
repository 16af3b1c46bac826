package trackers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong with one request; serve carries the request out.
type Fault func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter))

// Answer is a status, with headers and a body, without the request being carried out.
func Answer(status int, header map[string]string, body string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func(http.ResponseWriter)) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Lost carries the request out and loses the answer.
func Lost(_ http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
	serve(httptest.NewRecorder())
	panic(http.ErrAbortHandler)
}

// Refused breaks the connection before anything happens.
func Refused(http.ResponseWriter, *http.Request, func(http.ResponseWriter)) {
	panic(http.ErrAbortHandler)
}

// Half carries the request out and sends half of the answer.
func Half(w http.ResponseWriter, _ *http.Request, serve func(http.ResponseWriter)) {
	rec := httptest.NewRecorder()
	serve(rec)
	w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()+10))
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

// Slow carries the request out and answers nothing until the client gives up, for at most 3 s.
func Slow(_ http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
	serve(httptest.NewRecorder())
	select {
	case <-r.Context().Done():
	case <-time.After(3 * time.Second):
	}
	panic(http.ErrAbortHandler)
}

// Throttled answers 429 with Retry-After in seconds.
func Throttled(wait time.Duration) Fault {
	return Answer(http.StatusTooManyRequests, map[string]string{"Retry-After": strconv.FormatFloat(wait.Seconds(), 'f', -1, 64)}, "slow down")
}

// ThrottledUntil answers 429 with Retry-After as a date.
func ThrottledUntil(wait time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
		Answer(http.StatusTooManyRequests, map[string]string{"Retry-After": time.Now().Add(wait).UTC().Format(http.TimeFormat)}, "slow down")(w, r, serve)
	}
}

// Chaos is how often what goes wrong, in percent of the requests, and how long searches lag.
type Chaos struct {
	Throttle int // 429, with Retry-After in either form
	Fail     int // 500, 502, 503 before anything happens
	Refuse   int // broken connections before anything happens
	Lose     int // creations that are carried out, without an answer or with half of one
	Slow     int // requests that are carried out and answered too late
	Lag      time.Duration
	Wait     time.Duration // what a 429 asks for; 0 = one second, or a date that is two seconds away
}

// Fail makes the next requests go wrong.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = faults
}

// SetChaos makes requests go wrong by chance, from a fixed seed.
func (s *Server) SetChaos(c Chaos) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chaos = c
}

// nextFault returns what goes wrong with a request; nil = nothing. The server is locked.
func (s *Server) nextFault(r *http.Request) Fault {
	if len(s.faults) > 0 {
		f := s.faults[0]
		s.faults = s.faults[1:]
		return f
	}
	c := &s.chaos
	throttle := []Fault{Throttled(time.Second), ThrottledUntil(2 * time.Second)}
	if c.Wait > 0 {
		throttle = []Fault{Throttled(c.Wait)}
	}
	lose := c.Lose
	if r.Method != http.MethodPost || strings.Contains(r.URL.Path, "search") {
		lose = 0
	}
	for _, x := range []struct {
		percent int
		faults  []Fault
	}{
		{c.Throttle, throttle},
		{c.Fail, []Fault{Answer(500, nil, "<html>oops"), Answer(502, nil, ""), Answer(503, map[string]string{"Retry-After": "1"}, "")}},
		{c.Refuse, []Fault{Refused}},
		{c.Slow, []Fault{Slow}},
		{lose, []Fault{Lost, Half}},
	} {
		if s.random.IntN(100) < x.percent {
			return x.faults[s.random.IntN(len(x.faults))]
		}
	}
	return nil
}
