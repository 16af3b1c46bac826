package grouping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/glob"
)

type rule struct {
	match       []matcher
	fingerprint []pattern
	title       pattern
}

type matcher struct{ key, pattern string }

// pattern is a text with variables; a segment is either.
type pattern []segment

type segment struct{ text, variable string }

// sortMatchers puts the order of a map away, so that matching always does the same work.
func sortMatchers(m []matcher) {
	slices.SortFunc(m, func(a, b matcher) int { return strings.Compare(a.key, b.key) })
}

func compilePattern(s string) (pattern, error) {
	var p pattern
	for s != "" {
		open := strings.Index(s, "{{")
		if end := strings.Index(s, "}}"); end >= 0 && (open < 0 || end < open) {
			return nil, fmt.Errorf(`%q closes a variable that was not opened; write {{service.name}}`, s)
		}
		if open < 0 {
			return append(p, segment{text: s}), nil
		}
		if open > 0 {
			p = append(p, segment{text: s[:open]})
		}
		s = s[open+2:]
		end := strings.Index(s, "}}")
		if end < 0 {
			return nil, fmt.Errorf(`"{{%s" is not closed; write {{service.name}}`, s)
		}
		name := strings.TrimSpace(s[:end])
		if name == "" || strings.ContainsAny(name, "{} \t") {
			return nil, fmt.Errorf(`"{{%s}}" is not the name of a key; write {{service.name}}`, s[:end])
		}
		p = append(p, segment{variable: name})
		s = s[end+2:]
	}
	return p, nil
}

// matches tells whether every glob of the rule fits.
func (r *rule) matches(in *Input, res *Result) bool {
	for i := range r.match {
		m := &r.match[i]
		switch m.key {
		case "function", "module", "file":
			if !matchFrames(m, res) {
				return false
			}
		default:
			if !glob.Match(m.pattern, value(m.key, in, res)) {
				return false
			}
		}
	}
	return true
}

func matchFrames(m *matcher, res *Result) bool {
	for i := range res.Trace.Exceptions {
		frames := res.Trace.Exceptions[i].Frames
		for j := range frames {
			f := &frames[j]
			if !f.InApp {
				continue
			}
			switch m.key {
			case "function":
				if glob.Match(m.pattern, f.Function) {
					return true
				}
			case "module":
				if glob.Match(m.pattern, f.Module) {
					return true
				}
			case "file":
				if glob.Match(m.pattern, f.File) || glob.Match("*/"+m.pattern, f.File) {
					return true
				}
			}
		}
	}
	return false
}

// value returns what a key of a rule stands for, as it was sent.
func value(key string, in *Input, res *Result) string {
	switch key {
	case "service.name":
		return in.Service
	case "exception.type":
		if in.Type == "" && len(res.Trace.Exceptions) > 0 {
			return res.Trace.Exceptions[0].Type
		}
		return in.Type
	case "exception.message":
		if in.Message == "" && len(res.Trace.Exceptions) > 0 {
			return res.Trace.Exceptions[0].Message
		}
		return in.Message
	case "body":
		return in.Body
	case "operation":
		return in.Operation
	case "status":
		return in.Status
	case "language":
		return string(in.Language)
	}
	if in.Attr != nil {
		v, _ := in.Attr(key)
		return v
	}
	return ""
}

// expand writes the text of a pattern for an error.
func (p pattern) expand(in *Input, res *Result) string {
	if len(p) == 1 && p[0].variable == "" {
		return p[0].text
	}
	var b strings.Builder
	for _, s := range p {
		switch s.variable {
		case "":
			b.WriteString(s.text)
		case "exception.message", "body":
			b.WriteString(Template(value(s.variable, in, res)))
		case "operation":
			b.WriteString(Operation(in.Operation))
		case "function", "module", "file":
			if _, f := culprit(&res.Trace); f != nil {
				switch s.variable {
				case "function":
					b.WriteString(cleanFunction(res.Trace.Language, f))
				case "module":
					b.WriteString(f.Module)
				default:
					b.WriteString(baseName(f.File))
				}
			}
		default:
			b.WriteString(value(s.variable, in, res))
		}
	}
	return b.String()
}
