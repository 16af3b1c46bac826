package issuesconnector

import (
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

// maxUnsettled bounds the occurrences that wait to be counted; further ones are counted at once.
const maxUnsettled = 20_000

// tallied is an occurrence on its way into the metrics.
type tallied struct {
	key     issue.Key
	issue   string
	service string
	trace   pcommon.TraceID
	span    pcommon.SpanID
	at      pcommon.Timestamp
}

// unsettled holds occurrences for the time of settle: a counter cannot take back the occurrence of a caller
// whose callee turns out to be the one at fault.
type unsettled struct {
	mu    sync.Mutex // protects items
	items []waiting  // in order of due
}

type waiting struct {
	tallied
	due time.Time
}

// put keeps an occurrence until due; false when there is no room.
func (u *unsettled) put(t tallied, due time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.items) >= maxUnsettled {
		return false
	}
	t.issue, t.service = strings.Clone(t.issue), strings.Clone(t.service) // the batch goes on
	u.items = append(u.items, waiting{t, due})
	return true
}

// take removes what is due; with all, everything.
func (u *unsettled) take(now time.Time, all bool) []waiting {
	u.mu.Lock()
	defer u.mu.Unlock()
	n := 0
	for n < len(u.items) && (all || !u.items[n].due.After(now)) {
		n++
	}
	due := u.items[:n:n]
	u.items = u.items[n:]
	if len(u.items) == 0 {
		u.items = nil
	}
	return due
}
