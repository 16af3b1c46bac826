package fluentforwardreceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/fluent"
)

const (
	writeTimeout = 10 * time.Second
	// Records that the pipeline refuses for now are offered again so long: most clients would lose them.
	patience   = 30 * time.Second
	firstPause = 100 * time.Millisecond
	lastPause  = 5 * time.Second
)

var (
	errTooMany   = errors.New("too many connections")
	errHandshake = errors.New("TLS failed")
	errRefused   = errors.New("pipeline refused records for now")
	errStopping  = errors.New("receiver is being shut down")
)

// conn is a connection that is served.
type conn struct {
	net.Conn
	receiver *fluentReceiver
}

// serve reads messages until the connection ends; nil is a regular end.
func (c *conn) serve() error {
	cfg := c.receiver.cfg
	if err := c.handshake(); err != nil {
		return err
	}
	limits := fluent.Limits{Record: cfg.MaxRecordBytes, Message: cfg.MaxMessageBytes}
	r := fluent.NewReader(c.Conn, limits, c.receiver.memory, c.part)
	defer r.Close()
	for {
		if err := c.readWithin(cfg.IdleTimeout); err != nil {
			return nil
		}
		if err := r.Wait(); err != nil {
			return c.idleEnd(err)
		}
		if err := c.readWithin(cfg.ReadTimeout); err != nil {
			return nil
		}
		chunk, err := r.ReadMessage()
		if err != nil {
			if c.receiver.isStopping() {
				return nil
			}
			return err
		}
		if chunk != "" {
			if err := c.ack(chunk); err != nil {
				return err
			}
		}
	}
}

// handshake does TLS's, where the connection has one, within the time for a message.
func (c *conn) handshake() error {
	t, ok := c.Conn.(interface{ HandshakeContext(context.Context) error })
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.receiver.ctx, c.receiver.cfg.ReadTimeout)
	defer cancel()
	err := t.HandshakeContext(ctx)
	if err == nil || errors.Is(err, io.EOF) { // gone before it said anything, as a load balancer's health check; the first read tells it again
		return nil
	}
	return fmt.Errorf("%w: %w", errHandshake, err)
}

// idleEnd tells the regular ends of a connection between two messages, which give nil, from errors.
func (c *conn) idleEnd(err error) error {
	var network net.Error
	if errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &network) {
		return nil
	}
	return err
}

// readWithin sets the deadline for all reads up to the next call; 0 is none. It fails when the receiver is shut down.
func (c *conn) readWithin(d time.Duration) error {
	c.receiver.mu.Lock()
	defer c.receiver.mu.Unlock()
	if c.receiver.stopping {
		return errStopping
	}
	if d == 0 {
		return c.SetReadDeadline(time.Time{})
	}
	return c.SetReadDeadline(time.Now().Add(d))
}

// part gives records to the pipeline, and allows time for the next.
func (c *conn) part(logs plog.Logs) error {
	if err := c.consume(logs); err != nil {
		return err
	}
	return c.readWithin(c.receiver.cfg.ReadTimeout)
}

// consume offers records until the pipeline takes them or refuses them for good, or patience ends.
func (c *conn) consume(logs plog.Logs) error {
	r := c.receiver
	ctx := client.NewContext(r.ctx, client.Info{Addr: c.RemoteAddr()})
	end := time.Now().Add(patience)
	n := logs.LogRecordCount()
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		again := logs
		if r.next.Capabilities().MutatesData { // what is offered again must be as it came
			again = plog.NewLogs()
			logs.CopyTo(again)
		}
		op := r.obs.StartLogsOp(ctx)
		err := r.next.ConsumeLogs(op, again)
		r.obs.EndLogsOp(op, "fluent", n, err)
		switch {
		case err == nil:
			return nil
		case consumererror.IsPermanent(err):
			// The client would send the same for ever.
			r.log.Error("Pipeline refused records for good; they are lost", zap.Int("count", n), zap.Stringer("client", c.RemoteAddr()), zap.Error(err))
			return nil
		case time.Now().Add(pause).After(end) || r.isStopping():
			r.log.Warn("Pipeline refused records for now; they are lost unless the client wants acknowledgements", zap.Int("count", n), zap.Stringer("client", c.RemoteAddr()), zap.Error(err))
			return fmt.Errorf("%w: %w", errRefused, err)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// ack answers {"ack": chunk}.
func (c *conn) ack(chunk string) error {
	if err := c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	message := append([]byte("\x81\xa3ack\xda"), byte(len(chunk)>>8), byte(len(chunk)))
	_, err := c.Write(append(message, chunk...))
	return err
}

// ended counts why a connection ended, and tells who can do something about it.
func (r *fluentReceiver) ended(from net.Addr, err error) {
	why, hint := classify(err)
	r.telemetry.ReceiverFluentForwardConnections.Add(context.Background(), 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", why))))
	if hint != "" {
		r.log.Warn("Connection closed: "+hint, zap.Stringer("client", from), zap.Error(err))
	} else if err != nil {
		r.log.Debug("Connection closed", zap.Stringer("client", from), zap.Error(err))
	}
}

// classify names what ended a connection; the hint is for whoever reads the log.
func classify(err error) (why, hint string) {
	var timeout net.Error
	switch {
	case err == nil:
		return "closed", ""
	case errors.Is(err, errTooMany):
		return "too_many", "'max_connections' are open"
	case errors.Is(err, errRefused): // logged already
		return "refused", ""
	case errors.Is(err, errHandshake):
		return "handshake", "does the client use TLS, know the certificate's issuer, and show a certificate where 'client_ca_file' asks for one?"
	case errors.Is(err, fluent.ErrTooLarge):
		return "too_large", "raise 'max_message_bytes', or lower the client's chunk_limit_size"
	case errors.Is(err, fluent.ErrMemory):
		return "over_memory", "all clients together send more than the pipeline takes"
	case errors.Is(err, fluent.ErrProtocol):
		return "malformed", "the client does not speak the forward protocol here; does it use TLS and the receiver not?"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout", "a message took longer than 'read_timeout'"
	}
	return "broken", ""
}
