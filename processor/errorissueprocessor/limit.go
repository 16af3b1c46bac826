package errorissueprocessor

import (
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// newLimiter is a registry that bounds the new issues of each service by itself.
type newLimiter interface {
	LimitNew(count int, per time.Duration)
}

// limitNew tells the registry how many new issues a service may make.
func (c *core) limitNew(registry issue.Registry) {
	if l, ok := registry.(newLimiter); ok && !c.cfg.MaxNewPerService.Unlimited() {
		l.LimitNew(c.cfg.MaxNewPerService.Count(), c.cfg.MaxNewPerService.Per())
	}
}
