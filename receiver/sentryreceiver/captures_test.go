package sentryreceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// capture is a request that a real SDK sent.
type capture struct {
	name    string
	url     string
	headers map[string]string
	body    []byte
}

// captures finds the recorded requests; the test is skipped where they are not.
func captures(t testing.TB) []capture {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sharedRoot(), "data", "sentry", "*", "*.headers.json"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("NOT TESTED: requests recorded from real SDKs; set CULPRIT_SHARED to the folder that holds data/sentry")
	}
	var out []capture
	for _, file := range files {
		var meta struct {
			URL     string            `json:"url"`
			Headers map[string]string `json:"headers"`
		}
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(b, &meta))
		body, err := os.ReadFile(strings.TrimSuffix(file, ".headers.json") + ".envelope")
		require.NoError(t, err)
		out = append(out, capture{
			name: filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".headers.json"),
			url:  meta.URL, headers: meta.Headers, body: body,
		})
	}
	return out
}

// request builds the request again, compressed as it was.
func (c *capture) request(ctx context.Context, t testing.TB, base string) *http.Request {
	t.Helper()
	body := c.body
	if c.headers["content-encoding"] == "gzip" {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(body)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		body = b.Bytes()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+c.url, bytes.NewReader(body))
	require.NoError(t, err)
	for k, v := range c.headers {
		switch k {
		case "host", "content-length", "connection", "transfer-encoding", "accept-encoding":
			continue
		}
		r.Header.Set(k, v)
	}
	if c.headers["transfer-encoding"] == "chunked" {
		r.ContentLength = -1
	}
	return r
}

// TestCaptures sends every recorded request and looks for everything that matters in what comes out.
func TestCaptures(t *testing.T) {
	all := captures(t)
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			s := startServer(t, nil)
			resp, err := http.DefaultClient.Do(c.request(t.Context(), t, s.url))
			require.NoError(t, err)
			answer, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, http.StatusOK, resp.StatusCode, string(answer))

			assert.Empty(t, s.outcomes(t, invalid), "items that could not be converted")
			out := s.strings()
			for _, item := range c.items(t) {
				v, err := sentryproto.ParseJSON(item.Payload)
				if err != nil {
					continue // an attachment
				}
				assertKept(t, item.Type, v, out)
			}
		})
	}
	t.Logf("%d requests of real SDKs", len(all))
}

func (c *capture) items(t *testing.T) []sentryproto.Item {
	if strings.Contains(c.url, "/store/") {
		return []sentryproto.Item{{Type: "event", Payload: c.body}}
	}
	e, err := sentryproto.ParseEnvelope(c.body, maxItems)
	require.NoError(t, err)
	return e.Items
}

// leftOut are the parts of items that are left out on purpose.
func leftOut(kind, path string) bool {
	for _, p := range []string{".modules", ".sdk", "._meta", ".debug_meta", ".errors", ".type", ".contexts.cloud_resource.type"} {
		if path == p || strings.HasPrefix(path, p+".") || strings.HasPrefix(path, p+"[") {
			return true
		}
	}
	switch {
	case kind == "session", kind == "sessions", kind == "client_report":
		return true // counted
	case strings.HasPrefix(path, ".contexts.otel.resource"), strings.HasSuffix(path, ".type") && kind != "event":
		return true // the SDK's own service.name; types of values
	case strings.HasPrefix(path, ".request.cookies"):
		return true // become one header, see TestRequest
	case strings.HasSuffix(path, "timestamp"), strings.HasSuffix(path, ".status"), strings.HasSuffix(path, ".method"),
		strings.Contains(path, "sentry.sdk.integrations"), strings.HasSuffix(path, ".level"), strings.HasSuffix(path, ".unit"):
		return true // become another type, or are rewritten
	}
	return false
}

// assertKept walks through an item and looks for each text and number in the output.
func assertKept(t *testing.T, kind string, v sentryproto.Value, out map[string]bool) {
	t.Helper()
	var walk func(path string, v sentryproto.Value)
	walk = func(path string, v sentryproto.Value) {
		if leftOut(kind, path) {
			return
		}
		switch v.Kind() {
		case sentryproto.Object:
			for k, m := range v.Members() {
				walk(path+"."+k, m)
			}
		case sentryproto.Array:
			for e := range v.Elements() {
				walk(path+"[]", e)
			}
		case sentryproto.String:
			s := v.Str()
			if s != "" && !out[s] && !out[strings.TrimSpace(s)] && !out["?"+s] {
				t.Errorf("lost of %s: %s: %q", kind, path, s)
			}
		}
	}
	walk("", v)
}
