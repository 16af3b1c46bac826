package wire

import (
	"context"
	"time"

	"github.com/otel-culprit/culprit/internal/rate"
)

// Gate is a [Client]'s limiter for requests that a library sends.
type Gate struct{ limit *limiter }

// NewGate returns a gate.
func NewGate(l rate.Limit) *Gate { return &Gate{newLimiter(l)} }

// Do waits for its turn, sends, and closes the gate for as long as the answer says.
func (g *Gate) Do(ctx context.Context, place string, send func(context.Context) *Error) error {
	if err := g.limit.wait(ctx, place); err != nil {
		return err
	}
	e := send(ctx)
	if e == nil {
		return nil
	}
	if e.Kind == Unauthorized {
		e.Wait = max(e.Wait, deniedWait)
	}
	if e.Kind != Refused && !e.Local {
		g.limit.close(e, time.Now())
	}
	return e
}
