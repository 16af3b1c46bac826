package harness

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// RecordID is the attribute that tells records apart, an integer.
const RecordID = "record.number"

// Sink is an OTLP/HTTP backend that remembers which log records it has acknowledged, and fails as it is told.
type Sink struct {
	URL string

	planted []string // values that nobody may find

	mu       sync.Mutex // protects what follows
	server   *http.Server
	manner   Manner
	times    map[int64]int // how often a record was acknowledged
	byName   map[string]int
	refused  int
	leaked   []string
	problems []string
}

// Manner is how a [Sink] answers.
type Manner struct {
	Status     int           // 0 = 200, and the records count
	RetryAfter string        // header of a refusal
	Delay      time.Duration // before the answer
}

// StartSink starts one that looks for planted values in all it gets.
func StartSink(t testing.TB, planted ...string) *Sink {
	t.Helper()
	s := &Sink{URL: "http://" + Address(t), planted: planted, times: map[int64]int{}, byName: map[string]int{}}
	s.Open(t)
	t.Cleanup(s.Away)
	return s
}

// Open listens, again after Away.
func (s *Sink) Open(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return
	}
	listener, err := net.Listen("tcp", strings.TrimPrefix(s.URL, "http://"))
	require.NoError(t, err)
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	go func(server *http.Server) { _ = server.Serve(listener) }(s.server)
}

// Away stops listening and cuts all connections, as a backend that is restarted.
func (s *Sink) Away() {
	s.mu.Lock()
	server := s.server
	s.server = nil
	s.mu.Unlock()
	if server != nil {
		_ = server.Close()
	}
}

// Answer sets how it answers from now on.
func (s *Sink) Answer(m Manner) {
	s.mu.Lock()
	s.manner = m
	s.mu.Unlock()
}

func (s *Sink) serve(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // cut off: the sender was killed, or this backend goes away
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	body, err := ReadBody(r)
	s.mu.Lock()
	manner := s.manner
	s.mu.Unlock()
	if manner.Delay > 0 {
		select {
		case <-time.After(manner.Delay):
		case <-r.Context().Done():
			return
		}
	}
	if manner.Status != 0 {
		s.mu.Lock()
		s.refused++
		s.mu.Unlock()
		if manner.RetryAfter != "" {
			w.Header().Set("Retry-After", manner.RetryAfter)
		}
		w.WriteHeader(manner.Status)
		return
	}
	if err == nil {
		err = s.take(r.URL.Path, body)
	}
	if err != nil {
		s.mu.Lock()
		s.problems = append(s.problems, err.Error())
		s.mu.Unlock()
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(http.StatusOK)
}

// ReadBody reads the body of a request that an exporter sent, plain or compressed with gzip.
func ReadBody(r *http.Request) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(r.Body)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// take counts the records of a request; of other signals than logs it only searches the bytes.
func (s *Sink) take(path string, body []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, found := range Contains(string(body), s.planted) {
		s.leaked = append(s.leaked, found+" in "+path)
	}
	if path != "/v1/logs" {
		return nil
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, rl := range request.Logs().ResourceLogs().All() {
		name := ""
		if service, ok := rl.Resource().Attributes().Get("service.name"); ok {
			name = service.AsString()
		}
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				s.byName[name]++
				if id, ok := lr.Attributes().Get(RecordID); ok {
					s.times[id.Int()]++
				}
			}
		}
	}
	return nil
}

// Seen tells how many different records it has acknowledged, and how many of their copies.
func (s *Sink) Seen() (records, copies int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.times {
		copies += n - 1
	}
	return len(s.times), copies
}

// Has tells whether it has acknowledged a record.
func (s *Sink) Has(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.times[id] > 0
}

// Missing returns which of the records 0..n-1 it has not got, at most ten of them.
func (s *Sink) Missing(n int64) (missing []int64, count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range n {
		if s.times[i] == 0 {
			if count++; count <= 10 {
				missing = append(missing, i)
			}
		}
	}
	return missing, count
}

// OfService is how many records of a service it has got, copies included.
func (s *Sink) OfService(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byName[name]
}

// Refused is how many requests it has refused.
func (s *Sink) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Leaked is what it found of the planted values.
func (s *Sink) Leaked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.leaked
}

// Problems is what it could not read.
func (s *Sink) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.problems
}
