package issue

import (
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Names of the log events that the issues connector emits; docs/issue-event.md is their schema.
const (
	EventOccurrence   = "issue.occurrence"
	EventStateChanged = "issue.state_changed"
	EventMilestone    = "issue.milestone"
)

// Event is one occurrence with everything a person needs to understand it. It is what the registry
// keeps as a sample and what exporters send to trackers.
type Event struct {
	ID          string                 `json:"id"` // 32 lower-case hex digits; the occurrence's key, so equal for a resent record
	Time        time.Time              `json:"time"`
	TraceID     string                 `json:"trace_id,omitempty"` // 32 hex; "" = none
	SpanID      string                 `json:"span_id,omitempty"`  // 16 hex
	Service     string                 `json:"service"`
	Environment string                 `json:"environment,omitempty"`
	Release     string                 `json:"release,omitempty"` // service.version
	Level       string                 `json:"level"`             // fatal, error, warning, info, debug
	Message     string                 `json:"message,omitempty"` // the log record's body
	Template    string                 `json:"template,omitempty"`
	Logger      string                 `json:"logger,omitempty"`      // scope name or logger attribute
	Transaction string                 `json:"transaction,omitempty"` // route or span name
	Language    stacktrace.Language    `json:"language,omitempty"`
	Handled     *bool                  `json:"handled,omitempty"`    // nil = unknown
	Exceptions  []stacktrace.Exception `json:"exceptions,omitempty"` // outermost first, frames crash site first
	Stack       string                 `json:"stack,omitempty"`      // exception.stacktrace as it came, bounded
	Breadcrumbs []Breadcrumb           `json:"breadcrumbs,omitempty"`
	Request     map[string]string      `json:"request,omitempty"` // method, url, query_string, header.<name>, status_code, client_address
	User        map[string]string      `json:"user,omitempty"`    // id, hash, name, email
	Tags        map[string]string      `json:"tags,omitempty"`
	Resource    map[string]string      `json:"resource,omitempty"` // resource attributes
	Extra       map[string]string      `json:"extra,omitempty"`    // the record's other attributes, bounded
}

// Breadcrumb is a record that came before the error in the same trace.
type Breadcrumb struct {
	Time     time.Time         `json:"time"`
	Service  string            `json:"service,omitempty"`
	Category string            `json:"category,omitempty"` // logger, or the span's kind
	Level    string            `json:"level,omitempty"`
	Message  string            `json:"message"`
	SpanID   string            `json:"span_id,omitempty"`
	Data     map[string]string `json:"data,omitempty"`
}

// Notice is an event about an issue on its way to the trackers: an occurrence, or a change that no
// record brought about.
type Notice struct {
	Seq       uint64    `json:"seq"`  // position in the outbox; 0 = not from the outbox
	Name      string    `json:"name"` // EventOccurrence, EventStateChanged, EventMilestone
	Time      time.Time `json:"time"`
	Issue     Summary   `json:"issue"`
	Previous  State     `json:"previous,omitempty"`  // EventStateChanged
	Reason    string    `json:"reason,omitempty"`    // EventStateChanged
	Milestone uint64    `json:"milestone,omitempty"` // EventMilestone
	Event     *Event    `json:"event,omitempty"`     // the occurrence, or the latest sample
}

// Summary is the part of an issue that travels with every event as issue.* attributes.
type Summary struct {
	ID          string          `json:"id"`
	Title       string          `json:"title"`
	Culprit     string          `json:"culprit"`
	Owner       string          `json:"owner,omitempty"`
	Service     string          `json:"service"`
	Level       string          `json:"level"`
	State       State           `json:"state"`
	Count       uint64          `json:"count"`
	Users       uint64          `json:"users"`
	FirstSeen   time.Time       `json:"first_seen"`
	LastSeen    time.Time       `json:"last_seen"`
	URL         string          `json:"url,omitempty"`
	Basis       grouping.Basis  `json:"basis,omitempty"`
	Fingerprint []grouping.Part `json:"fingerprint,omitempty"`
	Releases    []string        `json:"releases,omitempty"`
	Services    []string        `json:"services,omitempty"`
}
