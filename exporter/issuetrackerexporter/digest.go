package issuetrackerexporter

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
)

// digest gathers what there is to tell, once for each issue.
type digest struct {
	mu      sync.Mutex
	waiting map[string]digested // guarded by mu
	next    time.Time           // guarded by mu
}

type digested struct {
	notice issue.Notice
	action card.Action
}

func (d *digest) add(n *issue.Notice, action card.Action) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting == nil {
		d.waiting = map[string]digested{}
	}
	if _, ok := d.waiting[n.Issue.ID]; ok || len(d.waiting) < maxScheduled {
		d.waiting[n.Issue.ID] = digested{*n, action}
	}
}

func (d *digest) remove(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, id)
}

// due takes what waits out, at whole multiples of every.
func (d *digest) due(now time.Time, every time.Duration) []digested {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next.IsZero() {
		d.next = now.Truncate(every).Add(every)
	}
	if now.Before(d.next) {
		return nil
	}
	d.next = now.Truncate(every).Add(every)
	out := make([]digested, 0, len(d.waiting))
	for _, x := range d.waiting {
		out = append(out, x)
	}
	d.waiting = nil
	slices.SortFunc(out, func(a, b digested) int {
		if c := card.Severity(a.notice.Issue.Level) - card.Severity(b.notice.Issue.Level); c != 0 {
			return c
		}
		return strings.Compare(a.notice.Issue.ID, b.notice.Issue.ID)
	})
	return out
}

// sendDigest tells of everything that waits in one message.
func (e *trackerExporter) sendDigest(ctx context.Context, now time.Time) {
	d, ok := e.target.(target.Digester)
	if !ok || e.policy.digest == nil || !e.policy.quiet.until(now, "").IsZero() {
		return
	}
	list := e.digest.due(now, e.policy.digest.Every)
	var cards []*card.Card
	for i := range list {
		c, err := e.card(&list[i].notice, list[i].action)
		if err != nil {
			e.log.Error("An issue is left out of the digest", zap.String("issue", list[i].notice.Issue.ID), zap.Error(err))
			continue
		}
		cards = append(cards, c)
	}
	if len(cards) == 0 {
		return
	}
	if err := d.Digest(ctx, cards); err != nil {
		x := wire.As(err)
		e.report(x)
		e.log.Warn("The digest could not be sent", zap.Int("issues", len(cards)), zap.Error(err))
		if x.Kind != wire.Refused {
			for i := range list {
				e.digest.add(&list[i].notice, list[i].action) // in the next one
			}
		}
		return
	}
	e.report(nil)
	for i := range list {
		e.inDigest(ctx, &list[i])
	}
}

// inDigest keeps that an issue was told of.
func (e *trackerExporter) inDigest(ctx context.Context, x *digested) {
	t, err := e.tickets.load(ctx, x.notice.Issue.ID)
	if err != nil {
		return // it is told of again
	}
	if t.ExternalID == "" {
		t.ExternalID, t.OpenedAt = card.Key(x.notice.Issue.ID), time.Now()
	}
	t.Status = statusOpen
	if x.action == card.Resolve {
		t.Status = statusResolved
	}
	e.countAction(ctx, string(x.action))
	_ = e.told(ctx, &x.notice, &t) // logs by itself
}
