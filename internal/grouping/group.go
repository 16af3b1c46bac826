package grouping

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Group tells which issue an error belongs to. It keeps no reference to in; the strings of the
// result may share memory with those of in.
func (g *Grouper) Group(in *Input) Result { return g.GroupTail(in, nil) }

// GroupTail is [Grouper.Group] for an error whose stack has frames that are known already; nil = none.
func (g *Grouper) GroupTail(in *Input, tail *stacktrace.Tail) Result {
	var res Result
	g.readTrace(in, tail, &res)
	g.fingerprint(in, &res)
	if res.Basis != ByStack {
		res.Title = title(in)
		if in.Type != "" {
			msg := load(in.Message)
			res.Root = []uint64{rootHash(lastName(in.Type), msg)}
			msg.release()
		}
	} else if res.Title == "" {
		res.Title = headline(in)
	}
	res.Culprit = culpritText(in, &res)
	for i := range g.rules {
		r := &g.rules[i]
		if !r.matches(in, &res) {
			continue
		}
		g.applyRule(r, in, &res)
		break
	}
	res.ID = id(res.Parts)
	return res
}

func (g *Grouper) applyRule(r *rule, in *Input, res *Result) {
	parts := make([]Part, 0, len(r.fingerprint))
	for _, p := range r.fingerprint {
		if len(p) == 1 && p[0].variable == "default" {
			parts = append(parts, res.Parts...)
			continue
		}
		parts = append(parts, Part{Name: "rule", Value: p.expand(in, res)})
	}
	if len(r.title) > 0 {
		res.Title = r.title.expand(in, res)
	}
	res.Basis, res.Parts = ByRule, parts
}

// readTrace parses the stack and completes it with what the attributes tell.
func (g *Grouper) readTrace(in *Input, tail *stacktrace.Tail, res *Result) {
	known := false
	if tail != nil {
		res.Trace, known = tail.Parse(in.Stack, in.Language)
	}
	if in.Stack != "" && !known {
		if t, ok := stacktrace.ParseLimits(in.Stack, in.Language, stacktrace.DefaultLimits, g.inApp); ok {
			res.Trace = t
		}
	}
	t := &res.Trace
	if len(t.Exceptions) == 0 {
		return
	}
	// The SDK knows type and message of the exception that was reported; some stacks print neither.
	if in.Type != "" {
		t.Exceptions[0].Type = in.Type
	}
	if in.Message != "" {
		t.Exceptions[0].Message = in.Message
	}
}

// id hashes the ingredients. A length before each makes two lists of parts never read alike.
func id(parts []Part) string {
	var stack [512]byte
	b := append(stack[:0], Algorithm...)
	field := func(s string) {
		n := len(s)
		b = append(b, byte(n>>16), byte(n>>8), byte(n))
		b = append(b, s...)
	}
	for i := range parts {
		field(parts[i].Name)
		field(parts[i].Value)
	}
	sum := sha256.Sum256(b)
	var out [16]byte
	hex.Encode(out[:], sum[:8])
	return string(out[:])
}
