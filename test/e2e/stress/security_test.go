package stress

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// certificate makes one for this machine, which is its own authority.
func certificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	require.NoError(t, os.WriteFile(certFile, text, 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
	pool = x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(text))
	return certFile, keyFile, pool
}

// guarded is a collector with TLS, authentication and secrets.
type guarded struct {
	*harness.Collector
	env           map[string]string
	secrets       []string
	beats, zpages string
	pprof         string
	pool          *x509.CertPool
}

func startGuarded(t *testing.T) *guarded {
	t.Helper()
	cert, key, pool := certificate(t)
	g := &guarded{beats: harness.Address(t), zpages: harness.Address(t), pprof: harness.Address(t), pool: pool}
	g.env = map[string]string{
		"CERT": cert, "KEY": key, "BEATS_ENDPOINT": g.beats, "ZPAGES_ENDPOINT": g.zpages, "PPROF_ENDPOINT": g.pprof, "SINK": harness.StartSink(t).URL,
	}
	for _, name := range []string{"TOKEN", "PASSWORD", "KEY", "HASH", "HEADER", "DSN", "JIRA", "SLACK", "HOOK"} {
		secret := "verysecret" + strings.ToLower(name) + "0123456789"
		g.env["SECRET_"+name] = secret
		g.secrets = append(g.secrets, secret)
	}
	g.env["PASSWORDS"] = filepath.Join(t.TempDir(), "htpasswd")
	require.NoError(t, os.WriteFile(g.env["PASSWORDS"], []byte("page:"+g.secret("PASSWORD")+"\n"), 0o600))
	g.Collector = harness.StartCollector(t, harness.Testdata(t, "security.yaml"), g.env)
	return g
}

func (g *guarded) secret(name string) string { return g.env["SECRET_"+name] }

// status asks over TLS and returns the status of the answer.
func (g *guarded) status(t *testing.T, method, url, authorization, body string) int {
	t.Helper()
	r, err := http.NewRequest(method, strings.Replace(url, "http://", "https://", 1), strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: g.pool}, DisableKeepAlives: true}, Timeout: 20 * time.Second}
	resp, err := client.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	assert.Empty(t, harness.Contains(string(text), g.secrets))
	return resp.StatusCode
}

// TestTLSAndAuth: on each listener only who has the certificate's authority and the right password is served.
func TestTLSAndAuth(t *testing.T) {
	g := startGuarded(t)
	basic := func(password string) string {
		r, _ := http.NewRequest(http.MethodGet, "/", nil)
		r.SetBasicAuth("page", password)
		return r.Header.Get("Authorization")
	}
	sentry := "http://" + g.Sentry + "/api/1/envelope/?sentry_key="
	const event = "{}\n{\"type\":\"event\"}\n{\"message\":\"boom\"}\n"
	f := func(want int, method, url, authorization, body string) {
		t.Helper()
		assert.Equal(t, want, g.status(t, method, url, authorization, body), url)
	}
	for _, path := range []string{"/", "/api/issues", "/api/stream", "/issues/0000000000000000"} {
		f(401, http.MethodGet, g.Issues+path, "", "")
		f(401, http.MethodGet, g.Issues+path, basic("wrong"), "")
	}
	f(401, http.MethodPost, g.Issues+"/api/issues/0000000000000000/resolve", "", "{}")
	f(200, http.MethodGet, g.Issues+"/", basic(g.secret("PASSWORD")), "")
	f(401, http.MethodPost, g.OTLPHTTP+"/v1/logs", "", "{}")
	f(401, http.MethodPost, g.OTLPHTTP+"/v1/logs", "Bearer wrong", "{}")
	f(200, http.MethodPost, g.OTLPHTTP+"/v1/logs", "Bearer "+g.secret("TOKEN"), "{}")
	f(401, http.MethodPost, sentry+g.secret("KEY"), "", event)
	f(403, http.MethodPost, sentry+"wrong", "Bearer "+g.secret("TOKEN"), event)
	f(200, http.MethodPost, sentry+g.secret("KEY"), "Bearer "+g.secret("TOKEN"), event)
	for _, url := range []string{g.Issues + "/", g.OTLPHTTP + "/v1/logs", "http://" + g.Sentry + "/api/1/envelope/"} {
		if resp, err := http.Get(url); err == nil {
			resp.Body.Close()
			assert.Equal(t, http.StatusBadRequest, resp.StatusCode, "%s without TLS", url)
		}
	}
	t.Run("grpc", func(t *testing.T) {
		conn, err := grpc.NewClient(g.OTLPGRPC, grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: g.pool})))
		require.NoError(t, err)
		defer conn.Close()
		client := plogotlp.NewGRPCClient(conn)
		_, err = client.Export(context.Background(), plogotlp.NewExportRequest())
		assert.Equal(t, codes.Unauthenticated, status.Code(err), "%v", err)
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+g.secret("TOKEN"))
		_, err = client.Export(ctx, plogotlp.NewExportRequest())
		assert.NoError(t, err)
	})
	t.Run("beats", func(t *testing.T) {
		own, err := tls.LoadX509KeyPair(g.env["CERT"], g.env["KEY"])
		require.NoError(t, err)
		send := func(dial func(network, address string) (net.Conn, error)) error {
			client, err := lumber.SyncDialWith(dial, g.beats, lumber.Timeout(5*time.Second))
			if err != nil {
				return err
			}
			defer client.Close()
			_, err = client.Send([]any{map[string]any{"message": "hello"}})
			return err
		}
		over := func(cfg *tls.Config) func(network, address string) (net.Conn, error) {
			return func(network, address string) (net.Conn, error) { return tls.Dial(network, address, cfg) }
		}
		assert.Error(t, send(net.Dial), "no TLS")
		assert.Error(t, send(over(&tls.Config{RootCAs: g.pool})), "no certificate of the client")
		assert.NoError(t, send(over(&tls.Config{RootCAs: g.pool, Certificates: []tls.Certificate{own}})))
	})
}

