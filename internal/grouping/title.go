package grouping

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func cleanFunction(language stacktrace.Language, f *stacktrace.Frame) string {
	return stacktrace.CleanFunction(language, f.Function)
}

// frameKey is what a fingerprint keeps of a frame: function and module, or the file's own name
// where no module is printed; no path, no line.
func frameKey(language stacktrace.Language, f *stacktrace.Frame) string {
	where := f.Module
	if where == "" {
		where = baseName(f.File)
	}
	if where == "" {
		return cleanFunction(language, f)
	}
	return cleanFunction(language, f) + " in " + where
}

func baseName(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 {
		return path[i+1:]
	}
	return path
}

// title is the one line that names the issue; values are replaced by placeholders.
func title(in *Input, res *Result) string {
	typ, msg := in.Type, in.Message
	if len(res.Trace.Exceptions) > 0 {
		typ, msg = res.Trace.Exceptions[0].Type, res.Trace.Exceptions[0].Message
	}
	if msg == "" && typ == "" {
		msg = in.Body
	}
	m := Readable(msg)
	switch {
	case typ == "" && m == "":
		if in.Status != "" {
			return Operation(in.Operation) + ": " + status(in.Status)
		}
		return Operation(in.Operation)
	case typ == "":
		return m
	case m == "":
		return typ
	}
	return typ + ": " + m
}

func status(s string) string { return Template(s) }

// culpritText says where the error is: function and file, or the operation.
func culpritText(in *Input, res *Result) string {
	if _, f := culprit(&res.Trace); f != nil {
		return frameKey(res.Trace.Language, f)
	}
	return Operation(in.Operation)
}

// roots hashes type and message template of each exception.
func roots(in *Input, res *Result) []uint64 {
	if len(res.Trace.Exceptions) == 0 {
		if in.Type == "" {
			return nil
		}
		return []uint64{rootHash(in.Type, in.Message)}
	}
	out := make([]uint64, 0, len(res.Trace.Exceptions))
	for i := range res.Trace.Exceptions {
		e := &res.Trace.Exceptions[i]
		out = append(out, rootHash(e.Type, e.Message))
	}
	return out
}

// rootHash is FNV-1a, 64 bits.
func rootHash(typ, msg string) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for i := 0; i < len(typ); i++ {
		h = (h ^ uint64(typ[i])) * prime
	}
	h = (h ^ 0xff) * prime
	e := enginePool.Get().(*engine)
	for _, c := range e.run(msg, modeTemplate) {
		h = (h ^ uint64(c)) * prime
	}
	e.release()
	return h
}
