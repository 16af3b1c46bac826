package full

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// request is what a backend got; Body is unpacked, Raw is not.
type request struct {
	*http.Request
	Body, Raw []byte

	status int
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// recorder is a backend that remembers every request.
type recorder struct {
	URL string

	t   testing.TB
	mu  sync.Mutex // protects all; answers one request after the other
	all []request
}

// record starts a backend that answers as it is told. When the test ends nothing personal may be in any request.
func record(t testing.TB, answer func(w http.ResponseWriter, r request)) *recorder {
	t.Helper()
	r := &recorder{t: t}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		raw, err := io.ReadAll(req.Body)
		if !assert.NoError(t, err) {
			return
		}
		body := raw
		if req.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if !assert.NoError(t, err) {
				return
			}
			body, err = io.ReadAll(z)
			assert.NoError(t, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		got, status := request{Request: req, Body: body, Raw: raw}, &statusWriter{ResponseWriter: w, status: http.StatusOK}
		answer(status, got)
		got.status = status.status
		r.all = append(r.all, got)
	}))
	t.Cleanup(s.Close)
	t.Cleanup(r.nothingPersonal)
	r.URL = s.URL
	return r
}

// requests returns those of a path that were taken.
func (r *recorder) requests(path string) (out []request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.all {
		if q.URL.Path == path && q.status < 300 {
			out = append(out, q)
		}
	}
	return out
}

// refused is how many were not taken.
func (r *recorder) refused() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.all {
		if q.status >= 300 {
			n++
		}
	}
	return n
}

func (r *recorder) nothingPersonal() {
	r.mu.Lock()
	defer r.mu.Unlock()
	require.NotEmpty(r.t, r.all, "the backend got nothing")
	for _, q := range r.all {
		var text strings.Builder
		text.WriteString(q.URL.String())
		_ = q.Header.Write(&text)
		text.Write(q.Body)
		assert.Empty(r.t, harness.Contains(text.String(), personal), "%s has personal data", q.URL.Path)
	}
}
