package harness

import (
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Redis is a real server that can be killed and started again with what it had.
type Redis struct {
	*Process
	Address string // host:port
}

// StartRedis starts a Redis and returns its address; without redis-server it skips the test.
func StartRedis(t testing.TB) string {
	t.Helper()
	return StartRedisServer(t).Address
}

// StartRedisServer starts a Redis that keeps every write; without redis-server it skips the test.
func StartRedisServer(t testing.TB) *Redis {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("NOT TESTED: collectors that share a Redis, because there is no redis-server in PATH (see scripts/system-packages)")
	}
	r := &Redis{Address: Address(t)}
	r.start(t, t.TempDir())
	return r
}

// Restart starts it again with its data; end it first with Stop or Kill.
func (r *Redis) Restart(t testing.TB) {
	t.Helper()
	r.start(t, r.Dir)
}

func (r *Redis) start(t testing.TB, dir string) {
	t.Helper()
	host, port, err := net.SplitHostPort(r.Address)
	require.NoError(t, err)
	r.Process = Start(t, "redis", dir, nil, "redis-server", "--port", port, "--bind", host, "--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always")
	Eventually(t, 30*time.Second, func() error {
		conn, err := net.DialTimeout("tcp", r.Address, time.Second)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}
