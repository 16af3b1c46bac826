package target

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/testport"
)

// run starts a server for the time of the test and waits until its address answers.
func run(t *testing.T, ready string, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = t.TempDir()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	client := &http.Client{Timeout: time.Second}
	require.Eventually(t, func() bool {
		resp, err := client.Get(ready)
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode < 500
	}, 60*time.Second, 100*time.Millisecond)
	client.CloseIdleConnections()
}

// alertmanagerBinary is in the PATH, or where test/backends/build.sh puts it.
func alertmanagerBinary() string {
	for _, name := range []string{"../../../../.cache/backends/alertmanager", "alertmanager", "prometheus-alertmanager"} {
		if path, err := exec.LookPath(name); err == nil {
			abs, _ := filepath.Abs(path)
			return abs
		}
	}
	return ""
}

// A real Alertmanager makes one notification of an alert that is sent three times, and one of its end.
func TestRealAlertmanager(t *testing.T) {
	binary := alertmanagerBinary()
	if binary == "" {
		t.Skip("NOT TESTED: dedupe, resolve and dotted names with a real Alertmanager: none in the PATH; test/backends/build.sh builds one")
	}
	var mu sync.Mutex
	var got []payload
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var p payload
		if assert.NoError(t, json.Unmarshal(body, &p)) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, p)
		}
	}))
	defer hook.Close()
	notifications := func(n int) func() bool {
		return func() bool { mu.Lock(); defer mu.Unlock(); return len(got) >= n }
	}
	config := filepath.Join(t.TempDir(), "am.yml")
	require.NoError(t, os.WriteFile(config, []byte("route: {receiver: hook, group_wait: 0s, group_interval: 1s, repeat_interval: 1h, group_by: [issue_id]}\nreceivers: [{name: hook, webhook_configs: [{url: '"+hook.URL+"'}]}]\n"), 0o600))
	address := testport.Free(t)
	run(t, "http://"+address+"/-/ready", binary, "--config.file="+config, "--storage.path="+t.TempDir(), "--web.listen-address="+address, "--cluster.listen-address=")

	cfg := DefaultAlertmanager()
	cfg.URL = "http://" + address
	target, err := cfg.New(Options{HTTP: &http.Client{Timeout: 5 * time.Second}})
	require.NoError(t, err)
	ctx := context.Background()
	c := newCard(card.Open, "issue-a", 1)
	c.Event.Exceptions[0].Type, c.Issue.Service = "java.lang.IllegalStateException", "shop.check-out/v2"
	c.Issue.FirstSeen = time.Now()
	ref, err := target.Open(ctx, c)
	require.NoError(t, err)
	for i := range 3 {
		c.Issue.Count, c.Event.TraceID = uint64(i), strings.Repeat("ab", 16)
		_, err = target.Comment(ctx, ref, c)
		require.NoError(t, err)
	}
	require.Eventually(t, notifications(1), time.Minute, 50*time.Millisecond)
	_, err = target.Resolve(ctx, ref, newCard(card.Resolve, "issue-a", 5))
	require.NoError(t, err)
	require.Eventually(t, notifications(2), time.Minute, 50*time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, got, 2)
	assert.Equal(t, "firing", got[0].Status)
	assert.Equal(t, "java.lang.IllegalStateException", got[0].CommonLabels["alertname"])
	assert.Equal(t, "shop.check-out/v2", got[0].CommonLabels["service"])
	assert.Equal(t, "resolved", got[1].Status)
	assert.Equal(t, got[0].Alerts[0].Fingerprint, got[1].Alerts[0].Fingerprint)
}

// SNS as moto, the fake of AWS in Python, has it.
func TestRealSNS(t *testing.T) {
	binary, err := exec.LookPath("moto_server")
	if err != nil || exec.Command(binary, "--help").Run() != nil {
		t.Skip("NOT TESTED: SNS against moto: no moto_server in the PATH (pip install 'moto[server]')")
	}
	address := testport.Free(t)
	_, port, _ := net.SplitHostPort(address)
	run(t, "http://"+address+"/moto-api/", binary, "-H", "127.0.0.1", "-p", port)
	ctx := context.Background()
	cfg := DefaultSNS()
	cfg.Endpoint, cfg.TopicARN = "http://"+address, "arn:aws:sns:eu-central-1:123456789012:errors.fifo"
	made, err := cfg.New(Options{HTTP: &http.Client{Timeout: 10 * time.Second}})
	require.NoError(t, err)
	target := made.(*snsTarget)
	_, err = target.Open(ctx, newCard(card.Open, "issue-a", 1))
	require.Error(t, err, "there is no topic yet")
	client, err := target.connect(ctx)
	require.NoError(t, err)
	name := "errors.fifo"
	_, err = client.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name, Attributes: map[string]string{"FifoTopic": "true"}})
	require.NoError(t, err)
	made, err = cfg.New(Options{HTTP: &http.Client{Timeout: 10 * time.Second}})
	require.NoError(t, err)
	for _, a := range []card.Action{card.Open, card.Resolve} {
		_, err = made.(*snsTarget).publish(ctx, newCard(a, "issue-a", 1), card.Text{Own: "text"})
		require.NoError(t, err)
	}
	resp, err := http.Get("http://" + address + "/moto-api/data.json")
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Contains(t, string(body), "errors.fifo")
}
