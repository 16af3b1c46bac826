package issue

import (
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// ByOverflow is the basis of an issue that takes what a service's rate of new issues did not allow.
const ByOverflow grouping.Basis = "overflow"

// NewLimiter is implemented by registries that bound the rate at which a service makes new issues;
// what is above it goes to one overflow issue of that service. The last caller's limit counts.
type NewLimiter interface {
	LimitNew(limit int, per time.Duration)
}

var _ NewLimiter = (*Core)(nil)

// LimitNew sets how many new issues a service may make within a time; a negative limit allows all.
func (c *Core) LimitNew(limit int, per time.Duration) { c.limit.set(limit, per) }

// newLimit is a fixed window for each service.
type newLimit struct {
	mu       sync.Mutex
	limit    int
	per      time.Duration
	from     time.Time
	services map[string]int
}

// maxLimited bounds the services that are told apart; the others share one window.
const maxLimited = 10000

func (l *newLimit) set(limit int, per time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.per = limit, per
}

// allows tells whether a service may have one more, and with take counts it.
func (l *newLimit) allows(service string, now time.Time, take bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit < 0 {
		return true
	}
	if l.services == nil || now.Sub(l.from) >= l.per || now.Before(l.from) {
		l.services, l.from = map[string]int{}, now
	}
	n, known := l.services[service]
	if !known && len(l.services) >= maxLimited {
		service = ""
		n = l.services[service]
	}
	if n >= l.limit {
		return false
	}
	if take {
		l.services[service] = n + 1
	}
	return true
}

// overflowOf returns the description of a service's overflow issue for an occurrence.
func overflowOf(o *Occurrence) Occurrence {
	x := *o
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], xxhash.Sum64String("overflow\x00"+o.Service))
	x.Issue = hex.EncodeToString(b[:])
	x.Title = "Too many different errors to tell apart"
	x.Culprit = o.Service
	x.Basis = ByOverflow
	x.Fingerprint = []grouping.Part{{Name: "service", Value: o.Service}}
	return x
}
