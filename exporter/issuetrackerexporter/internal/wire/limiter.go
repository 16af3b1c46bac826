package wire

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/rate"
)

// patience is how long a request waits for its turn where its context says nothing; what would wait longer
// is given back to the queue.
const patience = 2 * time.Second

type patienceKey struct{}

// Patient lets the requests of a context wait up to a time: for their turn, and for the end of a limit. A queue
// that is told to try again later waits longer than most limits last.
func Patient(ctx context.Context, until time.Time) context.Context {
	return context.WithValue(ctx, patienceKey{}, until)
}

// waits tells whether a context has the patience to wait until a time.
func waits(ctx context.Context, now, until time.Time) bool {
	limit, ok := ctx.Value(patienceKey{}).(time.Time)
	if !ok {
		limit = now.Add(patience)
	}
	return !until.After(limit)
}

// sleep waits; its error is that of a request which was given up.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return &Error{Kind: Later, Err: ctx.Err()}
	case <-timer.C:
		return nil
	}
}

// limiter is a token bucket in front of one target, which the target can also close for a time.
type limiter struct {
	each  time.Duration // time in which one token comes back; 0 = no limit
	burst int

	mu     sync.Mutex
	full   time.Time // when the bucket is full again
	closed time.Time // until when the target wants no requests
	why    *Error
}

func newLimiter(l rate.Limit) *limiter {
	if l.Unlimited() {
		return &limiter{}
	}
	return &limiter{each: l.Per() / time.Duration(max(l.Count(), 1)), burst: max(l.Count(), 1)}
}

// wait takes a token, if need be after a time.
func (l *limiter) wait(ctx context.Context, place string) error {
	for {
		delay, again, err := l.take(ctx, place)
		if err != nil {
			return err
		}
		if err := sleep(ctx, delay); err != nil || !again {
			return err
		}
	}
}

// take tells how long to wait for a token, or, when the target is closed, before asking again.
func (l *limiter) take(ctx context.Context, place string) (delay time.Duration, again bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Before(l.closed) {
		_, patient := ctx.Value(patienceKey{}).(time.Time)
		if patient && l.why.Kind == Limited && waits(ctx, now, l.closed) {
			return l.closed.Sub(now), true, nil
		}
		e := *l.why
		e.Wait, e.Unsure, e.Body = l.closed.Sub(now), false, nil
		return 0, false, &e
	}
	if l.each == 0 {
		return 0, false, nil
	}
	if l.full.Before(now) {
		l.full = now
	}
	// With the token taken the bucket lacks full-now; it can lack at most burst tokens.
	delay = l.full.Add(l.each).Sub(now) - time.Duration(l.burst)*l.each
	if !waits(ctx, now, now.Add(delay)) {
		return 0, false, &Error{Kind: Limited, Wait: delay, Err: fmt.Errorf("%s: own rate limit reached, next request in %s", place, delay.Round(time.Second))}
	}
	l.full = l.full.Add(l.each)
	return delay, false, nil
}

// close keeps requests away for a time because of an answer.
func (l *limiter) close(why *Error, now time.Time) {
	if why.Wait <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := now.Add(why.Wait); until.After(l.closed) {
		l.closed, l.why = until, why
	}
}
