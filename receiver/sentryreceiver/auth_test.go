package sentryreceiver

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

const (
	testKey  = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	testID   = "9ec79c33ec9942ab8353589fcb2e04dc"
	envelope = `{"event_id":"` + testID + `"}` + "\n" + `{"type":"event"}` + "\n" + `{"message":"hello","level":"error"}`
)

// post sends a body and returns status and answer.
func post(t testing.TB, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	return do(t, http.MethodPost, url, body, headers...)
}

func do(t testing.TB, method, url, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp, string(b)
}

func TestAuthentication(t *testing.T) {
	s := startServer(t, func(c *Config) { c.Keys = []configopaque.String{testKey, "second"} })
	withDSN := strings.Replace(envelope, `{"event_id"`, `{"dsn":"http://`+testKey+`@localhost/42","event_id"`, 1)
	basic := base64.StdEncoding.EncodeToString([]byte(testKey + ":"))
	f := func(status int, want, path, body string, headers ...string) {
		t.Helper()
		resp, got := post(t, s.url+path, body, headers...)
		assert.Equal(t, status, resp.StatusCode, got)
		assert.Contains(t, got, want)
	}
	ok := `{"id":"` + testID + `"}`
	f(200, ok, "/api/42/envelope/", envelope, "X-Sentry-Auth", "Sentry sentry_version=7, sentry_client=x/1, sentry_key="+testKey)
	f(200, ok, "/api/42/envelope", envelope, "X-Sentry-Auth", "sentry sentry_key="+testKey+",sentry_version=7")
	f(200, ok, "/api/42/envelope/", envelope, "Authorization", "Sentry sentry_key=second, sentry_secret=x")
	f(200, ok, "/api/42/envelope/", envelope, "Authorization", "Basic "+basic)
	f(200, ok, "/api/42/envelope/?sentry_version=7&sentry_key="+testKey+"&sentry_client=sentry.javascript.node%2F11", envelope)
	f(200, ok, "/api/42/envelope/", withDSN)
	f(200, ok, "/api/42/envelope/", withDSN, "X-Sentry-Auth", "Sentry sentry_key="+testKey)
	f(200, ok, "/api/42/envelope/", envelope, "Authorization", "Bearer of-a-proxy", "X-Sentry-Auth", "Sentry sentry_key="+testKey)

	f(403, "missing authorization", "/api/42/envelope/", envelope)
	f(403, "rejected with_reason: ProjectId", "/api/42/envelope/?sentry_key=unknown", envelope)
	f(403, "rejected with_reason: ProjectId", "/api/42/envelope/", strings.Replace(withDSN, testKey, "other", 1))
	f(400, "multiple authentication", "/api/42/envelope/?sentry_key="+testKey, envelope, "X-Sentry-Auth", "Sentry sentry_key="+testKey)
	f(400, "invalid x-sentry-auth", "/api/42/envelope/", envelope, "X-Sentry-Auth", "Sentry sentry_version=7")
	f(400, "mismatch", "/api/42/envelope/", withDSN, "X-Sentry-Auth", "Sentry sentry_key=second")
	f(400, "mismatch", "/api/43/envelope/", withDSN)
	f(400, "invalid project id", "/api/4%202/envelope/", envelope)
	assert.Equal(t, 8, s.logs.LogRecordCount())
}

func TestServiceOfProject(t *testing.T) {
	s := startServer(t, func(c *Config) { c.Projects = map[string]string{"42": "checkout"} })
	post(t, s.url+"/api/42/envelope/?sentry_key=x", envelope)
	post(t, s.url+"/api/43/envelope/?sentry_key=x", envelope)
	var services []string
	for _, ld := range s.logs.AllLogs() {
		v, _ := ld.ResourceLogs().At(0).Resource().Attributes().Get("service.name")
		services = append(services, v.Str())
	}
	assert.Equal(t, []string{"checkout", "sentry-43"}, services)
}
