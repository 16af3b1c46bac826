package lumberjack

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Times without an option.
const (
	writeTimeout = 10 * time.Second
	acceptPause  = 50 * time.Millisecond // after an error of accept, such as too many open files
)

// Options of a server.
type Options struct {
	Limits         Limits
	Memory         *Memory
	MaxConnections int
	// KeepAlive is how often a client that waits for the pipeline is told so.
	KeepAlive time.Duration
	// IdleTimeout is how long a connection may be silent between two windows.
	IdleTimeout time.Duration
	// ReadTimeout is how long a window may take to come in, and the TLS handshake.
	ReadTimeout time.Duration

	// Handle takes a window. nil acknowledges it; an error closes the connection, and the client sends
	// it again. The events are valid until Handle returns.
	Handle func(ctx context.Context, from net.Addr, w *Window) error
	// Opened and Closed are told about connections; err is nil when the client or the server's end closed it.
	Opened func()
	Closed func(from net.Addr, err error)
	// Refused is told about connections beyond MaxConnections.
	Refused func(from net.Addr)
}

// Server serves Lumberjack on a listener.
type Server struct {
	opts   Options
	ctx    context.Context // of all handlers; ends when a shutdown runs out of time
	cancel context.CancelFunc
	done   sync.WaitGroup // connections

	mu       sync.Mutex // protects the ones below
	stopping bool
	listener net.Listener
	conns    map[*conn]struct{}
}

// NewServer returns a server.
func NewServer(opts Options) *Server {
	s := &Server{opts: opts, conns: map[*conn]struct{}{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Serve accepts connections until [Server.Shutdown]; then it returns [ErrStopping].
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	if s.stopping {
		s.mu.Unlock()
		_ = l.Close()
		return ErrStopping
	}
	s.listener = l
	s.mu.Unlock()
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			s.open(c)
		case s.isStopping():
			return ErrStopping
		case errors.Is(err, net.ErrClosed):
			return err
		default:
			select {
			case <-time.After(acceptPause):
			case <-s.ctx.Done():
			}
		}
	}
}

// open starts serving a connection unless there are too many.
func (s *Server) open(raw net.Conn) {
	c := &conn{Conn: raw, server: s}
	s.mu.Lock()
	full := len(s.conns) >= s.opts.MaxConnections
	if !full && !s.stopping {
		s.conns[c] = struct{}{}
		s.done.Add(1)
	} else if s.stopping {
		s.mu.Unlock()
		_ = raw.Close()
		return
	}
	s.mu.Unlock()
	if full { // closed at once, so that the client goes to another host
		_ = raw.Close()
		s.opts.Refused(raw.RemoteAddr())
		return
	}
	s.opts.Opened()
	go func() {
		defer s.done.Done()
		err := c.serve()
		_ = c.Close()
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		s.opts.Closed(c.RemoteAddr(), err)
	}()
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// Shutdown lets windows that a handler has be acknowledged and closes all other connections; their
// clients send again what they got no answer for. When ctx ends first, handlers are cancelled.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopping = true
	var err error
	if s.listener != nil {
		err = s.listener.Close()
		s.listener = nil
	}
	for c := range s.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0)) // wakes up readers only
	}
	s.mu.Unlock()
	all := make(chan struct{})
	go func() {
		s.done.Wait()
		close(all)
	}()
	select {
	case <-all:
		s.cancel()
		return err
	case <-ctx.Done():
	}
	s.cancel()
	s.mu.Lock()
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	select { // handlers that heed their context end now
	case <-all:
	case <-time.After(time.Second):
	}
	return errors.Join(err, ctx.Err())
}
