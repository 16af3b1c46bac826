// Package issue is the memory of the issues: what an issue is, which states it goes through, and
// the stores that keep it.
package issue

import (
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// State is where an issue stands.
type State string

// The states. Which change leads from one to another is documented in docs/issues.md.
const (
	New        State = "new"        // first seen a short time ago, nobody has touched it
	Ongoing    State = "ongoing"    // seen for a while, or reopened by hand
	Resolved   State = "resolved"   // by hand, in the next release, or after a quiet time
	Regressed  State = "regressed"  // seen again after it was resolved
	Escalating State = "escalating" // far more occurrences than its own history lets expect
	Muted      State = "muted"      // for a time, until n more, or until it escalates
)

// Issue is one bug and what is known of it.
type Issue struct {
	ID          string          `json:"id"` // 16 lower-case hex digits
	Title       string          `json:"title"`
	Culprit     string          `json:"culprit"`
	Owner       string          `json:"owner,omitempty"`
	Service     string          `json:"service"` // where it was thrown
	Level       string          `json:"level"`   // fatal, error, warning
	State       State           `json:"state"`
	Basis       grouping.Basis  `json:"basis"`
	Fingerprint []grouping.Part `json:"fingerprint"`
	FirstSeen   time.Time       `json:"first_seen"`
	LastSeen    time.Time       `json:"last_seen"`
	Count       uint64          `json:"count"`
	Users       uint64          `json:"users"` // distinct users, estimated by HyperLogLog
	// Hours holds the occurrences of each of the last 336 hours (two weeks), oldest first; the last
	// element is the hour of LastHour.
	Hours        []uint32          `json:"hours,omitempty"`
	LastHour     int64             `json:"last_hour,omitempty"` // unix hours
	Services     map[string]uint64 `json:"services,omitempty"`  // affected services -> occurrences seen there
	Releases     []Release         `json:"releases,omitempty"`
	Environments map[string]uint64 `json:"environments,omitempty"`
	Tags         map[string]Counts `json:"tags,omitempty"`
	Aliases      []string          `json:"aliases,omitempty"` // issues merged into this one
	History      []Change          `json:"history,omitempty"`
	Tickets      map[string]Ticket `json:"tickets,omitempty"` // by tracker component ID
	Resolution   *Resolution       `json:"resolution,omitempty"`
	Mute         *Mute             `json:"mute,omitempty"`
	Events       []*Event          `json:"-"` // samples: the first, spread, latest; newest last
}

// Counts maps a tag's value to its occurrences; bounded, the rest is under "" .
type Counts map[string]uint64

// Release is one service.version in which an issue was seen.
type Release struct {
	Version   string    `json:"version"`
	Count     uint64    `json:"count"`
	FirstSeen time.Time `json:"first_seen"`
	LastSeen  time.Time `json:"last_seen"`
}

// Change is one entry of an issue's history.
type Change struct {
	Time   time.Time `json:"time"`
	From   State     `json:"from,omitempty"`
	To     State     `json:"to"`
	Reason string    `json:"reason"` // "first occurrence", "resolved by hand", "seen in 1.4.0 after it was resolved in 1.3.2"
}

// Resolution says how an issue was resolved.
type Resolution struct {
	Time        time.Time `json:"time"`
	NextRelease bool      `json:"next_release,omitempty"` // occurrences of the releases known by then do not reopen it
	Releases    []string  `json:"releases,omitempty"`
}

// Mute says until when an issue is muted. Zero fields do not end it.
type Mute struct {
	Since      time.Time `json:"since"`
	Until      time.Time `json:"until,omitzero"`
	UntilCount uint64    `json:"until_count,omitempty"` // total count at which it ends
	Escalating bool      `json:"until_escalating,omitempty"`
}

// Ticket is what a tracker knows an issue as.
type Ticket struct {
	ExternalID string    `json:"external_id"`
	URL        string    `json:"url,omitempty"`
	Status     string    `json:"status"` // open, resolved
	OpenedAt   time.Time `json:"opened_at"`
	LastSent   time.Time `json:"last_sent"`
	Milestone  uint64    `json:"milestone"`       // the last one that was told
	Extra      string    `json:"extra,omitempty"` // the tracker's own: Slack's channel and ts, ...
}
