package redis_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// raw sends a command to a server and returns the first part of its answer.
func raw(t *testing.T, address, command string) string {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	require.NoError(t, c.SetDeadline(time.Now().Add(5*time.Second)))
	_, err = c.Write([]byte(command + "\r\n"))
	require.NoError(t, err)
	b := make([]byte, 64<<10)
	n, err := c.Read(b)
	require.NoError(t, err)
	return string(b[:n])
}

// TestScripts: the text of a script is sent once, and again to a server that has forgotten it.
func TestScripts(t *testing.T) {
	server := Server(t)
	one := newCollector(t, server.Address, "scripts")
	n := uint64(0)
	seen := func() {
		for range 5 {
			n++
			one.judge(occurrence(n, idA), occurrence(n+1e6, idB))
			require.NoError(t, one.SetTicket(context.Background(), "x", idA, issue.Ticket{Milestone: n}))
		}
		agree(t, idA, n, one)
	}
	seen()
	raw(t, server.Address, "SCRIPT FLUSH")
	seen()
	raw(t, server.Address, "CONFIG RESETSTAT")
	seen()
	stats := raw(t, server.Address, "INFO commandstats")
	require.Contains(t, stats, "cmdstat_evalsha:")
	require.NotContains(t, stats, "cmdstat_eval:", strings.TrimSpace(stats))
}
