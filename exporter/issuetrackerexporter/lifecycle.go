package issuetrackerexporter

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
)

// leaseTime is longer than all requests of one action together may take.
const leaseTime = 3 * time.Minute

// patience is how long one event waits for the target's limits before it goes back to the queue.
const patience = time.Minute

// busyWait is how long an event waits for another collector that works on the same ticket, or for a search
// that lags.
const busyWait = 2 * time.Second

// handle does what an event asks for. One goroutine at a time works on an issue, and one process.
func (e *trackerExporter) handle(ctx context.Context, n *issue.Notice) (outcome, error) {
	mu := &e.locks[maphash.String(e.seed, n.Issue.ID)%uint64(len(e.locks))]
	mu.Lock()
	defer mu.Unlock()
	t, err := e.tickets.load(ctx, n.Issue.ID)
	if err != nil {
		return "", later(fmt.Errorf("read the ticket of issue %s: %w", n.Issue.ID, err))
	}
	now := time.Now()
	d := e.policy.decide(n, &t, now)
	if d.action == "" {
		if d.outcome == muted || n.Issue.State == issue.Resolved {
			e.digest.remove(n.Issue.ID)
			e.refresh.remove(n.Issue.ID)
		}
		if err := e.tickets.retryOwn(ctx, n.Issue.ID, t); err != nil {
			e.log.Debug("A ticket is not in the registry yet", zap.String("issue", n.Issue.ID), zap.Error(err))
		}
		e.hold(ctx, n, &t, d)
		return d.outcome, nil
	}
	if e.policy.inDigest(n) {
		e.digest.add(n, d.action)
		e.hold(ctx, n, &t, decision{outcome: held})
		return held, nil
	}
	release, err := e.lease(ctx, n.Issue.ID)
	if err != nil {
		return "", err
	}
	defer release()
	// Another collector may have been faster.
	if t, err = e.tickets.load(ctx, n.Issue.ID); err != nil {
		return "", later(fmt.Errorf("read the ticket of issue %s: %w", n.Issue.ID, err))
	}
	if d = e.policy.decide(n, &t, now); d.action == "" {
		return d.outcome, nil
	}
	err = e.act(wire.Patient(ctx, now.Add(patience)), n, &t, d.action)
	if err != nil && !errors.Is(err, target.ErrGone) {
		return "", err
	}
	e.schedule.set(n, e.next(current(n), &t))
	if err != nil {
		return deleted, nil
	}
	return sent, nil
}

// next is when to look at an issue again: at once, when there is something that its ticket was not told of.
func (e *trackerExporter) next(n *issue.Notice, t *ticket) time.Time {
	now := time.Now()
	d := e.policy.decide(n, t, now)
	if d.action != "" || untold(n.Issue.State, t) {
		return now
	}
	return d.again
}

// untold tells that a ticket was not told of a state that it is to be told of.
func untold(state issue.State, t *ticket) bool {
	switch state {
	case issue.Resolved, issue.Regressed, issue.Escalating:
		return t.memo.State != string(state)
	}
	return false
}

// current is a notice as it looks after it was told: not a change any more.
func current(n *issue.Notice) *issue.Notice {
	c := *n
	c.Name, c.Previous, c.Reason, c.Milestone = issue.EventMilestone, "", "", 0
	return &c
}

// hold remembers that there is something to do later.
func (e *trackerExporter) hold(ctx context.Context, n *issue.Notice, t *ticket, d decision) {
	e.schedule.set(n, d.again)
	if d.outcome != held || t.Status != statusNone || e.cfg.DryRun {
		return
	}
	t.Status, t.LastSent = statusHeld, time.Now()
	if err := e.tickets.save(ctx, n.Issue.ID, *t); err != nil {
		e.log.Debug("An issue that is held would be forgotten by a restart", zap.String("issue", n.Issue.ID), zap.Error(err))
	}
}

