package grouping

import (
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// fingerprint sets Basis and Parts.
func (g *Grouper) fingerprint(in *Input, res *Result) {
	parts := make([]Part, 0, 8)
	switch {
	case len(res.Trace.Exceptions) > 0:
		res.Basis = ByStack
		parts = stackParts(parts, &res.Trace)
	case in.Type != "" || in.Message != "" || in.Template != "" || in.Body != "":
		res.Basis = ByMessage
		if in.Type != "" {
			parts = append(parts, Part{"type", in.Type})
		}
		if m := messageTemplate(in); m != "" {
			parts = append(parts, Part{"message", m})
		} else if in.Operation != "" {
			parts = append(parts, Part{"operation", Operation(in.Operation)})
		}
	default:
		res.Basis = ByOperation
		parts = append(parts, Part{"operation", Operation(in.Operation)})
		if in.Status != "" {
			parts = append(parts, Part{"status", status(in.Status)})
		}
	}
	if in.Service != "" && (g.byService || res.Basis == ByOperation) {
		parts = append(parts, Part{"service", in.Service})
	}
	res.Parts = parts
}

// messageTemplate prefers the logger's own template to a guess. It still goes through Template:
// some loggers put the finished message there.
func messageTemplate(in *Input) string {
	switch {
	case in.Template != "":
		return Template(in.Template)
	case in.Message != "":
		return Template(in.Message)
	}
	return Template(in.Body)
}

func stackParts(parts []Part, t *stacktrace.Trace) []Part {
	for i := range t.Exceptions {
		e := &t.Exceptions[i]
		if e.Relation == stacktrace.Suppressed {
			continue
		}
		parts = append(parts, Part{"type", e.Type})
	}
	if _, f := culprit(t); f != nil {
		parts = append(parts, Part{"frame", frameKey(t.Language, f)})
	}
	return append(parts, Part{"message", skeleton(t.Exceptions[0].Message)})
}

// culprit returns the frame at fault and its exception; nil without frames.
func culprit(t *stacktrace.Trace) (*stacktrace.Exception, *stacktrace.Frame) {
	e, f := t.Culprit()
	if e < 0 || f < 0 {
		return nil, nil
	}
	return &t.Exceptions[e], &t.Exceptions[e].Frames[f]
}
