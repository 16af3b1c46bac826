package sentry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// server takes envelopes by the letter of Sentry's protocol
// (https://develop.sentry.dev/sdk/foundations/transport/envelopes/). trouble answers a request in its place.
type server struct {
	*httptest.Server

	mu       sync.Mutex
	trouble  func(n int, w http.ResponseWriter) (answered bool)
	requests int
	events   map[string]int // accepted, by event ID
	reports  map[string]int // quantity of client reports, by reason
	broken   []string       // what was no envelope
}

func newServer(t *testing.T) *server {
	s := &server{events: map[string]int{}, reports: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// silent is a server that takes everything: for the traces and logs of the same configuration.
func silent(t *testing.T) string {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	return s.URL
}

func (s *server) dsn() string { return strings.Replace(s.URL, "http://", "http://key@", 1) + "/7" }

// on sets what goes wrong from now on; nil = nothing.
func (s *server) on(trouble func(n int, w http.ResponseWriter) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble, s.requests = trouble, 0
}

// counts returns how many events arrived, and how many of them more than once.
func (s *server) counts() (unique, twice int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.events {
		if n > 1 {
			twice++
		}
	}
	return len(s.events), twice
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := harness.ReadBody(r)
	s.mu.Lock()
	s.requests++
	n, trouble := s.requests, s.trouble
	s.mu.Unlock()
	if trouble != nil && trouble(n, w) { // outside the lock: it may be slow
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		err = s.take(r, body)
	}
	if err != nil {
		s.broken = append(s.broken, err.Error())
		http.Error(w, `{"detail":"invalid event envelope"}`, http.StatusBadRequest)
		return
	}
	fmt.Fprint(w, `{}`)
}

func (s *server) take(r *http.Request, body []byte) error {
	if auth := r.Header.Get("X-Sentry-Auth"); r.URL.Path != "/api/7/envelope/" || !strings.Contains(auth, "sentry_key=key") {
		return fmt.Errorf("%s with %q", r.URL.Path, auth)
	}
	line, rest, _ := bytes.Cut(body, []byte("\n"))
	var header struct {
		ID string `json:"event_id"`
	}
	if err := json.Unmarshal(line, &header); err != nil {
		return err
	}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		var item struct {
			Type   string
			Length int
		}
		if err := json.Unmarshal(line, &item); err != nil {
			return err
		}
		if item.Length <= 0 || item.Length > len(rest) {
			return errors.New("the length of an item is wrong")
		}
		payload := rest[:item.Length]
		if rest = rest[item.Length:]; len(rest) > 0 && rest[0] != '\n' {
			return errors.New("no newline behind an item")
		}
		rest = bytes.TrimPrefix(rest, []byte("\n"))
		if err := s.item(item.Type, header.ID, payload); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) item(kind, id string, payload []byte) error {
	switch kind {
	case "event":
		var event struct {
			ID string `json:"event_id"`
		}
		if err := json.Unmarshal(payload, &event); err != nil {
			return err
		}
		if event.ID != id || len(id) != 32 {
			return fmt.Errorf("event %q in the envelope of %q", event.ID, id)
		}
		s.events[id]++
	case "client_report":
		var report struct {
			Discarded []struct {
				Reason   string
				Quantity int
			} `json:"discarded_events"`
		}
		if err := json.Unmarshal(payload, &report); err != nil {
			return err
		}
		for _, d := range report.Discarded {
			s.reports[d.Reason] += d.Quantity
		}
	default:
		return fmt.Errorf("an item of type %q", kind)
	}
	return nil
}