// lease keeps other collectors away from an issue.
func (e *trackerExporter) lease(ctx context.Context, id string) (release func(), err error) {
	if e.tickets.registry == nil {
		return func() {}, nil
	}
	name := "ticket/" + e.tickets.tracker + "/" + id
	ok, err := e.tickets.registry.Lease(ctx, name, leaseTime)
	if err != nil {
		return nil, later(fmt.Errorf("take the lease of issue %s: %w", id, err))
	}
	if !ok {
		return nil, &wire.Error{Kind: wire.Later, Wait: busyWait, Local: true, Err: fmt.Errorf("another collector works on the ticket of issue %s", id)}
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := e.tickets.registry.Release(ctx, name); err != nil {
			e.log.Debug("A lease was not given back, it ends by itself", zap.String("issue", id), zap.Error(err))
		}
	}, nil
}

func later(err error) error {
	return &wire.Error{Kind: wire.Later, Wait: time.Second, Local: true, Err: err}
}

// act carries an action out and keeps what came of it.
func (e *trackerExporter) act(ctx context.Context, n *issue.Notice, t *ticket, action card.Action) error {
	if t.Status != statusOpen && t.Status != statusResolved {
		if done, err := e.open(ctx, n, t, action); done || err != nil {
			return err
		}
	}
	c, err := e.card(n, action)
	if err != nil {
		return wire.Refuse(err)
	}
	ref := t.ref()
	switch {
	case action == card.Resolve && e.policy.onResolve == ResolveComment:
		ref, err = e.target.Comment(ctx, ref, c)
	case action == card.Resolve:
		ref, err = e.target.Resolve(ctx, ref, c)
	case action == card.Reopen:
		ref, err = e.target.Reopen(ctx, ref, c)
	default:
		ref, err = e.target.Comment(ctx, ref, c)
	}
	switch {
	case errors.Is(err, target.ErrGone) && action == card.Reopen:
		// Somebody deleted the ticket, and the error is back: make a new one.
		*t = ticket{memo: memo{At: t.memo.At}}
		_, err := e.open(ctx, n, t, card.Open)
		return err
	case errors.Is(err, target.ErrGone):
		t.Status = statusGone
		return errors.Join(target.ErrGone, e.told(ctx, n, t))
	case err != nil:
		return err
	}
	t.setRef(ref)
	t.Status = statusOpen
	if action == card.Resolve {
		t.Status = statusResolved
	}
	e.countAction(ctx, string(action))
	return e.told(ctx, n, t)
}

// told keeps what the ticket was told.
func (e *trackerExporter) told(ctx context.Context, n *issue.Notice, t *ticket) error {
	t.LastSent = time.Now()
	e.shows(n, t)
	return e.keep(ctx, n, t)
}

// shows notes what a ticket shows.
func (e *trackerExporter) shows(n *issue.Notice, t *ticket) {
	t.memo.Count, t.memo.State, t.Milestone = n.Issue.Count, string(n.Issue.State), max(t.Milestone, e.policy.reached(n))
}

// keep writes the ticket down.
func (e *trackerExporter) keep(ctx context.Context, n *issue.Notice, t *ticket) error {
	if t.Status == statusOpen {
		e.refresh.set(n, t.ref())
	} else {
		e.refresh.remove(n.Issue.ID)
	}
	if n.Name == issue.EventStateChanged || t.Status == statusResolved {
		t.memo.At = n.Time
	}
	if err := e.tickets.save(ctx, n.Issue.ID, *t); err != nil {
		// This process knows it, and writes it with the next event of the issue.
		e.log.Warn("A ticket could not be kept in the registry", zap.String("issue", n.Issue.ID), zap.String("ticket", t.ExternalID), zap.Error(err))
	}
	return nil
}

