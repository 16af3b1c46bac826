package grouping

// title is the one line that names the issue. Values are replaced by placeholders, so that it holds
// for every occurrence and shows no personal data.
func title(in *Input, res *Result) string {
	typ, msg := in.Type, in.Message
	if len(res.Trace.Exceptions) > 0 {
		e, _ := culprit(&res.Trace)
		typ, msg = e.Type, e.Message
	} else if typ == "" && msg == "" {
		msg = firstOf(in.Template, in.Body, in.Stack)
	}
	typ = cleanType(typ)
	m := Readable(msg)
	switch {
	case typ == "" && m == "":
		op := Operation(in.Operation)
		switch {
		case in.Status == "":
			return op
		case op == "":
			return Status(in.Status)
		}
		return op + ": " + Status(in.Status)
	case typ == "":
		return m
	case m == "":
		return typ
	}
	return typ + ": " + m
}

// culpritText says where the error is: function and file, or the operation.
func culpritText(in *Input, res *Result) string {
	if _, f := culprit(&res.Trace); f != nil {
		return frameText(res.Trace.Language, f)
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

// rootHash is FNV-1a, 64 bits, over the type, a separator and the message's template.
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
