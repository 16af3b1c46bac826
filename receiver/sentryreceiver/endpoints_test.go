package sentryreceiver

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func compress(t testing.TB, encoding, body string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "br":
		w = brotli.NewWriterLevel(&b, brotli.BestSpeed)
	case "zstd":
		z, err := zstd.NewWriter(&b)
		require.NoError(t, err)
		w = z
	default:
		return body
	}
	_, err := w.Write([]byte(body))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestEncodings(t *testing.T) {
	s := startServer(t, nil)
	for i := range 3 { // decoders are used again
		for _, encoding := range []string{"gzip", "x-gzip", "deflate", "br", "zstd", "identity", ""} {
			resp, got := post(t, s.url+"/api/42/envelope/?sentry_key=k", compress(t, encoding, envelope), "Content-Encoding", encoding)
			assert.Equal(t, 200, resp.StatusCode, "%s %s %d", encoding, got, i)
		}
	}
	assert.Equal(t, 21, s.logs.LogRecordCount())
	resp, got := post(t, s.url+"/api/42/envelope/?sentry_key=k", envelope, "Content-Encoding", "rot13")
	assert.Equal(t, http.StatusUnsupportedMediaType, resp.StatusCode)
	assert.Contains(t, got, "unsupported Content-Encoding: rot13")
	resp, _ = post(t, s.url+"/api/42/envelope/?sentry_key=k", "no gzip", "Content-Encoding", "gzip")
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	resp, _ = post(t, s.url+"/api/42/envelope/?sentry_key=k", compress(t, "gzip", envelope)[:40], "Content-Encoding", "gzip")
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
}

func TestFramings(t *testing.T) {
	event := `{"message":"hello"}`
	f := func(status int, records int, body string) {
		t.Helper()
		s := startServer(t, nil)
		resp, got := post(t, s.url+"/api/42/envelope/?sentry_key=k", body)
		assert.Equal(t, status, resp.StatusCode, got)
		assert.Equal(t, records, s.logs.LogRecordCount())
		require.NoError(t, s.stop())
	}
	f(200, 1, "{}\n{\"type\":\"event\"}\n"+event)
	f(200, 1, "{}\n{\"type\":\"event\"}\n"+event+"\n")
	f(200, 1, "{}\n{\"type\":\"event\",\"length\":19}\n"+event+"\n")
	f(200, 1, "{}\n{\"type\":\"event\",\"length\":19}\n"+event)
	f(200, 1, "{}\n{\"type\":\"attachment\",\"length\":3}\n\n\r\n\n{\"type\":\"event\"}\n"+event)
	f(200, 0, "{}")
	f(200, 0, "{}\n")
	f(200, 0, "{}\n{\"type\":\"of tomorrow\"}\n\x00\xff")
	f(200, 0, "{}\n{\"type\":\"event\"}")                                   // an empty payload: counted as invalid
	f(200, 1, "{}\n{\"type\":\"event\"}\n{\"message\":NaN,\"level\":null}") // as old SDKs write it
	f(400, 0, "")
	f(400, 0, "[]\n{\"type\":\"event\"}\n"+event)
	f(400, 0, "{}\n{\"type\":\"event\",\"length\":18}\n"+event)
	f(400, 0, "{}\n{\"type\":\"event\",\"length\":20}\n"+event)
	f(400, 0, "{}\n{\"type\":\"event\",\"length\":-1}\n"+event)
	f(400, 0, "{}\n{\"length\":19}\n"+event)
	f(400, 0, "{}\n"+strings.Repeat("{\"type\":\"x\"}\n\n", maxItems+1))
}

func TestStore(t *testing.T) {
	event := `{"event_id":"9ec79c33-ec99-42ab-8353-589fcb2e04dc","message":"hello"}`
	packed := base64.StdEncoding.EncodeToString([]byte(compress(t, "deflate", event)))
	s := startServer(t, nil)
	for _, body := range []string{event, packed, base64.StdEncoding.EncodeToString([]byte(event))} {
		for _, path := range []string{"/api/42/store/", "/api/42/store", "/api/store/"} {
			resp, got := post(t, s.url+path+"?sentry_key=k", body)
			assert.Equal(t, 200, resp.StatusCode)
			assert.Equal(t, `{"id":"9ec79c33ec9942ab8353589fcb2e04dc"}`, got)
		}
	}
	resp, _ := post(t, s.url+"/api/42/store/?sentry_key=k", envelope, "Content-Type", "application/x-sentry-envelope")
	assert.Equal(t, 200, resp.StatusCode)
	resp, got := do(t, http.MethodGet, s.url+"/api/42/store/?sentry_key=k&sentry_data="+url.QueryEscape(packed), "")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, "image/gif", resp.Header.Get("Content-Type"))
	assert.Equal(t, pixel, got)
	assert.Equal(t, 11, s.logs.LogRecordCount())

	for _, body := range []string{"", "[1]", "{", "!", "aGVsbG8="} {
		resp, _ := post(t, s.url+"/api/42/store/?sentry_key=k", body)
		assert.Equal(t, 400, resp.StatusCode, body)
	}
	resp, _ = post(t, s.url+"/api/42/store/", event)
	assert.Equal(t, 403, resp.StatusCode)
}

