package lumberjack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// conn is a connection that is served.
type conn struct {
	net.Conn
	server *Server
}

// serve answers windows until the connection ends; nil is a regular end.
func (c *conn) serve() error {
	opts := &c.server.opts
	if err := c.handshake(); err != nil {
		return err
	}
	var r *Reader
	r = NewReader(c.Conn, opts.Limits, opts.Memory, func(w *Window) error { return c.part(r, w) })
	for {
		if err := c.readWithin(opts.IdleTimeout); err != nil {
			return nil
		}
		h, err := r.ReadHeader()
		if err != nil {
			return c.end(err, true)
		}
		if h.Events == 0 {
			continue
		}
		if err := c.window(r, h); err != nil {
			return c.end(err, false)
		}
	}
}

// window reads, handles and acknowledges one.
func (c *conn) window(r *Reader, h Header) error {
	if err := c.begin(h.Version); err != nil {
		return err
	}
	w, err := r.ReadWindow(h)
	if err != nil {
		return err
	}
	if err := c.handle(r, w); err != nil {
		return err
	}
	return c.ack(h.Version, w.Sequence)
}

// part handles a piece of a window that is too large to be held, and acknowledges it to clients that know of such: it does not come
// again when the rest fails.
func (c *conn) part(r *Reader, w *Window) error {
	if err := c.handle(r, w); err != nil {
		return err
	}
	if w.Version != Version1 {
		if err := c.ack(w.Version, w.Sequence); err != nil {
			return err
		}
	}
	return c.begin(w.Version)
}

// begin waits until there is memory for a window or the next part of one, and allows time to read it.
func (c *conn) begin(version byte) error {
	s := c.server
	if err := c.keepAlive(version, func() error { return s.opts.Memory.wait(s.ctx) }); err != nil {
		return err
	}
	return c.readWithin(s.opts.ReadTimeout)
}

// handle hands a window over, and gives its memory back.
func (c *conn) handle(r *Reader, w *Window) error {
	s := c.server
	defer r.Release(w)
	return c.keepAlive(w.Version, func() error { return s.opts.Handle(s.ctx, c.RemoteAddr(), w) })
}

// handshake does TLS's, where the connection has one, within the time for a window.
func (c *conn) handshake() error {
	t, ok := c.Conn.(interface{ HandshakeContext(context.Context) error })
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.server.ctx, c.server.opts.ReadTimeout)
	defer cancel()
	err := t.HandshakeContext(ctx)
	if errors.Is(err, io.EOF) {
		return nil // gone before it said anything, as a load balancer's health check; the first read tells it again
	}
	if err := c.end(err, false); err != nil {
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	return nil
}

// readWithin sets the deadline for all reads up to the next call. It fails when the server is shut down.
func (c *conn) readWithin(d time.Duration) error {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.stopping {
		return ErrStopping
	}
	return c.SetReadDeadline(time.Now().Add(d))
}

// end tells the regular ends of a connection (nil) from errors. idle: between two windows.
func (c *conn) end(err error, idle bool) error {
	var timeout net.Error
	switch {
	case err == nil, errors.Is(err, ErrStopping), c.server.isStopping() && errors.As(err, &timeout) && timeout.Timeout():
		return nil
	case idle && (errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &timeout)):
		return nil
	}
	return err
}

func (c *conn) ack(version byte, sequence uint32) error {
	if err := c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	return WriteAck(c.Conn, version, sequence)
}

// keepAlive runs f and tells the client meanwhile that it is not forgotten: an acknowledgement of
// nothing. Clients of version 1 do not know that and would take it for the end of their window.
func (c *conn) keepAlive(version byte, f func() error) error {
	every := c.server.opts.KeepAlive
	if version == Version1 || every <= 0 {
		return f()
	}
	var (
		mu    sync.Mutex // protects the two below and the connection's writes
		done  bool
		timer *time.Timer
	)
	mu.Lock()
	timer = time.AfterFunc(every, func() {
		mu.Lock()
		defer mu.Unlock()
		if !done && c.ack(version, 0) == nil {
			timer.Reset(every)
		}
	})
	mu.Unlock()
	err := f()
	mu.Lock()
	defer mu.Unlock()
	done = true
	timer.Stop()
	return err
}
