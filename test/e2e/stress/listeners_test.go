package stress

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestListeners: the listeners of upstream's components, and that of Fluent, serve only who has the certificate's authority and the
// token, or a certificate of its own.
func TestListeners(t *testing.T) {
	cert, key, pool := certificate(t)
	const token = "listenerstoken0123456789"
	env := map[string]string{"CERT": cert, "KEY": key, "TOKEN": token}
	for _, name := range []string{"GUARDED_HEALTH", "ZPAGES", "ZIPKIN", "JAEGER_GRPC", "JAEGER_HTTP", "LOKI_GRPC", "LOKI_HTTP", "FLUENT", "SYSLOG"} {
		env[name] = harness.Address(t)
	}
	c := harness.StartCollector(t, harness.Testdata(t, "listeners.yaml"), env)
	known := &tls.Config{RootCAs: pool}

	for _, l := range []struct{ name, method, address, path, kind, body string }{
		{"zpages", http.MethodGet, env["ZPAGES"], "/debug/servicez", "", ""},
		{"prometheus", http.MethodGet, strings.TrimPrefix(c.Metrics, "http://"), "/metrics", "", ""},
		{"zipkin", http.MethodPost, env["ZIPKIN"], "/api/v2/spans", "application/json", "[]"},
		{"jaeger", http.MethodPost, env["JAEGER_HTTP"], "/api/traces", "application/x-thrift", "\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x01a\x00\x0f\x00\x02\x0c\x00\x00\x00\x00\x00"},
		{"loki", http.MethodPost, env["LOKI_HTTP"], "/loki/api/v1/push", "application/json", `{"streams":[]}`},
	} {
		t.Run(l.name, func(t *testing.T) {
			ask := func(scheme, token string) int {
				r, err := http.NewRequest(l.method, scheme+"://"+l.address+l.path, strings.NewReader(l.body))
				require.NoError(t, err)
				r.Header.Set("Content-Type", l.kind)
				if token != "" {
					r.Header.Set("Authorization", "Bearer "+token)
				}
				client := &http.Client{Transport: &http.Transport{TLSClientConfig: known, DisableKeepAlives: true}, Timeout: time.Minute}
				resp, err := client.Do(r)
				if err != nil {
					return 0
				}
				defer resp.Body.Close()
				_, _ = io.Copy(io.Discard, resp.Body)
				return resp.StatusCode
			}
			assert.Contains(t, []int{0, http.StatusBadRequest}, ask("http", token), "without TLS")
			assert.Equal(t, http.StatusUnauthorized, ask("https", ""), "without a token")
			assert.Equal(t, http.StatusUnauthorized, ask("https", "wrong"), "with a wrong token")
			assert.Equal(t, 2, ask("https", token)/100, "with the token")
			_, err := tls.Dial("tcp", l.address, &tls.Config{MaxVersion: tls.VersionTLS11, RootCAs: pool}) //nolint:gosec // what must be refused
			assert.Error(t, err, "TLS 1.1")
		})
	}
	for name, l := range map[string]struct{ address, method string }{
		"jaeger": {env["JAEGER_GRPC"], "/jaeger.api_v2.CollectorService/PostSpans"},
		"loki":   {env["LOKI_GRPC"], "/logproto.Pusher/Push"},
	} {
		t.Run(name+" grpc", func(t *testing.T) {
			conn, err := grpc.NewClient(l.address, grpc.WithTransportCredentials(credentials.NewTLS(known)))
			require.NoError(t, err)
			defer conn.Close()
			ask := func(token string) codes.Code {
				ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token), time.Minute)
				defer cancel()
				return status.Code(conn.Invoke(ctx, l.method, &emptypb.Empty{}, &emptypb.Empty{}))
			}
			assert.Equal(t, codes.Unauthenticated, ask("wrong"))
			assert.Equal(t, codes.OK, ask(token))
		})
	}

	own, err := tls.LoadX509KeyPair(cert, key)
	require.NoError(t, err)
	t.Run("health_check", func(t *testing.T) { // which takes a key `auth` and does nothing with it
		ask := func(cfg *tls.Config) error {
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: cfg, DisableKeepAlives: true}, Timeout: time.Minute}
			resp, err := client.Get("https://" + env["GUARDED_HEALTH"])
			if err == nil {
				resp.Body.Close()
			}
			return err
		}
		assert.Error(t, ask(known), "without a certificate of the client")
		assert.NoError(t, ask(&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{own}}))
	})
	for name, l := range map[string]struct{ address, message, answer string }{
		"fluent": {env["FLUENT"], "\x94\xa3app\x01\x81\xa3log\xd9\x20%-32s\x81\xa5chunk\xa1c", "\x81\xa3ack\xda\x00\x01c"},
		"syslog": {env["SYSLOG"], "<14>1 2026-01-02T03:04:05Z host app 1 - - %s\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			// send tells whether the answer came, or the connection was left open where none is to come.
			send := func(text string, dial func() (net.Conn, error)) bool {
				conn, err := dial()
				if err != nil {
					return false
				}
				defer conn.Close()
				_, _ = fmt.Fprintf(conn, l.message, text)
				if l.answer == "" {
					return true
				}
				got := make([]byte, len(l.answer))
				_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
				_, err = io.ReadFull(conn, got)
				var timeout net.Error
				require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "neither answered nor closed")
				return string(got) == l.answer
			}
			over := func(cfg *tls.Config) func() (net.Conn, error) {
				return func() (net.Conn, error) { return tls.Dial("tcp", l.address, cfg) }
			}
			plain := send(name+" without TLS", func() (net.Conn, error) { return net.Dial("tcp", l.address) })
			stranger := send(name+" without certificate", over(known))
			assert.True(t, send(name+" with certificate", over(&tls.Config{RootCAs: pool, Certificates: []tls.Certificate{own}})))
			if l.answer != "" {
				assert.False(t, plain)
				assert.False(t, stranger)
			}
			harness.Eventually(t, 20*time.Second, func() error {
				if !strings.Contains(c.Output(), name+" with certificate") {
					return fmt.Errorf("nothing has come from %s", name)
				}
				return nil
			})
		})
	}
	for _, name := range []string{"fluent", "syslog"} {
		assert.NotContains(t, c.Output(), name+" without")
	}
	assert.NotContains(t, c.Output(), token)
}
