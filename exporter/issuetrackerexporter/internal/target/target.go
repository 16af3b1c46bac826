// Package target has one file for each tracker: how it is told that there is an issue, and what becomes of it.
package target

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// Target is one tracker. All methods may be called at once for different issues, but for one issue one
// after the other. Errors are [*wire.Error]s, or [ErrGone]; a method that fails is called again with the same card.
type Target interface {
	// Traits says what the target can do.
	Traits() Traits
	// Find looks a ticket up by the key of its issue. It is called only where Traits.Search is true.
	Find(ctx context.Context, key string) (Found, bool, error)
	// Open creates the ticket.
	Open(ctx context.Context, c *card.Card) (Ref, error)
	// Comment tells that the issue goes on (card.Update) or is getting worse (card.Escalate).
	Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error)
	// Resolve closes the ticket. A ticket that is closed already is left as it is.
	Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error)
	// Reopen opens a closed ticket. A ticket that is open already gets the comment only.
	Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error)
}

// Digester is a target that can tell of many issues in one message.
type Digester interface {
	Digest(ctx context.Context, cards []*card.Card) error
}

// Refresher is a target that forgets issues that it is not told of again and again.
type Refresher interface {
	// Refresh tells of open issues. refs and cards have the same length.
	Refresh(ctx context.Context, refs []Ref, cards []*card.Card) error
	// Interval is how often.
	Interval() time.Duration
}

// Ref is what a target knows a ticket as.
type Ref struct {
	ID    string // never empty
	URL   string
	Extra string // the target's own
}

// Found is a ticket that was looked up.
type Found struct {
	Ref
	Closed bool
}

// Traits say what a target can do.
type Traits struct {
	Markup card.Markup   // of templates
	Search bool          // Find works
	Keyed  bool          // a ticket is known by the key of its issue: Ref.ID, and a second Open makes no second one
	Lag    time.Duration // how long Find may not see a new ticket
	Quiet  bool          // an update is a message that somebody reads: not too many of them
}

// ErrGone tells that the ticket does not exist any more.
var ErrGone = errors.New("the ticket does not exist any more")

// Options of all targets.
type Options struct {
	HTTP    *http.Client
	Agent   string     // User-Agent
	Tracker string     // component ID
	Version string     // of the program
	Limit   rate.Limit // of the configuration; unset = the target's own
	Lag     time.Duration
}

// limit is that of the configuration, or else the target's own.
func (o *Options) limit(otherwise rate.Limit) rate.Limit {
	if o.Limit.Unlimited() {
		return otherwise
	}
	return o.Limit
}

func (o *Options) lag(otherwise time.Duration) time.Duration {
	if o.Lag > 0 {
		return o.Lag
	}
	return otherwise
}

// gone turns the answer that a ticket is not there into [ErrGone].
func gone(err error) error {
	if err == nil {
		return nil
	}
	if e := wire.As(err); e.Status == http.StatusNotFound || e.Status == http.StatusGone {
		return ErrGone
	}
	return err
}

// noFind is embedded by targets that cannot be searched.
type noFind struct{}

func (noFind) Find(context.Context, string) (Found, bool, error) { return Found{}, false, nil }
