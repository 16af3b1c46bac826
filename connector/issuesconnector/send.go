package issuesconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// How the side pipeline is fed.
const (
	sendBatch   = 100
	firstPause  = 100 * time.Millisecond
	longestWait = 5 * time.Second
	// refusals is how often an event is offered that the side pipeline says it will never take: the
	// answer may come from one of several exporters, or while one of them starts.
	refusals = 3
)

// send delivers the outbox to the side pipeline until the run is stopped and the outbox is empty.
func (c *core) send(r *run) {
	stop := r.stop
	for {
		items, next := c.outbox.take(sendBatch, time.Now(), stop == nil)
		if len(items) > 0 {
			c.deliver(r, items)
			if r.ctx.Err() != nil {
				return
			}
			continue
		}
		if stop == nil {
			return
		}
		var due <-chan time.Time
		if !next.IsZero() {
			timer := time.NewTimer(time.Until(next))
			due = timer.C
		}
		select {
		case <-c.outbox.wake:
		case <-due:
		case <-stop:
			stop = nil // what is left is due now
		}
	}
}

// deliver builds the events of some items and offers them until they are taken.
func (c *core) deliver(r *run, items []item) {
	ld := plog.NewLogs()
	for i := range items {
		rl := ld.ResourceLogs().AppendEmpty()
		if !c.build(r.ctx, &items[i], rl) {
			last := ld.ResourceLogs().Len() - 1
			n := 0
			ld.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { n++; return n > last })
		}
	}
	if ld.LogRecordCount() == 0 {
		return
	}
	if !c.offerLogs(r, ld, refusals) {
		c.count(outcomeDropped, ld.LogRecordCount())
	}
}

// offerLogs offers events until the side pipeline takes them or refuses them for ever, which it may
// say patience times; false when the run ended before.
func (c *core) offerLogs(r *run, ld plog.Logs, patience int) bool {
	pause := firstPause
	for {
		err := c.logs.ConsumeLogs(r.ctx, own(ld))
		if err == nil {
			c.count(outcomeDelivered, ld.LogRecordCount())
			return true
		}
		if consumererror.IsPermanent(err) {
			if patience--; patience <= 0 {
				return c.singly(r, ld, err)
			}
		}
		if !c.pause(r, &pause) {
			return false
		}
	}
}

// singly offers events one by one, so that one that is refused for ever takes no other with it.
func (c *core) singly(r *run, ld plog.Logs, err error) bool {
	if ld.LogRecordCount() == 1 {
		c.count(outcomeRefused, 1)
		c.logger.Warn("The side pipeline refuses an issue event for ever.", zap.Error(err))
		return true
	}
	for _, rl := range ld.ResourceLogs().All() {
		one := plog.NewLogs()
		rl.CopyTo(one.ResourceLogs().AppendEmpty())
		if !c.offerLogs(r, one, 1) {
			return false
		}
	}
	return true
}

// pause waits before the next offer, longer each time; false when the run is over.
func (c *core) pause(r *run, d *time.Duration) bool {
	timer := time.NewTimer(*d)
	defer timer.Stop()
	*d = min(2**d, longestWait)
	select {
	case <-timer.C:
		return true
	case <-r.ctx.Done():
		return false
	}
}

// own copies events, as a pipeline may change or keep what it was offered and refused.
func own(ld plog.Logs) plog.Logs {
	out := plog.NewLogs()
	ld.CopyTo(out)
	return out
}

// subscribe makes the registry keep notices for this component; what fails now is tried again later.
func (c *core) subscribe(ctx context.Context) {
	if err := c.registry.Subscribe(ctx, c.id.String()); err != nil {
		c.logger.Warn("The registry does not keep notices yet.", zap.Error(err))
		return
	}
	c.ready.Store(true)
}
