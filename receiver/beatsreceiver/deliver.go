package beatsreceiver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"go.opentelemetry.io/collector/client"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/lumberjack"
)

const format = "lumberjack"

// errRefused is wrapped when the pipeline does not take a window for now.
var errRefused = errors.New("pipeline refused the window for now")

// handle gives a window to the pipeline. nil acknowledges the window.
func (r *beatsReceiver) handle(ctx context.Context, from net.Addr, w *lumberjack.Window) error {
	if w.TooLarge > 0 {
		r.telemetry.ReceiverBeatsEvents.Add(ctx, int64(w.TooLarge), outcome("too_large"))
		r.log.Warn("Events above 'max_event_size' are lost: raise it, or lower max_bytes in Filebeat",
			zap.Int("count", w.TooLarge), zap.Stringer("client", from), zap.Int64("max_event_size", int64(r.cfg.MaxEventSize)))
	}
	n := len(w.Events)
	result, err := "acknowledged", error(nil)
	if n > 0 {
		logs := convert(w.Events, time.Now())
		op := r.obs.StartLogsOp(client.NewContext(ctx, client.Info{Addr: from}))
		err = r.next.ConsumeLogs(op, logs)
		r.obs.EndLogsOp(op, format, n, err)
	}
	event := "accepted"
	switch {
	case err == nil:
	case forGood(err):
		// The client would send the window again for ever, and nothing behind it would come through.
		r.log.Error("Pipeline refused events for good; they are lost", zap.Int("count", n), zap.Stringer("client", from), zap.Error(err))
		result, event, err = "rejected", "rejected", nil
	default:
		r.log.Warn("Pipeline refused a window for now; the client will send it again", zap.Int("count", n), zap.Stringer("client", from), zap.Error(err))
		result, event, err = "refused", "refused", fmt.Errorf("%w: %w", errRefused, err)
	}
	r.telemetry.ReceiverBeatsWindows.Add(ctx, 1, outcome(result))
	r.telemetry.ReceiverBeatsEvents.Add(ctx, int64(n), outcome(event))
	return err
}

// forGood tells that nothing would be gained by sending again. A fan-out joins the errors of several
// exporters: while one of them would take the data later, it must come again.
func forGood(err error) bool {
	if !consumererror.IsPermanent(err) {
		return false
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return true
	}
	some, all := false, true
	for _, e := range joined.Unwrap() {
		if forGood(e) {
			some = true
		} else {
			all = false
		}
	}
	return all || !some // none: the mark is around them
}

func (r *beatsReceiver) opened() {
	r.telemetry.ReceiverBeatsOpenConnections.Add(context.Background(), 1)
}

func (r *beatsReceiver) closed(from net.Addr, err error) {
	ctx := context.Background()
	r.telemetry.ReceiverBeatsOpenConnections.Add(ctx, -1)
	why, hint := classify(err)
	r.telemetry.ReceiverBeatsConnections.Add(ctx, 1, outcome(why))
	if hint != "" {
		r.log.Warn("Connection closed: "+hint, zap.Stringer("client", from), zap.Error(err))
	} else if err != nil {
		r.log.Debug("Connection closed", zap.Stringer("client", from), zap.Error(err))
	}
}

func (r *beatsReceiver) tooMany(from net.Addr) {
	r.telemetry.ReceiverBeatsConnections.Add(context.Background(), 1, outcome("too_many"))
	r.log.Warn("Connection refused: 'max_connections' are open", zap.Stringer("client", from), zap.Int("max_connections", r.cfg.MaxConnections))
}

// classify names what ended a connection; the hint is for whoever reads the log.
func classify(err error) (why, hint string) {
	var timeout net.Error
	switch {
	case err == nil:
		return "closed", ""
	case errors.Is(err, errRefused): // logged already
		return "refused", ""
	case errors.Is(err, lumberjack.ErrHandshake):
		return "handshake", "TLS failed; does the client use TLS and know the certificate's issuer?"
	case errors.Is(err, lumberjack.ErrProtocol):
		return "malformed", "the client does not speak Lumberjack here; does it use TLS and the receiver not?"
	case errors.Is(err, lumberjack.ErrMemory):
		return "over_memory", "all windows together are too large; the client will send again: raise 'memory', or lower bulk_max_size of the clients"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout", "a window took longer than 'read_timeout'"
	}
	return "broken", ""
}

func outcome(name string) metric.MeasurementOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", name)))
}
