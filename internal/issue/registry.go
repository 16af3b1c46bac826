package issue

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// Key identifies an occurrence: hash of issue ID, resource, signal, trace ID, span ID, time and
// ordinal among equal records of the batch. A record that is sent again has the same key. Its hex
// form is the event ID (issue.event_id, Sentry's event_id), therefore it has the bits of a UUID v4.
type Key [16]byte

// String returns the key as 32 lower-case hex digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// Signal says what kind of record told of a failure. A greater value is the better witness.
type Signal uint8

// The witnesses of a failure.
const (
	FailedSpan Signal = iota + 1 // a span with an error status and nothing else
	LogLine                      // a log record without an exception
	SpanEvent                    // an exception event of a span
	LogRecord                    // a log record with an exception
)

// Occurrence is one record that tells of a failure.
type Occurrence struct {
	Key          Key
	Issue        string // grouping.Result.ID
	Title        string
	Culprit      string
	Owner        string
	Level        string
	Basis        grouping.Basis
	Fingerprint  []grouping.Part
	Root         []uint64 // grouping.Result.Root
	Service      string
	Environment  string
	Release      string
	Signal       Signal
	Time         time.Time
	TraceID      [16]byte // zero = none
	SpanID       [8]byte
	ParentSpanID [8]byte           // of a span's own record; zero where unknown
	User         string            // user.hash; "" = unknown
	Tags         map[string]string // may be nil
	// Sample builds the event; called during Judge only, and only when the registry keeps it.
	Sample func() *Event

	user uint64 // hash of the user, where User is not known
	line *Line  // of a ledger, which counts it
}

// Verdict is the registry's answer to one occurrence. The same key gets the same verdict within a
// bounded window, however often a sender repeats a batch.
type Verdict struct {
	Issue     string // the issue it counts for: the occurrence's, the one it was merged into, or the service's overflow issue
	State     State
	Repeat    bool   // another record of a failure that is already counted
	First     bool   // the issue's first occurrence ever
	Count     uint64 // the issue's occurrences, this one included
	Milestone uint64 // the milestone reached by it; 0 = none
	Users     uint64
	FirstSeen time.Time
	LastSeen  time.Time
}

// Registry is what the components of the pipelines see of the issues' memory. All methods are safe
// for concurrent use. The extension issue_registry implements it.
type Registry interface {
	// Judge counts a batch of occurrences and appends one verdict for each to out. It never fails: with
	// its store away it answers from what it knows and catches up later.
	Judge(ctx context.Context, batch []Occurrence, out []Verdict) []Verdict
	// Known returns the verdict on an occurrence that was judged within the window.
	Known(key Key) (Verdict, bool)
	// Breadcrumbs is the table of records by trace that all components share.
	Breadcrumbs() *Breadcrumbs
	// Issue returns what is known of an issue; false when it is not known. Aliases are followed.
	Issue(ctx context.Context, id string) (Issue, bool)
	// Summary returns the part of an issue that travels with its events.
	Summary(ctx context.Context, id string) (Summary, bool)

	// Subscribe makes the outbox keep notices for a consumer (a connector's component ID) from now
	// on. It survives restarts; a consumer that does not claim for the retention time is forgotten.
	Subscribe(ctx context.Context, consumer string) error
	// Claim returns up to limit notices for a consumer, oldest first, and keeps other replicas from
	// claiming them for the time of the lease.
	Claim(ctx context.Context, consumer string, limit int, lease time.Duration) ([]Notice, error)
	// Done removes delivered notices from the consumer's outbox.
	Done(ctx context.Context, consumer string, seqs []uint64) error

	// Ticket returns what a tracker (a component ID) knows an issue as.
	Ticket(ctx context.Context, tracker, id string) (Ticket, bool, error)
	// SetTicket keeps it. An issue with a ticket is evicted last.
	SetTicket(ctx context.Context, tracker, id string, t Ticket) error
	// Lease makes sure that one replica at a time does something: true = this one, until ttl ends.
	Lease(ctx context.Context, name string, ttl time.Duration) (bool, error)
	// Release gives a lease back early.
	Release(ctx context.Context, name string) error

	Reporter
}

// Reporter takes what processors saw of each service, for the services page. Counts are increments
// since the last report.
type Reporter interface {
	Report(reports []ServiceReport)
}

// ServiceReport is what one processor saw of one service since its last report.
type ServiceReport struct {
	Service  string
	Records  map[string]uint64 // by signal: "logs", "traces", "metrics"
	Errors   uint64            // error_issue: records that told of an error
	TraceIDs map[string]uint64 // trace_id, log records by status: present, recovered, generated, missing, invalid
	Redacted map[string]uint64 // pii_redaction: redactions by detector
	// Roots counts server spans that start a new trace although another service's client span called
	// them, by the calling service ("" = unknown); Calls counts all calls by calling service.
	Calls map[string]uint64
	Roots map[string]uint64
}
