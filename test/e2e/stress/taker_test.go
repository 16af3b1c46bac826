package stress

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// taker is a backend for every protocol: it takes all and keeps it as text, decompressed.
type taker struct {
	*httptest.Server        // what is posted below /name/
	grpc             string // host:port

	mu  sync.Mutex // protects got
	got map[string]*strings.Builder
}

func startTaker(t *testing.T) *taker {
	t.Helper()
	k := &taker{grpc: harness.Address(t), got: map[string]*strings.Builder{}}
	k.Server = httptest.NewServer(http.HandlerFunc(k.take))
	t.Cleanup(k.Close)
	l, err := net.Listen("tcp", k.grpc)
	require.NoError(t, err)
	server := grpc.NewServer(grpc.ForceServerCodecV2(asIs{}), grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		var body []byte
		if err := stream.RecvMsg(&body); err != nil {
			return err
		}
		k.keep("grpc", string(body))
		return stream.SendMsg([]byte{})
	}))
	go func() { _ = server.Serve(l) }()
	t.Cleanup(server.Stop)
	return k
}

func (k *taker) take(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet { // Sentry's API: one project and its key
		fmt.Fprintf(w, `[{"id":"1","slug":"shop","name":"shop","team":{"slug":"team"},"teams":[{"slug":"team"}],"projectId":1,"isActive":true,"public":"key","dsn":{"public":"http://key@%s/1"}}]`, r.Host)
		return
	}
	body, err := harness.ReadBody(r)
	if err != nil {
		k.keep("problems", r.URL.Path+": "+err.Error())
	}
	if r.Header.Get("Content-Encoding") == "snappy" || r.URL.Path == "/loki/api/v1/push" { // as both push APIs want it
		if plain, err := s2.Decode(nil, body); err == nil {
			body = plain
		} else {
			k.keep("problems", r.URL.Path+": "+err.Error())
		}
	}
	if strings.HasPrefix(r.URL.Path, "/api/1/integration/") {
		name = "sentry" // contrib's exporter; /api/1/envelope is that of sentry_issue
	}
	k.keep(name, r.URL.String()+"\n"+string(body)+"\n")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, `{}`)
}

func (k *taker) keep(name, text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.got[name] == nil {
		k.got[name] = &strings.Builder{}
	}
	k.got[name].WriteString(text)
}

// Got is everything that came under a name.
func (k *taker) Got(name string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.got[name] == nil {
		return ""
	}
	return k.got[name].String()
}

// values are the values of a bbolt file, those that the registry keeps compressed as text, too; and how many of these there are.
func values(t *testing.T, path string) (text string, compressed int) {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: 10 * time.Second})
	require.NoError(t, err)
	defer db.Close()
	var out strings.Builder
	var walk func(b *bolt.Bucket) error
	walk = func(b *bolt.Bucket) error {
		return b.ForEach(func(k, v []byte) error {
			if v == nil {
				return walk(b.Bucket(k))
			}
			out.Write(k)
			out.Write(v)
			for at := range min(24, len(v)) { // behind a version, a form, a time
				if n, err := s2.DecodedLen(v[at:]); err != nil || n <= len(v) || n > 1<<24 {
					continue
				}
				if plain, err := s2.Decode(nil, v[at:]); err == nil {
					out.Write(plain)
					compressed++
					break
				}
			}
			return nil
		})
	}
	require.NoError(t, db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error { return walk(b) })
	}))
	return out.String(), compressed
}

// watch reads the API's stream of changes until the test ends, and returns what has come so far.
func watch(t *testing.T, url string) func() string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	path := filepath.Join(t.TempDir(), "stream")
	f, err := os.Create(path)
	require.NoError(t, err)
	go func() {
		defer resp.Body.Close()
		defer f.Close()
		_, _ = io.Copy(f, resp.Body)
	}()
	return func() string {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
}
