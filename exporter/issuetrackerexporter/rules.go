package issuetrackerexporter

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/nearname"
)

// Rule decides about the issues that match all of its conditions. A value is a glob (*, ?, [a-z]) or a list of globs, of
// which one must match.
type Rule struct {
	Match Match `mapstructure:"match"`
	// Action is send or skip.
	Action string `mapstructure:"action"`

	_ struct{}
}

// Match are the conditions of a [Rule].
type Match struct {
	Service     []string            `mapstructure:"service"`
	Environment []string            `mapstructure:"environment"`
	Level       []string            `mapstructure:"level"`
	State       []string            `mapstructure:"state"`
	Owner       []string            `mapstructure:"owner"`
	Title       []string            `mapstructure:"title"`
	Release     []string            `mapstructure:"release"`
	Tags        map[string][]string `mapstructure:"tags"`

	_ struct{}
}

const (
	actionSend = "send"
	actionSkip = "skip"
)

// rules are compiled rules.
type rules []rule

type rule struct {
	match []condition
	skip  bool
}

type condition struct {
	value func(n *issue.Notice) string
	globs []string
}

func (m *Match) conditions() []condition {
	list := []condition{
		{func(n *issue.Notice) string { return n.Issue.Service }, m.Service},
		{func(n *issue.Notice) string { return n.Event.Environment }, m.Environment},
		{func(n *issue.Notice) string { return n.Issue.Level }, m.Level},
		{func(n *issue.Notice) string { return string(n.Issue.State) }, m.State},
		{func(n *issue.Notice) string { return n.Issue.Owner }, m.Owner},
		{func(n *issue.Notice) string { return n.Issue.Title }, m.Title},
		{func(n *issue.Notice) string { return n.Event.Release }, m.Release},
	}
	for name, globs := range m.Tags {
		list = append(list, condition{func(n *issue.Notice) string { return tag(n, name) }, globs})
	}
	return slices.DeleteFunc(list, func(c condition) bool { return len(c.globs) == 0 })
}

// tag finds a tag of the event, or an attribute of its resource.
func tag(n *issue.Notice, name string) string {
	if v, ok := n.Event.Tags[name]; ok {
		return v
	}
	return n.Event.Resource[name]
}

var knownStates = []string{"new", "ongoing", "regressed", "escalating"}

func compileRules(list []Rule) (rules, error) {
	var out rules
	var errs []error
	for i := range list {
		r := &list[i]
		key := fmt.Sprintf("rules::%d", i)
		switch r.Action {
		case "", actionSend, actionSkip:
		default:
			errs = append(errs, fmt.Errorf("'%s::action': %q is not known%s; use send or skip", key, r.Action, nearname.Hint(r.Action, actionSend, actionSkip)))
		}
		if len(r.Match.Level) > 0 {
			errs = append(errs, levels(key+"::match::level", r.Match.Level))
		}
		for _, s := range r.Match.State {
			if !strings.ContainsAny(s, "*?[") && !slices.Contains(knownStates, s) {
				errs = append(errs, fmt.Errorf("'%s::match::state': %q opens no ticket%s; use %s", key, s, nearname.Hint(s, knownStates...), strings.Join(knownStates, ", ")))
			}
		}
		for _, c := range r.Match.conditions() {
			for _, g := range c.globs {
				if _, err := path.Match(glob(g), ""); err != nil {
					errs = append(errs, fmt.Errorf("'%s::match': %q is no glob: %w; e.g. pay*", key, g, err))
				}
			}
		}
		out = append(out, rule{match: r.Match.conditions(), skip: r.Action == actionSkip})
	}
	return out, errors.Join(errs...)
}

// sends tells whether an issue gets a ticket.
func (rs rules) sends(n *issue.Notice) bool {
	for i := range rs {
		if rs[i].matches(n) {
			return !rs[i].skip
		}
	}
	// Where rules only name what is not wanted, the rest is.
	return !slices.ContainsFunc(rs, func(r rule) bool { return !r.skip })
}

func (r *rule) matches(n *issue.Notice) bool {
	for _, c := range r.match {
		v := glob(c.value(n))
		if !slices.ContainsFunc(c.globs, func(g string) bool { ok, _ := path.Match(glob(g), v); return ok }) {
			return false
		}
	}
	return true
}

// glob makes * match slashes too.
func glob(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

var knownLevels = []string{"fatal", "error", "warning", "info", "debug"}

func levels(key string, list []string) error {
	for _, l := range list {
		if !slices.Contains(knownLevels, l) && !strings.ContainsAny(l, "*?[") {
			return fmt.Errorf("'%s': %q is no level%s; use %s", key, l, nearname.Hint(l, knownLevels...), strings.Join(knownLevels, ", "))
		}
	}
	return nil
}
