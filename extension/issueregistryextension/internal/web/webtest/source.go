// Package webtest has a made-up registry for looking at the page and for testing it: services,
// issues and events as a shop of a dozen services would have them.
package webtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Source keeps issues in memory. It obeys the documentation of [issue.Source], and nothing else of
// the registry: it counts nothing by itself.
type Source struct {
	Now func() time.Time

	mu       sync.Mutex
	issues   map[string]*issue.Issue
	texts    map[string]string // what a search looks through, by issue
	aliases  map[string]string
	services []issue.ServiceStats
	watchers map[chan issue.Update]struct{}
	links    issue.Links
}

var _ issue.Source = (*Source)(nil)

// New returns an empty registry.
func New(now func() time.Time) *Source {
	return &Source{
		Now: now, issues: map[string]*issue.Issue{}, texts: map[string]string{}, aliases: map[string]string{}, watchers: map[chan issue.Update]struct{}{},
		links: issue.Links{
			Trace: "http://localhost:16686/trace/{trace_id}",
			Logs:  "http://localhost:3000/explore?left={service}%20{trace_id}",
			Issue: "http://localhost:4380/issues/{issue_id}",
		},
	}
}

// Put adds or replaces an issue and tells the watchers.
func (s *Source) Put(i issue.Issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issues[i.ID] = &i
	s.texts[i.ID] = strings.ToLower(strings.Join([]string{i.Title, i.Culprit, i.Service, i.Owner, i.ID}, "\n"))
	s.tell(&i, false)
}

// Seen counts one more event of an issue, now, and does what the registry would do with its state.
func (s *Source) Seen(id string) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		now := s.Now()
		i.Count++
		i.LastSeen = now
		if hour := now.Unix() / 3600; hour != i.LastHour {
			i.Hours, i.LastHour = append(i.Hours, 0), hour
		}
		if n := len(i.Hours); n > 0 {
			i.Hours = slices.Clone(i.Hours)
			i.Hours[n-1]++
		}
		if i.State == issue.Resolved {
			s.move(i, issue.Regressed, "seen again after it was resolved")
			i.Resolution = nil
		}
		if n := len(i.Events); n > 0 {
			e := *i.Events[n-1]
			e.ID, e.Time = fmt.Sprintf("%032x", i.Count), now
			i.Events = append(slices.Clone(i.Events), &e)
		}
		return nil
	})
}

// SetServices replaces the services.
func (s *Source) SetServices(stats []issue.ServiceStats) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.services = stats
}

// SetLinks replaces the link templates.
func (s *Source) SetLinks(l issue.Links) { s.links = l }

// List implements [issue.Source].
func (s *Source) List(_ context.Context, q issue.Query) (issue.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := issue.Page{States: map[issue.State]int{}}
	var found []*issue.Issue
	words := strings.Fields(strings.ToLower(q.Text))
	for _, i := range s.issues {
		if _, affected := i.Services[q.Service]; q.Service != "" && i.Service != q.Service && !affected {
			continue
		}
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(s.texts[i.ID], w) }) {
			continue
		}
		page.States[i.State]++
		if q.States == nil || slices.Contains(q.States, i.State) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b *issue.Issue) int {
		c := 0
		switch q.Sort {
		case issue.ByFirstSeen:
			c = b.FirstSeen.Compare(a.FirstSeen)
		case issue.ByCount:
			c = cmp.Compare(b.Count, a.Count)
		case issue.ByUsers:
			c = cmp.Compare(b.Users, a.Users)
		default:
			c = b.LastSeen.Compare(a.LastSeen)
		}
		return cmp.Or(c, strings.Compare(a.ID, b.ID))
	})
	page.Total = len(found)
	from := 0
	if q.After != "" {
		if _, err := fmt.Sscanf(q.After, "%d", &from); err != nil || from < 0 || from > len(found) {
			return issue.Page{}, &issue.InvalidError{Reason: "after: not the cursor of a page"}
		}
	}
	limit := cmp.Or(q.Limit, issue.DefaultLimit)
	to := min(from+limit, len(found))
	for _, i := range found[from:to] {
		c := *i
		c.Events = nil
		page.Issues = append(page.Issues, c)
	}
	if to < len(found) {
		page.Next = fmt.Sprint(to)
	}
	return page, nil
}