// TestSecretsAreNotPrinted: not in the log at level debug, in zpages, in profiles, in `print-config`, nor in what `validate`
// says of a configuration that is wrong beside them.
func TestSecretsAreNotPrinted(t *testing.T) {
	g := startGuarded(t)
	logs := numbered("secrets", 0, 5, 10)
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalJSON()
	require.NoError(t, err)
	text := strings.ReplaceAll(string(body), `"body"`, `"severityNumber":17,"body"`)
	require.Equal(t, 200, g.status(t, http.MethodPost, g.OTLPHTTP+"/v1/logs", "Bearer "+g.secret("TOKEN"), text))
	harness.Eventually(t, 20*time.Second, func() error { // every exporter fails and tells why
		for _, id := range []string{"sentry_issue", "issue_tracker/jira", "issue_tracker/slack", "issue_tracker/webhook"} {
			if !strings.Contains(g.Output(), `"otelcol.component.id": "`+id+`", "otelcol.component.kind": "exporter"`) {
				return fmt.Errorf("%s has said nothing", id)
			}
		}
		if strings.Count(g.Output(), "connection refused") < 4 {
			return fmt.Errorf("not every exporter has failed")
		}
		return nil
	})
	places := map[string]string{}
	for _, path := range []string{"servicez", "pipelinez", "extensionz", "featurez", "tracez", "rpcz"} {
		if resp, err := http.Get("http://" + g.zpages + "/debug/" + path); err == nil {
			text, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			places["zpages "+path] = string(text)
		}
	}
	for _, path := range []string{"cmdline", "goroutine?debug=2", "heap?debug=1"} {
		places["pprof "+path] = harness.Get(t, "http://"+g.pprof+"/debug/pprof/"+path)
	}
	places["log"] = g.Output()
	run := func(args ...string) string {
		out, _ := harness.Run(t, t.TempDir(), harness.Env(g.all()), harness.Binary(t), args...)
		return out
	}
	file := harness.Testdata(t, "security.yaml")
	places["print-config"] = run("print-config", "--config", file)
	require.Contains(t, places["print-config"], "[REDACTED]")
	for _, wrong := range []string{
		"--set=processors::pii_redaction::hash_key=${env:SECRET_SHORT}", "--set=exporters::issue_tracker/jira::jira::tokn=${env:SECRET_JIRA}",
		"--set=exporters::sentry_issue::dsn=http://${env:SECRET_DSN}@", "--set=exporters::issue_tracker/slack::slack::webhook_url=ftp://x/${env:SECRET_SLACK}",
		"--set=receivers::sentry::keys=https://${env:SECRET_KEY}@x/1",
	} {
		places["validate "+wrong] = run("validate", "--config", file, wrong)
		assert.NotEmpty(t, places["validate "+wrong], "%s is accepted", wrong)
	}
	for place, text := range places {
		assert.NotEmpty(t, text, place)
		assert.Empty(t, harness.Contains(text, g.secrets), place)
	}
}

// all is the environment of a command that reads the configuration.
func (g *guarded) all() map[string]string {
	all := map[string]string{"SECRET_SHORT": "verysecrethash0"}
	for _, name := range []string{"HEALTH", "ISSUES", "OTLP_GRPC", "OTLP_HTTP", "SENTRY"} {
		all[name+"_ENDPOINT"] = "127.0.0.1:1"
	}
	for k, v := range g.env {
		all[k] = v
	}
	return all
}
