package issuetrackerexporter

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/internal/issue"
)

// The values of a ticket's status.
const (
	statusNone     = ""         // there is none
	statusHeld     = "held"     // there will be one after the quiet hours, or in the next digest
	statusOpening  = "opening"  // its creation was tried: whether it is there is not known
	statusOpen     = "open"     //
	statusResolved = "resolved" //
	statusGone     = "gone"     // somebody deleted it: left alone until the issue regresses
)

// ticket is what is known of an issue's ticket.
type ticket struct {
	issue.Ticket
	memo memo
}

// memo is kept in the field Extra of the registry's ticket.
type memo struct {
	Extra string    `json:"x,omitempty"` // the target's own
	Count uint64    `json:"n,omitempty"` // the one that was told last
	At    time.Time `json:"t,omitzero"`  // of the change of state that was told last
	State string    `json:"s,omitempty"` // the state that was told last
}

func (t *ticket) ref() target.Ref {
	return target.Ref{ID: t.ExternalID, URL: t.URL, Extra: t.memo.Extra}
}

func (t *ticket) setRef(r target.Ref) { t.ExternalID, t.URL, t.memo.Extra = r.ID, r.URL, r.Extra }

// maxTickets bounds the tickets that only this process knows.
const maxTickets = 20_000

// tickets is where tickets are kept: in the registry; in memory for issues that it does not know, and
// while it is away.
type tickets struct {
	registry issue.Registry // nil = none
	tracker  string

	mu    sync.Mutex
	own   map[string]ticket // guarded by mu; newer than what the registry has
	order []string          // guarded by mu; IDs, the oldest first
}

func (s *tickets) load(ctx context.Context, id string) (ticket, error) {
	s.mu.Lock()
	t, own := s.own[id]
	s.mu.Unlock()
	if own || s.registry == nil {
		return t, nil
	}
	kept, ok, err := s.registry.Ticket(ctx, s.tracker, id)
	if err != nil || !ok {
		return ticket{}, err
	}
	return read(kept), nil
}

func read(kept issue.Ticket) ticket {
	t := ticket{Ticket: kept}
	if kept.Extra != "" && json.Unmarshal([]byte(kept.Extra), &t.memo) != nil {
		t.memo = memo{Extra: kept.Extra}
	}
	return t
}

// save keeps a ticket. Its error means that a crash would lose it; this process knows it all the same.
func (s *tickets) save(ctx context.Context, id string, t ticket) error {
	text, err := json.Marshal(t.memo)
	if err != nil {
		return err
	}
	t.Extra = string(text)
	if s.registry != nil {
		err = s.registry.SetTicket(ctx, s.tracker, id, t.Ticket)
		if err == nil {
			s.mu.Lock()
			delete(s.own, id)
			s.mu.Unlock()
			return nil
		}
		if errors.Is(err, issue.ErrNotFound) {
			err = nil // an event made by hand, or an issue that was evicted
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own == nil {
		s.own = map[string]ticket{}
	}
	if _, ok := s.own[id]; !ok {
		s.order = append(s.order, id)
		for len(s.own) >= maxTickets && len(s.order) > 0 {
			delete(s.own, s.order[0])
			s.order = s.order[1:]
		}
	}
	s.own[id] = t
	return err
}

// retryOwn writes what the registry did not take to it.
func (s *tickets) retryOwn(ctx context.Context, id string, t ticket) error {
	s.mu.Lock()
	_, own := s.own[id]
	s.mu.Unlock()
	if !own || s.registry == nil {
		return nil
	}
	return s.save(ctx, id, t)
}
