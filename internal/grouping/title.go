package grouping

import "strings"

// title is the one line that names an issue without a stack trace. Values are replaced by
// placeholders, so that it holds for every occurrence and shows no personal data.
func title(in *Input) string {
	typ, msg := typeName(in.Language, in.Type), in.Message
	if typ == "" && msg == "" {
		msg = firstOf(in.Template, in.Body, in.Stack)
	}
	if typ == "" && msg == "" {
		op := Operation(in.Operation)
		switch {
		case in.Status == "":
			return op
		case op == "":
			return Status(in.Status)
		}
		return op + ": " + Status(in.Status)
	}
	e := load(msg)
	defer e.release()
	return join(typ, e.render(modeReadable))
}

// headline is the title of an error whose stack tells neither type nor message (a dump of Go's stack, a backtrace of
// Ruby): the line that was logged with it.
func headline(in *Input) string {
	line, _, _ := strings.Cut(firstOf(in.Template, in.Body, in.Stack), "\n")
	e := load(line)
	defer e.release()
	return string(e.render(modeReadable))
}

func join(typ string, msg []byte) string {
	switch {
	case typ == "":
		return string(msg)
	case len(msg) == 0:
		return typ
	}
	return typ + ": " + string(msg)
}

// culpritText says where the error is: function and file, or the operation.
func culpritText(in *Input, res *Result) string {
	if e, f := culprit(&res.Trace); f != nil {
		if cleanFunction(res.Trace.Language, f) == "" {
			// A function without a name is known by the one that called it.
			if c := caller(&res.Trace, e, f); c != nil {
				f = c
			}
		}
		return frameText(res.Trace.Language, f)
	}
	return Operation(in.Operation)
}

// rootHash is FNV-1a, 64 bits, over the type, a separator and the message's template.
func rootHash(typ string, msg *engine) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	for i := 0; i < len(typ); i++ {
		h = (h ^ uint64(typ[i])) * prime
	}
	h = (h ^ 0xff) * prime
	for _, c := range msg.render(modeTemplate) {
		h = (h ^ uint64(c)) * prime
	}
	return h
}
