package errorissueprocessor

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/glob"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// owner is a compiled entry of `owners`.
type owner struct {
	name  string
	match []condition
}

type condition struct{ key, pattern string }

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
			o.match = append(o.match, condition{key: k, pattern: c.Match[k]})
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
	for i := range o.match {
		if !o.match[i].matches(f, result) {
			return false
		}
	}
	return true
}

func (c *condition) matches(f *record.Failure, result *grouping.Result) bool {
	switch c.key {
	case "service.name":
		return glob.Match(c.pattern, f.Input.Service)
	case "issue.title", "title":
		return glob.Match(c.pattern, result.Title)
	case "issue.culprit", "culprit":
		return glob.Match(c.pattern, result.Culprit)
	case "file":
		return matchPath(c.pattern, culpritFrame(f, result).File)
	case "module":
		return glob.Match(c.pattern, culpritFrame(f, result).Module)
	case "function":
		return glob.Match(c.pattern, culpritFrame(f, result).Function)
	case "exception.type":
		for i := range result.Trace.Exceptions {
			if glob.Match(c.pattern, result.Trace.Exceptions[i].Type) {
				return true
			}
		}
		return glob.Match(c.pattern, f.Input.Type)
	default:
		v, _ := f.Attribute(c.key)
		return glob.Match(c.pattern, v)
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
		if glob.Match(pattern, path) {
			return true
		}
		_, rest, ok := strings.Cut(path, "/")
		if !ok {
			return false
		}
		path = rest
	}
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
