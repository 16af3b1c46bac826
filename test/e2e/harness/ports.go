package harness

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// Ports lie below those that systems give to outgoing connections (32768 and up on Linux), which would take them between the look
// and the listening.
const (
	firstPort = 10_000
	blockSize = 100
	blocks    = 220
)

var (
	portsMu sync.Mutex // protects what follows
	held    []*os.File // the locks on this process's ports, until it ends
	first   int        // port of the last block
	next    = blockSize
)

// Port finds a port on loopback that nobody listens on and that no test was given before, in this process or another: packages
// run side by side, and what one restarts must find its port free although nobody listens there for a while.
func Port(t testing.TB) int {
	t.Helper()
	portsMu.Lock()
	defer portsMu.Unlock()
	for range blockSize * blocks {
		if next == blockSize {
			claimBlock(t)
		}
		port := first + next
		next++
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		return port
	}
	t.Fatal("no free port")
	return 0
}

// claimBlock takes ports that no other process has, by locking their file. The ports of the last block stay this process's, too.
func claimBlock(t testing.TB) {
	t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("culprit-test-ports-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, n := range rand.Perm(blocks) {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprint(n)), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			held = append(held, f)
			first, next = firstPort+n*blockSize, 0
			return
		}
		f.Close()
	}
	t.Fatalf("all ports are taken by other tests: %s", dir)
}
