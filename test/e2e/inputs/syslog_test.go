package inputs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestSyslog: logger(1) in the new form over TCP and in the old one over UDP; and a Python service whose rsyslog forwards,
// with a stack in one message.
func TestSyslog(t *testing.T) {
	need(t, "logger")
	tcp, udp := harness.Address(t), harness.Address(t)
	c := start(t, nil, recipe(t, "syslog.md", "syslog.yaml", "localhost:54526", tcp, "localhost:54514", udp))
	_, tcpPort := hostPort(t, tcp)
	_, udpPort := hostPort(t, udp)

	const shown = "4bf92f3577b34da6a3ce929d0e0e4736"
	text := block(t, "syslog.md", "logger.sh")
	require.Contains(t, text, shown)
	var wants []want
	for i := range 2 {
		run(t, ".", nil, "sh", "-c", strings.NewReplacer("54526", strconv.Itoa(tcpPort), "localhost", "127.0.0.1", shown, traceID(i)).Replace(text))
		run(t, ".", nil, "logger", "--server", "127.0.0.1", "--port", strconv.Itoa(udpPort), "--udp", "--rfc3164", "--tag", "cron", "--priority", "cron.err", "job failed trace_id="+traceID(10+i))
	}
	run(t, ".", nil, "logger", "--server", "127.0.0.1", "--port", strconv.Itoa(udpPort), "--udp", "--rfc3164", "--tag", "cron", "--priority", "cron.info", "job is done")
	wants = append(wants,
		want{service: "backup", title: "disk is full", count: 2, traces: traceIDs(0, 1)},
		want{service: "cron", title: "job failed", count: 2, traces: traceIDs(10, 11)})

	if rsyslogd := "/usr/sbin/rsyslogd"; exists(rsyslogd) {
		dir, in := t.TempDir(), harness.Port(t)
		conf := strings.NewReplacer("54526", strconv.Itoa(tcpPort), `"514"`, strconv.Quote(strconv.Itoa(in))).Replace(block(t, "syslog.md", "rsyslog.conf"))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "rsyslog.conf"), []byte("global(workDirectory="+strconv.Quote(dir)+")\n"+conf), 0o600))
		p := harness.Start(t, "rsyslogd", dir, nil, rsyslogd, "-n", "-f", "rsyslog.conf", "-i", filepath.Join(dir, "pid"))
		app := filepath.Join(dir, "app.py")
		code := strings.ReplaceAll(block(t, "syslog.md", "logger.py"), "514", strconv.Itoa(in)) + failing("no limit trace_id="+traceID(20))
		require.NoError(t, os.WriteFile(app, []byte(code), 0o600))
		waitUDP(t, in)
		run(t, ".", nil, need(t, "python3"), app)
		wants = append(wants, want{service: "checkout", title: "KeyError", count: 1, traces: traceIDs(20, 20), texts: []string{`"limit"`}})
		defer func() {
			if t.Failed() {
				t.Log(p.Tail(2000))
			}
		}()
	} else {
		t.Log("NOT TESTED: rsyslog is missing")
	}
	expect(t, c, wants...)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// waitUDP waits until something listens on a UDP port of loopback.
func waitUDP(t *testing.T, port int) {
	t.Helper()
	harness.Eventually(t, limit, func() error {
		text, err := os.ReadFile("/proc/net/udp")
		if err == nil && !strings.Contains(string(text), strings.ToUpper("0100007F:"+strconv.FormatInt(int64(port)|0x10000, 16)[1:])) {
			err = os.ErrNotExist
		}
		return err
	})
}
