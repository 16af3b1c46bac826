package issue

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"
)

// Issue implements [Registry].
func (c *Core) Issue(ctx context.Context, id string) (Issue, bool) {
	list, err := c.whole(ctx, []string{c.alias(id)})
	if err == nil && len(list) == 1 {
		return list[0], true
	}
	if c.shared == nil || c.isAway(c.opt.Now()) {
		return Issue{}, false
	}
	// Another collector may know it.
	opened, err := c.store.Open(ctx, []string{id}, false)
	if err == nil && opened[0].Record != nil && opened[0].Record.Merged != "" {
		opened, err = c.store.Open(ctx, []string{opened[0].Record.Merged}, false)
	}
	if err != nil || opened[0].Record == nil || opened[0].Record.Merged != "" {
		return Issue{}, false
	}
	return opened[0].Record.Clone(), true
}

// Summary implements [Registry].
func (c *Core) Summary(ctx context.Context, id string) (Summary, bool) {
	i, ok := c.Issue(ctx, id)
	if !ok {
		return Summary{}, false
	}
	return c.summary(&i), true
}

// summary is [Issue.Summary] with the issue's link.
func (c *Core) summary(i *Issue) Summary {
	s := i.Summary()
	s.URL = c.opt.Links.IssueURL(i.ID, i.Service)
	return s
}

// IssueURL fills in the template of an issue's own page; "" without one.
func (l Links) IssueURL(id, service string) string {
	if l.Issue == "" {
		return ""
	}
	u := strings.ReplaceAll(l.Issue, "{issue_id}", url.PathEscape(id))
	for name, value := range map[string]string{"{service}": service, "{trace_id}": "", "{span_id}": ""} {
		u = strings.ReplaceAll(u, name, url.QueryEscape(value))
	}
	return u
}

// Subscribe implements [Registry].
func (c *Core) Subscribe(ctx context.Context, consumer string) error {
	return c.store.Subscribe(ctx, consumer, c.opt.Now())
}

// Claim implements [Registry]. The event of a notice is the first sample for a first occurrence, the latest
// one otherwise. What is told of an issue whose occurrences all belong to another one by now is taken back.
func (c *Core) Claim(ctx context.Context, consumer string, limit int, lease time.Duration) ([]Notice, error) {
	list, err := c.store.Claim(ctx, consumer, limit, c.opt.Now(), lease)
	var void []uint64
	list = slices.DeleteFunc(list, func(n Notice) bool {
		if c.vacant(n.Issue.ID) {
			void = append(void, n.Seq)
			return true
		}
		return false
	})
	if len(void) > 0 {
		if err := c.store.Done(ctx, consumer, void); err != nil {
			c.opt.Logger.Debug("Notices of an issue without occurrences stay for now.", zap.Error(err))
		}
	}
	for i := range list {
		n := &list[i]
		n.Issue.URL = c.opt.Links.IssueURL(n.Issue.ID, n.Issue.Service)
		events, err := c.store.Events(ctx, n.Issue.ID)
		if err != nil {
			continue // a notice without its event is better than none
		}
		if n.Name == EventOccurrence {
			n.Event = events[firstSlot]
			continue
		}
		for slot, e := range events {
			if n.Event == nil || e.Time.After(n.Event.Time) || (slot == firstSlot && n.Event == nil) {
				n.Event = e
			}
		}
	}
	return list, err
}

// vacant tells that all occurrences of an issue turned out to be another one's.
func (c *Core) vacant(id string) bool {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	return e != nil && e.merged == "" && !e.ghost && e.count == 0 && !e.kept
}

// Done implements [Registry].
func (c *Core) Done(ctx context.Context, consumer string, seqs []uint64) error {
	return c.store.Done(ctx, consumer, seqs)
}

// Ticket implements [Registry].
func (c *Core) Ticket(ctx context.Context, tracker, id string) (Ticket, bool, error) {
	opened, err := c.store.Open(ctx, []string{c.alias(id)}, false)
	if err != nil {
		return Ticket{}, false, err
	}
	r := opened[0].Record
	if r != nil && r.Merged != "" {
		if opened, err = c.store.Open(ctx, []string{r.Merged}, false); err != nil {
			return Ticket{}, false, err
		}
		r = opened[0].Record
	}
	if r == nil {
		return Ticket{}, false, nil
	}
	t, ok := r.Tickets[tracker]
	return t, ok, nil
}

// SetTicket implements [Registry]. An issue that was not written yet is written first.
func (c *Core) SetTicket(ctx context.Context, tracker, id string, t Ticket) error {
	id = c.alias(id)
	if c.waits(id) {
		if err := c.flush(ctx, true); err != nil {
			return err
		}
	}
	recs, err := c.change(ctx, []string{id}, func(r *Record) []Notice {
		if r.Tickets == nil {
			r.Tickets = map[string]Ticket{}
		}
		r.Tickets[tracker] = t
		return nil
	})
	if err == nil && len(recs) == 0 {
		return ErrNotFound
	}
	return err
}

// Lease implements [Registry].
func (c *Core) Lease(ctx context.Context, name string, ttl time.Duration) (bool, error) {
	return c.store.Lease(ctx, name, c.opt.Process, c.opt.Now(), ttl)
}

// Release implements [Registry].
func (c *Core) Release(ctx context.Context, name string) error {
	return c.store.Unlease(ctx, name, c.opt.Process)
}
