package redis_test

import (
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type assertT = assert.CollectT

// proxy passes bytes on and cuts connections after some answers, before the client has got them.
type proxy struct {
	address string
	quiet   atomic.Bool
	cuts    atomic.Int64
	away    atomic.Bool // nothing gets through
	conns   sync.WaitGroup
}

func newProxy(t *testing.T, to string) *proxy {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{address: l.Addr().String()}
	p.conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.conns.Go(func() { p.serve(c, to) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
	})
	return p
}

func (p *proxy) calm() { p.quiet.Store(true) }

func (p *proxy) serve(client net.Conn, to string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() { _, _ = io.Copy(unlessAway{server, p}, client); _ = server.Close() }()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil || p.away.Load() {
			return
		}
		if !p.quiet.Load() && rand.IntN(10) == 0 {
			p.cuts.Add(1)
			return // the answer is lost
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

// unlessAway refuses what is written while nothing gets through.
type unlessAway struct {
	io.Writer
	p *proxy
}

func (w unlessAway) Write(b []byte) (int, error) {
	if w.p.away.Load() {
		return 0, io.ErrClosedPipe
	}
	return w.Writer.Write(b)
}
