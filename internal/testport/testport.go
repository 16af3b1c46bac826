// Package testport finds addresses for servers of tests that must know theirs before they start, or start again on the same.
package testport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Free is a 127.0.0.1:port on which nobody listens. It lies below the ports that systems give to outgoing connections (32768 and up
// on Linux): such a one could be taken by any client, even by the one that calls the server while it is away, before the server
// listens.
func Free(tb testing.TB) string {
	tb.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			tb.Fatal(err)
		}
		return l.Addr().String()
	}
	tb.Fatal("no free port")
	return ""
}
