package traceidprocessor

import (
	"github.com/otel-culprit/culprit/internal/glob"
	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// policy is what holds for one service.
type policy struct {
	derive        tracecontext.Derive
	onMissing     string
	onInvalidSpan string
	required      []string
}

// serviceRule is a policy for the services whose name matches.
type serviceRule struct {
	match string
	policy
}

func compilePolicies(cfg *Config) (policy, []serviceRule) {
	base := policy{
		derive:        deriveMode(cfg.Derive),
		onMissing:     cfg.OnMissing,
		onInvalidSpan: cfg.OnInvalidSpan,
		required:      cfg.RequiredAttributes,
	}
	rules := make([]serviceRule, 0, len(cfg.Services))
	for _, s := range cfg.Services {
		p := base
		if s.Derive != "" {
			p.derive = deriveMode(s.Derive)
		}
		if s.OnMissing != "" {
			p.onMissing = s.OnMissing
		}
		if s.OnInvalidSpan != "" {
			p.onInvalidSpan = s.OnInvalidSpan
		}
		if s.RequiredAttributes != nil {
			p.required = s.RequiredAttributes
		}
		rules = append(rules, serviceRule{match: s.Match, policy: p})
	}
	return base, rules
}

func deriveMode(name string) tracecontext.Derive {
	switch name {
	case deriveUUID:
		return tracecontext.DeriveUUID
	case deriveHash:
		return tracecontext.DeriveHash
	}
	return tracecontext.DeriveOff
}

// policyFor returns the policy of a service: the first rule that matches, or the processor's own.
func (c *core) policyFor(service string) *policy {
	for i := range c.rules {
		if glob.Match(c.rules[i].match, service) {
			return &c.rules[i].policy
		}
	}
	return &c.base
}
