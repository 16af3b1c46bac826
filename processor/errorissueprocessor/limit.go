package errorissueprocessor

import "github.com/otel-culprit/culprit/internal/issue"

// limitNew tells the registry how many new issues a service may make.
func (c *core) limitNew(registry issue.Registry) {
	l, ok := registry.(issue.NewLimiter)
	switch rate := c.cfg.MaxNewPerService; {
	case !ok:
	case rate.Unlimited():
		l.LimitNew(-1, 0)
	default:
		l.LimitNew(rate.Count(), rate.Per())
	}
}
