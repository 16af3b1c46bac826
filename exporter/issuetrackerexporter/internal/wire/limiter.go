package wire

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/rate"
)

// patience is how long a request waits for its turn; what would wait longer is given back to the queue.
const patience = 2 * time.Second

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

// wait takes a token, if need be after a short time.
func (l *limiter) wait(ctx context.Context, place string) error {
	l.mu.Lock()
	now := time.Now()
	if now.Before(l.closed) {
		err := *l.why
		err.Wait, err.Unsure, err.Body = l.closed.Sub(now), false, nil
		l.mu.Unlock()
		return &err
	}
	if l.each == 0 {
		l.mu.Unlock()
		return nil
	}
	if l.full.Before(now) {
		l.full = now
	}
	// With the token taken the bucket lacks full-now; it can lack at most burst tokens.
	delay := l.full.Add(l.each).Sub(now) - time.Duration(l.burst)*l.each
	if delay > patience {
		l.mu.Unlock()
		return &Error{Kind: Limited, Wait: delay, Err: fmt.Errorf("%s: own rate limit reached, next request in %s", place, delay.Round(time.Second))}
	}
	l.full = l.full.Add(l.each)
	l.mu.Unlock()
	if delay <= 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return &Error{Kind: Later, Err: ctx.Err()}
	case <-timer.C:
		return nil
	}
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