func TestCron(t *testing.T) {
	s := startServer(t, nil)
	for _, r := range []struct{ method, path, body string }{
		{"GET", "/api/42/cron/nightly/" + testKey + "/?status=ok&duration=1.5", ""},
		{"POST", "/api/42/cron/nightly?sentry_key=k&status=error&environment=prod", `{"monitor_config":{"schedule":{"type":"crontab","value":"0 3 * * *"}}}`},
	} {
		resp, got := do(t, r.method, s.url+r.path, r.body)
		assert.Equal(t, 200, resp.StatusCode, got)
	}
	require.Len(t, s.logs.AllLogs(), 2)
	ok := s.logs.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	failed := s.logs.AllLogs()[1].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "check-in of nightly: ok", ok.Body().Str())
	assert.Equal(t, "error", failed.SeverityText())
	config, _ := failed.Attributes().Get("sentry.check_in.monitor_config")
	assert.Equal(t, map[string]any{"schedule": map[string]any{"type": "crontab", "value": "0 3 * * *"}}, config.Map().AsRaw())
	resp, _ := do(t, "GET", s.url+"/api/42/cron/nightly?sentry_key=k", "")
	assert.Equal(t, 400, resp.StatusCode)
	resp, _ = do(t, "GET", s.url+"/api/42/cron/nightly?status=ok", "")
	assert.Equal(t, 403, resp.StatusCode)
}

func TestRefusedPolitely(t *testing.T) {
	s := startServer(t, nil)
	for path, status := range map[string]int{
		"/api/42/security/?sentry_key=k": 403, "/api/42/minidump/": 403, "/api/42/nel/": 403, "/api/42/unreal/k/": 403,
		"/api/42/integration/otlp/v1/traces": 403, "/api/42/unheard/": 404, "/": 404, "/api/": 404, "/api/42": 404,
	} {
		resp, got := post(t, s.url+path, "x")
		assert.Equal(t, status, resp.StatusCode, path)
		assert.Contains(t, got, `{"detail":"`)
		assert.NotEmpty(t, resp.Header.Get("X-Sentry-Error"))
	}
	resp, _ := do(t, http.MethodPut, s.url+"/api/42/envelope/", "")
	assert.Equal(t, 405, resp.StatusCode)
	assert.Equal(t, "POST", resp.Header.Get("Allow"))
}

// Browsers ask first when they send a header, and read rate limits only when they may.
func TestBrowser(t *testing.T) {
	s := startServer(t, nil)
	resp, _ := do(t, http.MethodOptions, s.url+"/api/42/envelope/", "", "Origin", "https://shop.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-sentry-auth")
	assert.Equal(t, 204, resp.StatusCode)
	assert.Equal(t, "*", resp.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "x-sentry-auth", strings.ToLower(resp.Header.Get("Access-Control-Allow-Headers")))
	resp, _ = post(t, s.url+"/api/42/envelope/?sentry_key=k", envelope, "Origin", "https://shop.example", "Content-Type", "text/plain;charset=UTF-8")
	assert.Equal(t, 200, resp.StatusCode)
	assert.Contains(t, resp.Header.Get("Access-Control-Expose-Headers"), "X-Sentry-Rate-Limits")
}

func TestTooLarge(t *testing.T) {
	s := startServer(t, func(c *Config) { c.HTTP.MaxRequestBodySize = 4 << 20 })
	f := func(want, body string, headers ...string) {
		t.Helper()
		resp, got := post(t, s.url+"/api/42/envelope/?sentry_key=k", body, headers...)
		assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode, got)
		assert.Contains(t, got, want)
		assert.Zero(t, s.shared.memory.used.Load(), "memory is given back")
	}
	f("size limits for type 'event' (https://develop.sentry.dev/sdk/envelopes/#size-limits)",
		"{}\n{\"type\":\"event\"}\n{\"message\":\""+strings.Repeat("x", 1<<20)+"\"}")
	f("more than 4194304 bytes", "{}\n"+strings.Repeat(" ", 4<<20))
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd"} { // 64 MiB in a few KiB
		f("more than 4194304 bytes", bomb(t, encoding), "Content-Encoding", encoding)
	}
	assert.Zero(t, s.logs.LogRecordCount())
	resp, _ := post(t, s.url+"/api/42/store/?sentry_key=k", base64.StdEncoding.EncodeToString([]byte(bomb(t, "deflate"))))
	assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
}

func bomb(t testing.TB, encoding string) string {
	t.Helper()
	return compress(t, encoding, `{}`+"\n"+`{"type":"event"}`+"\n"+`{"message":"`+strings.Repeat("0", 64<<20)+`"}`)
}
