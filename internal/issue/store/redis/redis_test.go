package redis_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/redis"
	"github.com/otel-culprit/culprit/internal/issue/storetest"
	"github.com/otel-culprit/culprit/internal/testport"
)

var prefixes atomic.Int64

// conform runs the suite against a server; each test has its own prefix.
func conform(t *testing.T, address string, pass func(time.Duration)) {
	prefix := map[issue.Store]string{}
	open := func(p string) issue.Store {
		s := redis.New(redis.Options{Address: address, Prefix: p, Timeout: time.Second})
		prefix[s] = p
		return s
	}
	again := func(t *testing.T, s issue.Store) issue.Store {
		other := open(prefix[s])
		t.Cleanup(func() { _ = other.Close() })
		return other
	}
	storetest.Run(t, storetest.Target{
		New:    func(*testing.T) issue.Store { return open(fmt.Sprint("test", prefixes.Add(1))) },
		Reopen: again,
		Twin:   again,
		Pass:   pass,
		Slow:   pass != nil,
	})
}

func TestConformanceMiniredis(t *testing.T) {
	m := miniredis.RunT(t)
	conform(t, m.Addr(), m.FastForward)
}

func TestConformance(t *testing.T) { conform(t, Server(t).Address, nil) }

// RedisServer is a real Redis that the test started.
type RedisServer struct {
	Address string
	t       testing.TB
	cmd     *exec.Cmd
	dir     string
}

// Server starts a Redis server, or skips the test where there is none.
func Server(t *testing.T) *RedisServer {
	t.Helper()
	s := startServer(t)
	if s == nil {
		t.Skip("NOT TESTED: the store against a real Redis, because there is no redis-server in PATH")
	}
	return s
}

func startServer(t testing.TB) *RedisServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return nil
	}
	r := &RedisServer{Address: testport.Free(t), t: t, dir: t.TempDir()}
	r.Start(path)
	t.Cleanup(r.Stop)
	return r
}

// Start starts it, after a stop with the data that it had.
func (r *RedisServer) Start(path string) {
	_, port, err := net.SplitHostPort(r.Address)
	require.NoError(r.t, err)
	r.cmd = exec.Command(path, "--port", port, "--bind", "127.0.0.1", "--dir", r.dir, "--appendonly", "yes", "--appendfsync", "always", "--save", "")
	r.cmd.Stderr = os.Stderr
	require.NoError(r.t, r.cmd.Start())
	require.Eventually(r.t, func() bool {
		c, err := net.DialTimeout("tcp", r.Address, 100*time.Millisecond)
		if err != nil {
			return false
		}
		return c.Close() == nil
	}, time.Minute, 20*time.Millisecond)
}

// Stop kills it.
func (r *RedisServer) Stop() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
	r.cmd = nil
}
