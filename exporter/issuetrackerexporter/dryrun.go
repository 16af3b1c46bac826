package issuetrackerexporter

import (
	"context"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
)

// dryRun is a target that logs what would be sent.
type dryRun struct{ log *zap.Logger }

var (
	_ target.Target   = (*dryRun)(nil)
	_ target.Digester = (*dryRun)(nil)
)

func (d *dryRun) say(ref target.Ref, c *card.Card, t card.Text) (target.Ref, error) {
	d.log.Info("Would send", zap.String("action", string(c.Action)), zap.String("issue", c.Issue.ID), zap.String("key", c.Key),
		zap.String("title", c.Title), zap.String("text", card.Render(card.Plain{}, t, 4000)))
	ref.ID = c.Key
	return ref, nil
}

// Traits implements [target.Target].
func (d *dryRun) Traits() target.Traits { return target.Traits{Markup: card.Plain{}, Keyed: true} }

// Find implements [target.Target].
func (d *dryRun) Find(context.Context, string) (target.Found, bool, error) {
	return target.Found{}, false, nil
}

// Open implements [target.Target].
func (d *dryRun) Open(_ context.Context, c *card.Card) (target.Ref, error) {
	return d.say(target.Ref{}, c, c.Text)
}

// Comment implements [target.Target].
func (d *dryRun) Comment(_ context.Context, ref target.Ref, c *card.Card) (target.Ref, error) {
	return d.say(ref, c, c.Note)
}

// Resolve implements [target.Target].
func (d *dryRun) Resolve(_ context.Context, ref target.Ref, c *card.Card) (target.Ref, error) {
	return d.say(ref, c, c.Note)
}

// Reopen implements [target.Target].
func (d *dryRun) Reopen(_ context.Context, ref target.Ref, c *card.Card) (target.Ref, error) {
	return d.say(ref, c, c.Note)
}

// Digest implements [target.Digester].
func (d *dryRun) Digest(_ context.Context, cards []*card.Card) error {
	for _, c := range cards {
		if _, err := d.say(target.Ref{}, c, c.Text); err != nil {
			return err
		}
	}
	return nil
}
