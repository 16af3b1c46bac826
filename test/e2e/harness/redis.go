package harness

import (
	"fmt"
	"net"
	"os/exec"
	"testing"
	"time"
)

// StartRedis starts a real Redis and returns its address; without redis-server it skips the test.
func StartRedis(t testing.TB) string {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("NOT TESTED: collectors that share a Redis, because there is no redis-server in PATH (see scripts/system-packages)")
	}
	dir, port := t.TempDir(), Port(t)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	Start(t, "redis", dir, nil, binary, "--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir)
	Eventually(t, 30*time.Second, func() error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return address
}
