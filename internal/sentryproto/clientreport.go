package sentryproto

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Reason says why a client did not deliver something
// (https://develop.sentry.dev/sdk/telemetry/client-reports/).
type Reason string

// The reasons that are used here.
const (
	ReasonRateLimit Reason = "ratelimit_backoff"
	ReasonSendError Reason = "send_error"
	ReasonInvalid   Reason = "invalid"
)

// Discarded is an entry of a client report.
type Discarded struct {
	Reason   Reason   `json:"reason"`
	Category Category `json:"category"`
	Quantity int64    `json:"quantity"`
}

// ClientReports counts what was dropped until a report is sent. It is safe for concurrent use.
type ClientReports struct {
	mu     sync.Mutex
	counts map[[2]string]int64
}

// Add counts n things that were dropped.
func (r *ClientReports) Add(reason Reason, c Category, n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[[2]string]int64{}
	}
	r.counts[[2]string{string(reason), string(c)}] += n
}

// Take returns what was counted, sorted, and starts again from zero; nil when there is nothing.
func (r *ClientReports) Take() []Discarded {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Discarded
	for k, n := range r.counts {
		out = append(out, Discarded{Reason(k[0]), Category(k[1]), n})
	}
	clear(r.counts)
	slices.SortFunc(out, func(a, b Discarded) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Category, b.Category))
	})
	return out
}

// Return gives back what [ClientReports.Take] took and could not be sent.
func (r *ClientReports) Return(taken []Discarded) {
	for _, d := range taken {
		r.Add(d.Reason, d.Category, d.Quantity)
	}
}

// MarshalClientReport makes the payload of a client_report item.
func MarshalClientReport(at time.Time, discarded []Discarded) []byte {
	b, err := json.Marshal(struct {
		Timestamp float64     `json:"timestamp"`
		Discarded []Discarded `json:"discarded_events"`
	}{float64(at.UnixMilli()) / 1e3, discarded})
	if err != nil { // numbers and strings only: cannot happen
		return []byte(`{"discarded_events":[]}`)
	}
	return b
}

// KnownReason returns a reason as it is, or "other" when the documentation has no such reason: it
// becomes an attribute of a metric.
func KnownReason(s string) Reason {
	switch s {
	case "queue_overflow", "cache_overflow", "buffer_overflow", "ratelimit_backoff", "network_error", "sample_rate",
		"before_send", "event_processor", "send_error", "internal_sdk_error", "insufficient_data", "backpressure",
		"ignored", "invalid", "no_parent_span":
		return Reason(s)
	}
	return "other"
}

// KnownCategory returns a category as it is, or "other" when it is unknown.
func KnownCategory(s string) Category {
	if c := Category(s); knownCategories[c] {
		return c
	}
	return "other"
}
