package issuetrackerexporter

import (
	"slices"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/issue"
)

// outcome is what becomes of an event.
type outcome string

// The values of the attribute outcome; see metadata.yaml.
const (
	sent     outcome = "sent"
	nothing  outcome = "nothing"
	filtered outcome = "filtered"
	held     outcome = "held"
	stale    outcome = "stale"
	muted    outcome = "muted"
	rejected outcome = "rejected"
	deleted  outcome = "gone"
	invalid  outcome = "invalid"
)

// decision is what is to be done about an event.
type decision struct {
	action  card.Action // "" = nothing, for the reason in outcome
	outcome outcome
	again   time.Time // when to look at the issue again; zero = when there is another event
}

// policy is the part of the configuration that decides.
type policy struct {
	rules       rules
	quiet       *quiet
	digest      *DigestConfig
	updates     []uint64
	every       time.Duration
	minInterval time.Duration
	onResolve   OnResolve
}

// decide says what an event does to a ticket.
func (p *policy) decide(n *issue.Notice, t *ticket, now time.Time) decision {
	d := p.wish(n, t, now)
	if d.action == "" {
		return d
	}
	level := n.Issue.Level
	if end := p.quiet.until(now, level); !end.IsZero() {
		return decision{outcome: held, again: end}
	}
	return d
}

// inDigest tells whether an event is told with others. The beginnings of digests are whole multiples of
// its length, so that all replicas agree.
func (p *policy) inDigest(n *issue.Notice) bool {
	return p.digest != nil && !slices.Contains(p.digest.Except, n.Issue.Level)
}

// wish is decide without quiet hours.
func (p *policy) wish(n *issue.Notice, t *ticket, now time.Time) decision {
	change := n.Name == issue.EventStateChanged
	if change && !n.Time.After(t.memo.At) {
		return decision{outcome: stale}
	}
	switch n.Issue.State {
	case issue.Muted:
		return decision{outcome: muted}
	case issue.Resolved:
		return p.resolved(t, change)
	}
	switch t.Status {
	case statusOpen:
		return p.goesOn(n, t, change, now)
	case statusResolved:
		if n.Time.After(t.memo.At) {
			return decision{action: card.Reopen}
		}
		return decision{outcome: stale} // it happened before, and only comes late
	case statusGone:
		if n.Issue.State == issue.Regressed && (change || t.memo.State != string(issue.Regressed)) {
			return decision{action: card.Reopen}
		}
		return decision{outcome: deleted}
	}
	if !p.rules.sends(n) {
		return decision{outcome: filtered}
	}
	return decision{action: card.Open}
}

func (p *policy) resolved(t *ticket, change bool) decision {
	if !change || t.Status != statusOpen && t.Status != statusOpening || p.onResolve == ResolveIgnore {
		return decision{outcome: nothing}
	}
	return decision{action: card.Resolve}
}

// goesOn decides about an issue that has an open ticket.
func (p *policy) goesOn(n *issue.Notice, t *ticket, change bool, now time.Time) decision {
	switch {
	case n.Issue.State == issue.Regressed && change:
		return decision{action: card.Reopen}
	case n.Issue.State == issue.Escalating && (change || t.memo.State != string(issue.Escalating)):
		return decision{action: card.Escalate}
	}
	due := time.Time{}
	if p.every > 0 {
		due = t.LastSent.Add(p.every)
	}
	scheduled := p.every > 0 && n.Issue.Count > t.memo.Count && !now.Before(due)
	if !scheduled && p.reached(n) <= t.Milestone {
		return decision{outcome: nothing, again: due}
	}
	if next := t.LastSent.Add(p.minInterval); now.Before(next) {
		return decision{outcome: held, again: next}
	}
	return decision{action: card.Update}
}

// reached is the highest count to tell of that was reached; 0 = none. A collector that was away does not see
// each count.
func (p *policy) reached(n *issue.Notice) uint64 {
	count := max(n.Issue.Count, n.Milestone)
	var out uint64
	for _, m := range p.updates {
		if count >= m {
			out = m
		}
	}
	return out
}
