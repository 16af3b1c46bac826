// Package card makes what a tracker shows of an issue: title, body and comments, in the markup of each.
package card

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Action is what is to become of a ticket.
type Action string

// The actions.
const (
	Open     Action = "open"
	Update   Action = "update"   // a milestone was reached, or time has passed
	Escalate Action = "escalate" // far more than before
	Resolve  Action = "resolve"
	Reopen   Action = "reopen"
)

// Card is all that a target needs to know of one action.
type Card struct {
	Key      string // 32 lower-case hex digits, the same for an issue for ever
	Action   Action
	Sequence string // tells repeated actions on one issue apart; equal when the same action is tried again
	Tracker  string // component ID

	Issue     issue.Summary
	Event     *issue.Event // never nil
	Previous  issue.State
	Reason    string
	Milestone uint64
	Time      time.Time // of what brought it about
	Severity  int       // 1 (fatal) to 5 (debug); an escalating issue is one step higher
	TraceURL  string
	LogsURL   string

	Title string // one line
	Text  Text   // of the ticket
	Note  Text   // of the comment
}

// Text is a document, or what the user's template made in the target's own markup.
type Text struct {
	Doc Doc
	Own string // from a template; "" = Doc
}

// Key is the key of an issue: a hash of the issue's ID, so that it fits every service.
func Key(issueID string) string {
	sum := sha256.Sum256([]byte("culprit issue " + issueID))
	return hex.EncodeToString(sum[:16])
}

// Label is the label under which trackers find a ticket again; 40 characters, GitHub allows 50.
func (c *Card) Label() string { return LabelOf(c.Key) }

// LabelOf is the label of a key.
func LabelOf(key string) string { return "otel-fp-" + key }

// Resolved tells that the ticket is to be closed.
func (c *Card) Resolved() bool { return c.Action == Resolve }

// New makes the card of a notice.
func New(n *issue.Notice, action Action, links issue.Links) *Card {
	c := &Card{
		Key: Key(n.Issue.ID), Action: action, Issue: n.Issue, Event: n.Event, Previous: n.Previous, Reason: n.Reason,
		Milestone: n.Milestone, Time: n.Time, Severity: Severity(n.Issue.Level),
	}
	if c.Event == nil {
		c.Event = &issue.Event{Time: n.Time, Service: n.Issue.Service, Level: n.Issue.Level}
	}
	if action == Escalate || n.Issue.State == issue.Escalating {
		c.Severity = max(1, c.Severity-1)
	}
	replace := strings.NewReplacer(
		"{trace_id}", url.PathEscape(c.Event.TraceID), "{span_id}", url.PathEscape(c.Event.SpanID),
		"{issue_id}", url.PathEscape(n.Issue.ID), "{service}", url.QueryEscape(n.Issue.Service),
	)
	if c.Event.TraceID != "" {
		c.TraceURL, c.LogsURL = replace.Replace(links.Trace), replace.Replace(links.Logs)
	}
	if links.Issue != "" { // the event has the registry's
		c.Issue.URL = replace.Replace(links.Issue)
	}
	return c
}

// Severity turns a level into 1 (fatal) to 5 (debug).
func Severity(level string) int {
	switch level {
	case "fatal":
		return 1
	case "warning":
		return 3
	case "info":
		return 4
	case "debug":
		return 5
	}
	return 2
}

// Release is the release that the event tells of, or the newest known.
func (c *Card) Release() string {
	if c.Event.Release != "" || len(c.Issue.Releases) == 0 {
		return c.Event.Release
	}
	return c.Issue.Releases[len(c.Issue.Releases)-1]
}
