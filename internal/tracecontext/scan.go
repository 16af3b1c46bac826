package tracecontext

import "strings"

// maxRequests bounds the request IDs that are kept of one record.
const maxRequests = 3

// maxRequestID bounds the length of a request ID in bytes; gateways allow up to 200.
const maxRequestID = 200

// Request is a request ID and where it was found.
type Request struct {
	ID     string
	Key    Key
	Source string // the key as it is written
}

// Result is the best trace context of one scan.
type Result struct {
	Context
	Rule   Rule
	Key    Key
	Source string // the key as it is written, or the name of a text pattern
}

// Scan collects what one place says, or several places together. The zero value is ready for use.
type Scan struct {
	best     Result
	raw      string // best's value, if it is a number that could also be hexadecimal
	invalid  string // a trace key whose value is no ID
	badRaw   string // its value
	span     [8]byte
	spanRank uint8 // rank of span's key + 1; 0 = no span
	decimal  bool  // a span key of a tracer with decimal IDs
	flags    byte
	hasFlags bool
	high     uint64

	requests [maxRequests]Request
	nreq     int
	user     string
	userRank uint8 // rank of user's key + 1; 0 = no user

	texts  [2]string // strings that may be whole log lines
	ntexts int
}

// Reset makes the scan empty.
func (s *Scan) Reset() { *s = Scan{} }

// Requests returns the request IDs, best first.
func (s *Scan) Requests() []Request { return s.requests[:s.nreq] }

// User returns the user ID, or "".
func (s *Scan) User() string { return s.user }

// Invalid returns a trace key whose value is no ID, and the value; both are "" when there is none.
func (s *Scan) Invalid() (source, value string) { return s.invalid, s.badRaw }

// Result returns the trace context, completed with what other keys say of the span and the flags.
func (s *Scan) Result() (r Result, ok bool) {
	r = s.best
	if !r.Rule.Found() {
		return r, false
	}
	if s.raw != "" && s.decimal && r.Rule == RuleHexShort {
		if c, rule := Convert(StyleDecimal, s.raw); rule.Found() {
			r.Context, r.Rule = c, rule
		}
	}
	if high, low := halves(r.TraceID); r.Rule == RuleDecimal || r.Key.Style == StyleDecimal {
		if high == 0 && s.high != 0 {
			r.TraceID = trace128(s.high, low)
		}
	}
	if r.SpanID == [8]byte{} {
		r.SpanID = s.span
	}
	if !r.HasFlags {
		r.Flags, r.HasFlags = s.flags, s.hasFlags
	}
	return r, true
}

// beats tells that a key of the rank is tried before what was found.
func (s *Scan) beats(rank uint8) bool { return !s.best.Rule.Found() || rank < s.best.Key.Rank }

// offer takes a context if it is better than what was found.
func (s *Scan) offer(c Context, rule Rule, key Key, source string) {
	if s.beats(key.Rank) {
		s.best, s.raw = Result{Context: c, Rule: rule, Key: key, Source: source}, ""
	}
}

// value takes the value of a key of any role. kept tells that the value outlives the scan; otherwise
// it is copied where it is kept.
func (s *Scan) value(key Key, source, value string, kept bool) {
	switch key.Role {
	case RoleTrace:
		s.trace(key, source, value, kept)
	case RoleSpan:
		if s.spanRank != 0 && s.spanRank <= key.Rank+1 {
			return
		}
		if id, ok := ConvertSpan(key.Style, value); ok {
			s.span, s.spanRank = id, key.Rank+1
			s.decimal = s.decimal || key.Style == StyleDecimal
		}
	case RoleFlags:
		if !s.hasFlags {
			s.flags, s.hasFlags = convertFlags(value)
		}
	case RoleHigh:
		if high, ok := parseHigh(Trim(value)); ok {
			s.high = high
		} else if high, ok := parseTags(value); ok {
			s.high = high
		}
	case RoleRequest:
		s.request(key, source, value, kept)
	case RoleUser:
		if v := Trim(value); s.userRank == 0 || s.userRank > key.Rank+1 {
			if !isNone(v) && len(v) <= maxRequestID {
				s.user, s.userRank = keep(v, kept), key.Rank+1
			}
		}
	case RoleText:
		if kept && s.ntexts < len(s.texts) && len(value) >= minText {
			s.texts[s.ntexts] = value
			s.ntexts++
		}
	}
}

func (s *Scan) trace(key Key, source, value string, kept bool) {
	if !s.beats(key.Rank) {
		return
	}
	c, rule := Convert(key.Style, value)
	switch {
	case rule.Found():
		s.offer(c, rule, key, source)
		if rule == RuleHexShort && key.Style == StyleAny {
			if v := Trim(value); isDigits(v) {
				s.raw = keep(v, kept)
			}
		}
	case rule == RuleUnreadable && s.invalid == "" && key.Rank < rankLoose && key.Style != StyleB3:
		s.invalid, s.badRaw = source, keep(value, kept)
	}
}

// request keeps a request ID in its place among the others.
func (s *Scan) request(key Key, source, value string, kept bool) {
	// A Request-Id that begins with a bar is Application Insights' hierarchical ID.
	if strings.HasPrefix(value, "|") && s.beats(rankVendor) {
		if c, ok := parseAzure(value); ok {
			key.Rank = rankVendor
			s.offer(c, RuleAzure, key, source)
			return
		}
	}
	v := Trim(value)
	if isNone(v) || len(v) > maxRequestID {
		return
	}
	i := 0
	for i < s.nreq && s.requests[i].Key.Rank <= key.Rank {
		if s.requests[i].ID == v {
			return
		}
		i++
	}
	if i == maxRequests {
		return
	}
	if s.nreq < maxRequests {
		s.nreq++
	}
	copy(s.requests[i+1:s.nreq], s.requests[i:s.nreq-1])
	s.requests[i] = Request{ID: keep(v, kept), Key: key, Source: source}
}

func keep(v string, kept bool) string {
	if kept {
		return v
	}
	return strings.Clone(v)
}