// open finds or makes the ticket. done: there is nothing more to do for the action.
func (e *trackerExporter) open(ctx context.Context, n *issue.Notice, t *ticket, action card.Action) (done bool, err error) {
	key := card.Key(n.Issue.ID)
	if e.traits.Search {
		found, ok, err := e.target.Find(ctx, key)
		if err != nil {
			return false, err
		}
		if ok {
			return e.adopt(ctx, n, t, found, action)
		}
		if left := time.Until(t.LastSent.Add(e.traits.Lag)); t.Status == statusOpening && left > 0 {
			return false, &wire.Error{Kind: wire.Later, Wait: min(left, busyWait), Local: true, Err: fmt.Errorf("the answer to the creation of a ticket for issue %s was lost, and the tracker's search may not see it yet", n.Issue.ID)}
		}
	}
	if action != card.Open && action != card.Reopen {
		if e.traits.Keyed { // it can be closed without knowing whether it is there
			t.setRef(target.Ref{ID: key})
			return false, nil
		}
		*t = ticket{} // the creation that was tried came to nothing, and now there is no need
		return true, e.tickets.save(ctx, n.Issue.ID, *t)
	}
	c, err := e.card(n, card.Open)
	if err != nil {
		return false, wire.Refuse(err)
	}
	// Before a ticket is made it is written down that it is tried: a crash, or an answer that is lost,
	// leaves something to look for.
	t.Status, t.LastSent, t.memo.Extra, t.Milestone = statusOpening, time.Now(), "", 0
	e.shows(n, t)
	if err := e.tickets.save(ctx, n.Issue.ID, *t); err != nil {
		return false, later(fmt.Errorf("keep that a ticket for issue %s is being made: %w", n.Issue.ID, err))
	}
	ref, err := e.target.Open(ctx, c)
	if err != nil {
		t.LastSent = time.Now()
		if x := wire.As(err); !x.Unsure && ctx.Err() == nil {
			t.Status = statusNone // certainly not made
		}
		if err := e.tickets.save(context.WithoutCancel(ctx), n.Issue.ID, *t); err != nil {
			e.log.Debug("What became of a ticket could not be kept", zap.String("issue", n.Issue.ID), zap.Error(err))
		}
		return false, err
	}
	t.setRef(ref)
	t.Status, t.OpenedAt = statusOpen, time.Now()
	e.countAction(ctx, string(card.Open))
	return true, e.told(context.WithoutCancel(ctx), n, t)
}

// adopt takes over a ticket that is there already.
func (e *trackerExporter) adopt(ctx context.Context, n *issue.Notice, t *ticket, found target.Found, action card.Action) (done bool, err error) {
	tried := t.Status == statusOpening
	t.setRef(found.Ref)
	t.Status = statusOpen
	if found.Closed {
		t.Status = statusResolved
	}
	if t.OpenedAt.IsZero() {
		t.OpenedAt = time.Now()
	}
	e.countAction(ctx, "adopt")
	switch {
	case action == card.Resolve && !found.Closed:
		return false, nil
	case action == card.Resolve:
		return true, e.told(ctx, n, t)
	case found.Closed && !tried:
		return true, e.act(ctx, n, t, card.Reopen)
	case tried: // it shows what was known when its creation was tried
		return true, e.keep(ctx, n, t)
	}
	return true, e.told(ctx, n, t)
}

// card makes what a target is to show.
func (e *trackerExporter) card(n *issue.Notice, action card.Action) (*card.Card, error) {
	c := card.New(n, action, e.links)
	c.Tracker = e.tickets.tracker
	c.Sequence = n.Name + "/" + strconv.FormatInt(n.Time.UnixNano(), 10) + "/" + strconv.FormatUint(n.Milestone, 10) + "/" + c.Event.ID
	c.Title, c.Text, c.Note = c.DefaultTitle(), card.Text{Doc: c.DefaultText()}, card.Text{Doc: c.DefaultNote()}
	for _, x := range []struct {
		t   *card.Template
		out *string
	}{{e.templates.title, &c.Title}, {e.templates.body, &c.Text.Own}, {e.templates.comment, &c.Note.Own}} {
		if x.t == nil {
			continue
		}
		s, err := x.t.Execute(c)
		if err != nil {
			return nil, fmt.Errorf("execute template: %w", err)
		}
		if s != "" {
			*x.out = s
		}
	}
	return c, nil
}
