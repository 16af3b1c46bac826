package tracecontext

import "strings"

// Keys of the patterns that need no name beside them.
var (
	bareTraceparent = Key{Name: "text:traceparent", Role: RoleTrace, Rank: rankHeader}
	bareXRay        = Key{Name: "text:xray", Role: RoleTrace, Rank: rankVendor}
	bracketSleuth   = Key{Name: "text:sleuth", Role: RoleTrace, Rank: rankVendor}
	bracketUUID     = Key{Name: "text:[uuid]", Role: RoleRequest, Rank: RankHint}
)

// The ranks from which a request ID is less than that.
const (
	RankTask = 100 // the ID of a message or a job: it joins records, but is no request ID
	RankHint = 200 // an ID without a name: it may be looked up, nothing else
)

// bare looks at a dash for a traceparent or an X-Ray root around it.
func (s *Scan) bare(t string, i int) {
	const length = 55 // of a traceparent; the first dash is at 2
	if i >= 2 && len(t) >= i-2+length && t[i+33] == '-' && t[i+50] == '-' && (i == 2 || !joined(t[i-3])) {
		end := i - 2 + length
		if end == len(t) || !joined(t[end]) || t[end] == '-' && t[i-2:i] != "00" {
			if c, ok := parseTraceparent(t[i-2 : end]); ok {
				s.offer(c, RuleTraceparent, bareTraceparent, bareTraceparent.Name)
				return
			}
		}
	}
	const root = 35 // of an X-Ray root; the first dash is at 1
	if i < 1 || t[i-1] != '1' || t[i+9] != '-' || len(t) < i-1+root || i > 1 && joined(t[i-2]) {
		return
	}
	end := i - 1 + root
	if end < len(t) && joined(t[end]) || strings.HasSuffix(t[:i-1], "Self=") {
		return
	}
	if end < len(t) && (t[end] == '@' || t[end] == ';') {
		for end < len(t) && !ends[t[end]] {
			end++
		}
	}
	start := i - 1
	if strings.HasSuffix(t[:start], "Root=") {
		start -= len("Root=")
	}
	c, ok := parseXRay(t[start:end])
	if !ok {
		c, ok = parseXRay(t[i-1 : i-1+root])
	}
	if ok {
		s.offer(c, RuleXRay, bareXRay, bareXRay.Name)
	}
}

// joined tells that a byte beside a pattern makes it a part of something longer.
func joined(c byte) bool { return alnum(c) || c == '-' || c == '_' }

// bracket looks at what stands between a bracket and its end.
func (s *Scan) bracket(t string, i int) {
	rest := t[i+1 : min(len(t), i+160)]
	end := strings.IndexAny(rest, "[]")
	if end < 18 || rest[end] != ']' {
		return
	}
	inside := rest[:end]
	if c, ok := parseSleuth(inside); ok {
		s.offer(c, RuleB3, bracketSleuth, bracketSleuth.Name)
		return
	}
	if len(inside) == 36 {
		if _, ok := parseUUID(inside); ok {
			s.request(bracketUUID, bracketUUID.Name, inside, true)
		}
	}
}

// parseSleuth reads what Spring's loggers write between brackets: app,trace,span with an optional
// export flag (Cloud Sleuth), or trace-span, perhaps behind app, (Boot 3). Any part may be empty, and
// blanks may fill it up.
func parseSleuth(s string) (c Context, ok bool) {
	app, rest, comma := strings.Cut(s, ",")
	if !comma {
		app, rest = "", s
	}
	trace, rest, comma := strings.Cut(rest, ",")
	var span, export string
	if comma {
		span, export, _ = strings.Cut(rest, ",")
	} else if trace, span, ok = strings.Cut(strings.TrimSpace(trace), "-"); !ok || len(span) != 16 {
		return c, false
	}
	app, trace, span = strings.TrimSpace(app), strings.TrimSpace(trace), strings.TrimSpace(span)
	switch strings.TrimSpace(export) {
	case "":
	case "true":
		c.Flags, c.HasFlags = 1, true
	case "false":
		c.HasFlags = true
	default:
		return c, false
	}
	if len(trace) != 16 && len(trace) != 32 || isDigits(app) && isDigits(trace) && isDigits(span) {
		return Context{}, false // the latter is a list of numbers
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return Context{}, false
	}
	if c.SpanID, ok = hexSpan(span); !ok {
		return Context{}, false
	}
	return c, true
}
