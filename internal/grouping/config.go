package grouping

import (
	"errors"
	"fmt"
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Config is what a user may decide about grouping.
type Config struct {
	// Rules are tried in order, before anything else; the first that matches decides.
	Rules []Rule
	// ByService makes the same error in two services two issues.
	ByService bool
	// InApp are the user's rules about which frames are the application's.
	InApp stacktrace.InApp
}

// Rule is a user's own fingerprint.
type Rule struct {
	// Match are globs ("*" = any text, "?" = one character) that must all match. Keys: service.name,
	// exception.type, exception.message, body, operation, status, language; function, module and
	// file (of any in-app frame); every other key is looked up among the attributes.
	Match map[string]string
	// Fingerprint are the ingredients of the ID. "{{key}}" stands for the value of a key of
	// Match; {{exception.message}} and {{body}} for their templates; {{default}} for the
	// ingredients that would be used without a rule.
	Fingerprint []string
	// Title replaces the title; the same variables. Empty = the usual one.
	Title string
}

// Grouper tells which issue an error belongs to. It keeps no state and is safe for concurrent use.
type Grouper struct {
	rules     []rule
	byService bool
	inApp     stacktrace.InApp
}

// New compiles a configuration. Its error names every mistake by its YAML key.
func New(cfg Config) (*Grouper, error) {
	g := &Grouper{byService: cfg.ByService, inApp: cfg.InApp}
	var errs []error
	for i, r := range cfg.Rules {
		c, err := compileRule(r)
		if err != nil {
			for _, e := range err {
				errs = append(errs, fmt.Errorf("rules[%d].%w", i, e))
			}
			continue
		}
		g.rules = append(g.rules, c)
	}
	return g, errors.Join(errs...)
}

func compileRule(r Rule) (rule, []error) {
	var c rule
	var errs []error
	if len(r.Match) == 0 {
		errs = append(errs, errors.New(`match: is empty, so the rule would take every error; name at least one key, for example {exception.type: "Timeout*"}`))
	}
	for k, p := range r.Match {
		switch {
		case strings.TrimSpace(k) == "":
			errs = append(errs, fmt.Errorf(`match: a key is empty (pattern %q); use an attribute's name, for example exception.type: "Timeout*"`, p))
		case p == "":
			errs = append(errs, fmt.Errorf(`match.%s: the pattern is empty and would only match an empty value; use "*" for any value or leave the key out`, k))
		default:
			c.match = append(c.match, matcher{key: k, pattern: p})
		}
	}
	sortMatchers(c.match)
	if len(r.Fingerprint) == 0 {
		errs = append(errs, errors.New(`fingerprint: is empty; list at least one ingredient, for example ["timeout", "{{service.name}}"]`))
	}
	for i, f := range r.Fingerprint {
		p, err := compilePattern(f)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("fingerprint[%d]: %w", i, err))
		case len(p) == 0:
			errs = append(errs, fmt.Errorf(`fingerprint[%d]: is empty; use a fixed text or a variable, for example "{{service.name}}"`, i))
		default:
			c.fingerprint = append(c.fingerprint, p)
		}
	}
	t, err := compilePattern(r.Title)
	if err != nil {
		errs = append(errs, fmt.Errorf("title: %w", err))
	}
	c.title = t
	return c, errs
}
