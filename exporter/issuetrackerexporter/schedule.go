package issuetrackerexporter

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
)

// maxScheduled bounds the issues that are looked at again without an event.
const maxScheduled = 20_000

// scheduled is an issue that is to be looked at again.
type scheduled struct {
	notice issue.Notice
	next   time.Time
}

// schedule remembers when to look at which issue again. When it is full the one that is farthest off is
// forgotten: the next event of its issue brings it back.
type schedule struct {
	mu      sync.Mutex
	entries map[string]scheduled // guarded by mu
	first   time.Time            // guarded by mu; nothing is due before
}

// set plans for an issue; the zero time unplans it.
func (s *schedule) set(n *issue.Notice, next time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := n.Issue.ID
	if next.IsZero() {
		delete(s.entries, id)
		return
	}
	if s.entries == nil {
		s.entries = map[string]scheduled{}
	}
	if _, ok := s.entries[id]; !ok && len(s.entries) >= maxScheduled {
		s.shrink()
	}
	s.entries[id] = scheduled{*n, next}
	if s.first.IsZero() || next.Before(s.first) {
		s.first = next
	}
}

// shrink forgets the tenth that is farthest off. Callers hold mu.
func (s *schedule) shrink() {
	ids := make([]string, 0, len(s.entries))
	for id := range s.entries {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Compare(s.entries[b].next.UnixNano(), s.entries[a].next.UnixNano()) })
	for _, id := range ids[:len(ids)/10+1] {
		delete(s.entries, id)
	}
}

// due takes what is due out.
func (s *schedule) due(now time.Time) []issue.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first.IsZero() || now.Before(s.first) {
		return nil
	}
	var out []issue.Notice
	s.first = time.Time{}
	for id, e := range s.entries {
		if !now.Before(e.next) {
			out = append(out, e.notice)
			delete(s.entries, id)
		} else if s.first.IsZero() || e.next.Before(s.first) {
			s.first = e.next
		}
	}
	slices.SortFunc(out, func(a, b issue.Notice) int { return a.Time.Compare(b.Time) })
	return out
}

// lister is what the registry can do besides: it makes scheduled work survive a restart.
type lister interface {
	List(ctx context.Context, q issue.Query) (issue.Page, error)
}

// restore plans for the tickets that the registry knows.
func (e *trackerExporter) restore(ctx context.Context) {
	list, ok := e.tickets.registry.(lister)
	if !ok {
		return
	}
	q := issue.Query{Limit: issue.MaxLimit}
	for range maxScheduled / issue.MaxLimit {
		page, err := list.List(ctx, q)
		if err != nil {
			e.log.Warn("Open tickets could not be listed; they are updated with the next event of their issues", zap.Error(err))
			return
		}
		for i := range page.Issues {
			e.restoreOne(&page.Issues[i])
		}
		if q.After = page.Next; q.After == "" || ctx.Err() != nil {
			return
		}
	}
}

func (e *trackerExporter) restoreOne(i *issue.Issue) {
	kept, ok := i.Tickets[e.tickets.tracker]
	if !ok {
		return
	}
	t := read(kept)
	n := &issue.Notice{Name: issue.EventMilestone, Time: i.LastSeen, Issue: i.Summary(), Event: &issue.Event{Time: i.LastSeen, Service: i.Service, Level: i.Level}}
	now := time.Now()
	switch t.Status {
	case statusOpen:
		if i.State != issue.Muted {
			e.refresh.set(n, t.ref())
		}
		e.schedule.set(n, e.next(n, &t)) // what was held back, or lost, when the process ended
	case statusResolved, statusGone:
		if i.State == issue.Regressed && untold(i.State, &t) {
			e.schedule.set(n, now)
		}
	case statusHeld, statusOpening:
		e.schedule.set(n, now)
	}
}

// loop does what is due until ctx ends.
func (e *trackerExporter) loop(ctx context.Context) {
	if e.tickets.registry != nil {
		e.restore(ctx)
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			e.tick(ctx, now)
		}
	}
}

// tick does what is due at a time.
func (e *trackerExporter) tick(ctx context.Context, now time.Time) {
	for _, n := range e.schedule.due(now) {
		if ctx.Err() != nil {
			return
		}
		fresh, ok := e.fresh(ctx, &n)
		if !ok {
			continue
		}
		out, err := e.handle(ctx, fresh)
		if err != nil {
			x := wire.As(err)
			e.report(x)
			if x.Kind == wire.Refused {
				e.count(ctx, rejected)
				e.log.Error("A scheduled update was refused", zap.String("issue", n.Issue.ID), zap.Error(err))
				continue
			}
			e.schedule.set(&n, now.Add(max(x.Wait, 10*time.Second)))
			continue
		}
		if out == sent {
			e.report(nil)
		}
	}
	e.sendDigest(ctx, now)
	e.sendRefresh(ctx, now)
}

// fresh is what the registry knows of an issue now; false when it has forgotten it.
func (e *trackerExporter) fresh(ctx context.Context, n *issue.Notice) (*issue.Notice, bool) {
	out := current(n)
	if e.tickets.registry == nil {
		return out, true
	}
	i, ok := e.tickets.registry.Issue(ctx, n.Issue.ID)
	if !ok {
		return out, true // known by its events only
	}
	url := out.Issue.URL
	out.Issue = i.Summary()
	out.Issue.URL = cmp.Or(e.links.IssueURL(i.ID, i.Service), url)
	out.Time = time.Now()
	if len(i.Events) > 0 {
		out.Event = i.Events[len(i.Events)-1]
	}
	t, err := e.tickets.load(ctx, n.Issue.ID)
	if err == nil && t.memo.State != string(i.State) && t.Status != statusNone && t.Status != statusHeld {
		out.Name, out.Reason = issue.EventStateChanged, n.Reason
		if out.Reason == "" && len(i.History) > 0 {
			out.Reason = i.History[len(i.History)-1].Reason
		}
	}
	return out, true
}
