package errorissueprocessor

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// owner is a compiled entry of `owners`.
type owner struct {
	name  string
	match []glob
}

type glob struct{ key, pattern string }

func compileOwners(list []OwnerConfig) ([]owner, error) {
	var out []owner
	var errs []error
	for i, c := range list {
		o := owner{name: c.Owner}
		if strings.TrimSpace(c.Owner) == "" {
			errs = append(errs, fmt.Errorf("'owners::%d::owner': is empty; name a person or a team, for example team-pay", i))
		}
		if len(c.Match) == 0 {
			errs = append(errs, fmt.Errorf(`'owners::%d::match': is empty; use at least one key, for example {service.name: "pay*"}, or {service.name: "*"} for everything else`, i))
		}
		for _, k := range slices.Sorted(maps.Keys(c.Match)) {
			if c.Match[k] == "" {
				errs = append(errs, fmt.Errorf(`'owners::%d::match::%s': the pattern is empty; use a glob, for example "billing/**", or leave the key out`, i, k))
			}
			o.match = append(o.match, glob{key: k, pattern: c.Match[k]})
		}
		out = append(out, o)
	}
	return out, errors.Join(errs...)
}

// ownerOf returns the owner of an error; "" when nobody owns it.
func ownerOf(owners []owner, f *record.Failure, result *grouping.Result) string {
	for i := range owners {
		if owners[i].owns(f, result) {
			return owners[i].name
		}
	}
	return ""
}

func (o *owner) owns(f *record.Failure, result *grouping.Result) bool {
	for _, g := range o.match {
		if !g.matches(f, result) {
			return false
		}
	}
	return true
}

func (g *glob) matches(f *record.Failure, result *grouping.Result) bool {
	switch g.key {
	case "service.name":
		return match(g.pattern, f.Input.Service)
	case "issue.title", "title":
		return match(g.pattern, result.Title)
	case "issue.culprit", "culprit":
		return match(g.pattern, result.Culprit)
	case "file":
		return matchPath(g.pattern, culpritFrame(f, result).File)
	case "module":
		return match(g.pattern, culpritFrame(f, result).Module)
	case "function":
		return match(g.pattern, culpritFrame(f, result).Function)
	case "exception.type":
		for i := range result.Trace.Exceptions {
			if match(g.pattern, result.Trace.Exceptions[i].Type) {
				return true
			}
		}
		return match(g.pattern, f.Input.Type)
	default:
		v, _ := f.Attribute(g.key)
		return match(g.pattern, v)
	}
}

// matchPath matches a whole path or what follows any of its slashes, so that `billing/**` finds
// /srv/app/billing/pay.py whatever the directory it is installed in.
func matchPath(pattern, path string) bool {
	if path == "" {
		return false
	}
	path = strings.ReplaceAll(path, `\`, "/")
	for {
		if match(pattern, path) {
			return true
		}
		_, rest, ok := strings.Cut(path, "/")
		if !ok {
			return false
		}
		path = rest
	}
}

// match matches the whole of text; a star stands for any run of bytes, a question mark for one. It
// backs up no further than to the last star, so its time is bounded by the product of the lengths.
func match(pattern, text string) bool {
	p, t, star, from := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// culpritFrame is the frame at fault; without a stack trace, what the record says of its own place in
// the code.
func culpritFrame(f *record.Failure, result *grouping.Result) stacktrace.Frame {
	if i, j := result.Trace.Culprit(); i >= 0 && j >= 0 {
		return result.Trace.Exceptions[i].Frames[j]
	}
	function, file := f.Code()
	return stacktrace.Frame{Function: function, File: file}
}