// Get implements [issue.Source].
func (s *Source) Get(_ context.Context, id string) (issue.Issue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.find(id); ok {
		return *i, nil
	}
	return issue.Issue{}, issue.ErrNotFound
}

func (s *Source) find(id string) (*issue.Issue, bool) {
	if to, ok := s.aliases[id]; ok {
		id = to
	}
	i, ok := s.issues[id]
	return i, ok
}

// Services implements [issue.Source].
func (s *Source) Services(context.Context) ([]issue.ServiceStats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(s.services)
	for n := range out {
		out[n].Issues = map[issue.State]int{}
		for _, i := range s.issues {
			if i.Service == out[n].Service {
				out[n].Issues[i.State]++
			}
		}
	}
	return out, nil
}

// Resolve implements [issue.Source].
func (s *Source) Resolve(_ context.Context, id string, how issue.Resolve) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		r := &issue.Resolution{Time: s.Now(), NextRelease: how.NextRelease}
		for _, release := range i.Releases {
			r.Releases = append(r.Releases, release.Version)
		}
		i.Resolution, i.Mute = r, nil
		s.move(i, issue.Resolved, cmp.Or(how.Reason, "resolved by hand"))
		return nil
	})
}

// Mute implements [issue.Source].
func (s *Source) Mute(_ context.Context, id string, how issue.MuteFor) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		i.Mute = &issue.Mute{Since: s.Now(), Escalating: how.Escalating}
		if how.Duration > 0 {
			i.Mute.Until = s.Now().Add(how.Duration)
		}
		if how.Count > 0 {
			i.Mute.UntilCount = i.Count + how.Count
		}
		s.move(i, issue.Muted, cmp.Or(how.Reason, "muted by hand"))
		return nil
	})
}

// Reopen implements [issue.Source].
func (s *Source) Reopen(_ context.Context, id, reason string) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		i.Resolution, i.Mute = nil, nil
		s.move(i, issue.Ongoing, cmp.Or(reason, "reopened by hand"))
		return nil
	})
}

// Merge implements [issue.Source].
func (s *Source) Merge(_ context.Context, id string, others []string) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		for _, other := range others {
			o, ok := s.find(other)
			if !ok || o.ID == i.ID {
				return &issue.InvalidError{Reason: fmt.Sprintf("merge: %q is no other issue", other)}
			}
			i.Count += o.Count
			i.Aliases = append(append(slices.Clone(i.Aliases), o.ID), o.Aliases...)
			delete(s.issues, o.ID)
			s.tell(o, true)
		}
		for _, alias := range i.Aliases {
			s.aliases[alias] = i.ID
		}
		return nil
	})
}

// Split implements [issue.Source].
func (s *Source) Split(_ context.Context, id string, aliases []string) (issue.Issue, error) {
	return s.change(id, func(i *issue.Issue) error {
		for _, alias := range aliases {
			delete(s.aliases, alias)
			i.Aliases = slices.DeleteFunc(slices.Clone(i.Aliases), func(a string) bool { return a == alias })
		}
		return nil
	})
}

// Watch implements [issue.Source].
func (s *Source) Watch(ctx context.Context) <-chan issue.Update {
	c := make(chan issue.Update, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[c] = struct{}{}
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, c)
		close(c)
	})
	return c
}

// Links implements [issue.Source].
func (s *Source) Links() issue.Links { return s.links }

func (s *Source) change(id string, f func(*issue.Issue) error) (issue.Issue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.find(id)
	if !ok {
		return issue.Issue{}, issue.ErrNotFound
	}
	c := *i
	if err := f(&c); err != nil {
		return issue.Issue{}, err
	}
	s.issues[c.ID] = &c
	s.tell(&c, false)
	return c, nil
}

func (s *Source) move(i *issue.Issue, to issue.State, reason string) {
	i.History = append(slices.Clone(i.History), issue.Change{Time: s.Now(), From: i.State, To: to, Reason: reason})
	i.State = to
}

func (s *Source) tell(i *issue.Issue, removed bool) {
	u := issue.Update{Removed: removed, Issue: issue.Summary{
		ID: i.ID, Title: i.Title, Culprit: i.Culprit, Service: i.Service, Level: i.Level, State: i.State,
		Count: i.Count, Users: i.Users, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen,
	}}
	for c := range s.watchers {
		select {
		case c <- u:
		default: // a slow watcher misses it
		}
	}
}
