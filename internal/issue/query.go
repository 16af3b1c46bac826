package issue

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is returned for an issue that the registry does not know (any more).
var ErrNotFound = errors.New("no such issue")

// InvalidError is a request that cannot be right; its text is meant for the one who asked.
type InvalidError struct{ Reason string }

func (e *InvalidError) Error() string { return e.Reason }

// Sort is the order of a list.
type Sort string

// The orders; all are descending. Issues that compare equal follow by ID, so that pages never
// overlap.
const (
	ByLastSeen  Sort = "last_seen" // the default
	ByFirstSeen Sort = "first_seen"
	ByCount     Sort = "count"
	ByUsers     Sort = "users"
)

// Bounds of [Query.Limit].
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Query selects issues. The zero value means: all issues, the latest seen first, first page.
type Query struct {
	States  []State // any of them; nil = all
	Service string  // origin or affected service; "" = all
	Text    string  // words that must all occur in title, culprit, service, owner or ID; case does not matter
	Sort    Sort    // "" = ByLastSeen
	Limit   int     // 0 = DefaultLimit; at most MaxLimit
	After   string  // Page.Next of the page before; "" = first page
}

// Page is one page of a list.
type Page struct {
	Issues []Issue       // without Events; Hours are filled in for the sparkline
	Next   string        // Query.After of the next page; "" = this was the last
	Total  int           // issues that match, on all pages
	States map[State]int // issues per state that match Service and Text, whatever Query.States says (for the tabs)
}

// ServiceStats is what the pipelines reported of one service, summed up since it was first heard
// of, at most [StatsWindow] ago, and the state of its issues.
type ServiceStats struct {
	Service  string            `json:"service"`
	LastSeen time.Time         `json:"last_seen"`
	Records  map[string]uint64 `json:"records,omitempty"` // by signal: "logs", "traces", "metrics"
	Errors   uint64            `json:"errors"`            // records that told of an error
	// ErrorRate is Errors / (logs + spans), 0..1; 0 when nothing is known.
	ErrorRate float64           `json:"error_rate"`
	TraceIDs  map[string]uint64 `json:"trace_ids,omitempty"` // log records by status: present, recovered, generated, missing, invalid
	// Coverage is the share of log records with a trace ID of their own or a recovered one, 0..1;
	// -1 when no log was seen.
	Coverage float64           `json:"coverage"`
	Redacted map[string]uint64 `json:"redacted,omitempty"` // redactions by detector
	Calls    map[string]uint64 `json:"calls,omitempty"`    // server spans by calling service
	Roots    map[string]uint64 `json:"roots,omitempty"`    // those that lost the context of the caller ("" = unknown)
	// LostContext is the share of calls that start a trace of their own, 0..1; -1 when no call was seen.
	LostContext float64       `json:"lost_context"`
	Issues      map[State]int `json:"issues,omitempty"`
}

// StatsWindow bounds how far back [ServiceStats] reach.
const StatsWindow = 24 * time.Hour

// Resolve says how an issue is to be resolved.
type Resolve struct {
	NextRelease bool   // only a newer service.version than those known now reopens it
	Reason      string // "" = "resolved by hand"
}

// MuteFor says until when an issue is to be muted: whichever comes first. The zero value mutes it
// for ever.
type MuteFor struct {
	Duration   time.Duration // 0 = no end by time
	Count      uint64        // ends after so many further occurrences; 0 = no end by count
	Escalating bool          // ends when it escalates
	Reason     string        // "" = "muted by hand"
}

// Update tells a watcher that something changed.
type Update struct {
	Issue   Summary `json:"issue"`
	Removed bool    `json:"removed,omitempty"` // evicted, or merged into another one
}

// Source is what the JSON API and the web page read and do. All methods are safe for concurrent
// use. Errors are [ErrNotFound], *[InvalidError], or the store's.
type Source interface {
	List(ctx context.Context, q Query) (Page, error)
	// Get returns an issue with its Events (newest last). Aliases are followed: the result's ID may
	// be another than id.
	Get(ctx context.Context, id string) (Issue, error)
	// Services returns all services that were heard of, by name.
	Services(ctx context.Context) ([]ServiceStats, error)

	Resolve(ctx context.Context, id string, how Resolve) (Issue, error)
	Mute(ctx context.Context, id string, how MuteFor) (Issue, error)
	// Reopen ends a resolution or a mute; the issue is ongoing.
	Reopen(ctx context.Context, id, reason string) (Issue, error)
	// Merge adds others to the issue id; their IDs become aliases of it.
	Merge(ctx context.Context, id string, others []string) (Issue, error)
	// Split takes aliases out again: they become issues of their own with their next occurrence. The
	// counts that they brought stay where they are.
	Split(ctx context.Context, id string, aliases []string) (Issue, error)

	// Watch returns a channel of changes until ctx ends. A watcher that is too slow misses updates
	// (it is never waited for), at most one a second for each issue.
	Watch(ctx context.Context) <-chan Update
	// Links are the configured link templates with {trace_id}, {span_id}, {issue_id}, {service}.
	Links() Links
}

// Links are templates of URLs into other systems; "" = no link. {trace_id}, {span_id}, {issue_id} and {service} are
// replaced by URL-escaped values.
type Links struct {
	Trace string
	Logs  string
	Issue string
}
