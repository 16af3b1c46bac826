package issuesconnector

import (
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/rate"
)

// throttledIssues bounds the issues whose occurrences are bounded one by one.
const throttledIssues = 65536

// throttle bounds the occurrences that are emitted, per issue and in total.
type throttle struct {
	shards [16]*rate.Table
	limit  rate.Limit

	mu    sync.Mutex
	total rate.Window // guarded by mu
}

func newThrottle(cfg ThrottleConfig) *throttle {
	t := &throttle{limit: cfg.Total}
	for i := range t.shards {
		t.shards[i] = rate.NewTable(cfg.PerIssue, throttledIssues/len(t.shards))
	}
	return t
}

// take counts an occurrence and tells whether it may be emitted.
func (t *throttle) take(issue string, now time.Time) bool {
	shard := 0
	if issue != "" {
		shard = int(issue[len(issue)-1]) % len(t.shards)
	}
	if !t.shards[shard].Take(issue, now) {
		return false
	}
	if t.limit.Unlimited() {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total.Take(t.limit, now)
}
