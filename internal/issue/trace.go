package issue

import (
	"slices"
	"time"
)

// Bounds of what is remembered of one trace.
const (
	maxFailures = 16
	maxLinks    = 128
	maxTold     = 64
	maxRoots    = 16
	maxCallers  = 16
)

// traceRec is what is known of the failures of one trace. It is plain data: in a shared store it
// travels between processes as JSON.
type traceRec struct {
	Failures []failure `json:"f,omitempty"`
	Links    []link    `json:"l,omitempty"`
	Told     []told    `json:"t,omitempty"` // shared stores only: the verdicts by key

	first [1]failure // most traces have one: no other allocation for it
	place [1]link
	waits bool // to be written down
}

// reset makes it that of a trace of which nothing is known.
func (t *traceRec) reset() {
	clear(t.Failures)
	*t = traceRec{Told: t.Told[:0]}
}

// link is what a span's own record says of its place; a zero parent is the trace's root.
type link struct {
	Span   [8]byte `json:"s"`
	Parent [8]byte `json:"p"`
}

// failure is one occurrence and those who told of it.
type failure struct {
	witness
	Callers []string `json:"c,omitempty"` // other services that told of it
}

// witness is the record that owns an occurrence, or wants to.
type witness struct {
	Key     Key               `json:"k"`
	Issue   string            `json:"i"`
	Roots   []uint64          `json:"r,omitempty"`
	Span    [8]byte           `json:"s"`
	Signal  Signal            `json:"g"`
	Service string            `json:"v"`
	Time    time.Time         `json:"t"`
	Env     string            `json:"e,omitempty"`
	Release string            `json:"l,omitempty"`
	Tags    map[string]string `json:"-"`
	Chain   int               `json:"n,omitempty"` // exceptions in the chain
}

// told is a verdict that another process may be asked for.
type told struct {
	Key    Key    `json:"k"`
	Issue  string `json:"i"`
	State  State  `json:"s"`
	Repeat bool   `json:"r,omitempty"`
	First  bool   `json:"f,omitempty"`
}

func witnessOf(o *Occurrence) witness {
	return witness{
		Key: o.Key, Issue: o.Issue, Roots: o.Root[:min(len(o.Root), maxRoots)], Span: o.SpanID, Signal: o.Signal, Service: o.Service,
		Time: o.Time, Env: o.Environment, Release: o.Release, Tags: o.Tags, Chain: len(o.Root),
	}
}

// occurrence gives back what a witness counted for.
func (w *witness) occurrence() Occurrence {
	return Occurrence{
		Key: w.Key, Issue: w.Issue, Service: w.Service, Time: w.Time, Environment: w.Env, Release: w.Release, Tags: w.Tags,
	}
}

// decision is what a record of a trace means.
type decision struct {
	repeat bool
	issue  string    // whose occurrence it is, when it is a repeat
	uncnt  []witness // occurrences that turned out to be this one, or another one of the trace
	// moved are the keys of those, in the same order, and where their occurrence is counted now.
	moved []moved
	// affected services to be listed with an issue.
	affected []affected
	lines    []Line // shared stores only: of those of uncnt, and of the occurrence unless it is a repeat
}

// line returns the line number i, nil if there is none.
func (d *decision) line(i int) *Line {
	if i >= len(d.lines) {
		return nil
	}
	return &d.lines[i]
}

type moved struct {
	key   Key
	issue string
}

type affected struct{ issue, service string }

// add takes in a record and decides what it means.
func (t *traceRec) add(o *Occurrence) decision {
	var d decision
	linked := t.learn(o)
	w := witnessOf(o)
	if best, owns := t.match(&w); best >= 0 {
		t.join(&d, best, w, owns)
	} else {
		if len(t.Failures) >= maxFailures {
			t.Failures = slices.Delete(t.Failures, 0, 1)
		}
		if t.Failures == nil {
			t.Failures = t.first[:0]
		}
		t.Failures = append(t.Failures, failure{witness: w})
	}
	if linked {
		t.relink(&d)
	}
	for i, u := range d.uncnt {
		if u.Key == o.Key && !d.repeat { // it is not even to be counted
			d.repeat, d.issue = true, d.moved[i].issue
			d.uncnt, d.moved = slices.Delete(d.uncnt, i, i+1), slices.Delete(d.moved, i, i+1)
			break
		}
	}
	return d
}

// learn keeps the place of a span; true when it is new.
func (t *traceRec) learn(o *Occurrence) bool {
	if o.SpanID == ([8]byte{}) || (o.Signal != FailedSpan && o.Signal != SpanEvent && o.ParentSpanID == ([8]byte{})) {
		return false
	}
	for _, l := range t.Links {
		if l.Span == o.SpanID {
			return false
		}
	}
	if len(t.Links) >= maxLinks {
		t.Links = slices.Delete(t.Links, 0, 1)
	}
	if t.Links == nil {
		t.Links = t.place[:0]
	}
	t.Links = append(t.Links, link{o.SpanID, o.ParentSpanID})
	return true
}

// match returns the failure that a witness tells of, or -1, and whether the witness is the one to own it.
func (t *traceRec) match(w *witness) (best int, owns bool) {
	best = -1
	var bestRelation relation
	for i := range t.Failures {
		rel := t.relation(t.Failures[i].Span, w.Span)
		same, o := sameFailure(&t.Failures[i].witness, w, rel)
		if same && (best < 0 || rel < bestRelation) {
			best, owns, bestRelation = i, o, rel
		}
	}
	return best, owns
}

// join makes a witness part of a failure.
func (t *traceRec) join(d *decision, i int, w witness, owns bool) {
	f := &t.Failures[i]
	if owns && w.Issue != f.Issue {
		// The deeper record: the occurrence moves to its issue, and its own issue counts it.
		old := f.witness
		d.uncnt = append(d.uncnt, old)
		d.moved = append(d.moved, moved{old.Key, w.Issue})
		callers := f.Callers
		f.witness, f.Callers = w, nil
		f.Roots = unite(w.Roots, old.Roots)
		for _, c := range append(callers, old.Service) {
			t.caller(d, f, c)
		}
		return
	}
	d.repeat, d.issue = true, f.Issue
	f.Roots = unite(f.Roots, w.Roots)
	if owns && f.Service == w.Service {
		f.Span, f.Signal, f.Chain = w.Span, w.Signal, w.Chain
	}
	t.caller(d, f, w.Service)
}

// caller lists a service as affected by a failure, once.
func (t *traceRec) caller(d *decision, f *failure, service string) {
	if service == f.Service || slices.Contains(f.Callers, service) || len(f.Callers) >= maxCallers {
		return
	}
	f.Callers = append(f.Callers, service)
	d.affected = append(d.affected, affected{f.Issue, service})
}

// relink unites failures that were counted apart before their spans' places were known.
func (t *traceRec) relink(d *decision) {
	for i := 0; i < len(t.Failures); i++ {
		for j := i + 1; j < len(t.Failures); j++ {
			a, b := &t.Failures[i], &t.Failures[j]
			rel := t.relation(a.Span, b.Span)
			if rel > below {
				continue // still not known, or not related
			}
			same, bOwns := sameFailure(&a.witness, &b.witness, rel)
			if !same {
				continue
			}
			win, lose, at := a, b, j
			if bOwns {
				win, lose, at = b, a, i
			}
			d.uncnt = append(d.uncnt, lose.witness)
			d.moved = append(d.moved, moved{lose.Key, win.Issue})
			for _, c := range append(lose.Callers, lose.Service) {
				t.caller(d, win, c)
			}
			win.Roots = unite(win.Roots, lose.Roots)
			t.Failures = slices.Delete(t.Failures, at, at+1)
			i, j = -1, len(t.Failures) // once more from the start; there is one failure less
		}
	}
}

// relation of a span b to a span a, in the order of how much it says.
type relation uint8

const (
	sameSpan  relation = iota // one span
	above                     // b is an ancestor of a
	below                     // b is a descendant of a
	notKnown                  // a link between them is missing
	unrelated                 // siblings, or cousins
)

func (t *traceRec) relation(a, b [8]byte) relation {
	zero := [8]byte{}
	if a == zero || b == zero {
		return notKnown
	}
	if a == b {
		return sameSpan
	}
	var buf [maxLinks + 1][8]byte
	path := t.path(buf[:0], a)
	if slices.Contains(path, b) {
		return above
	}
	var buf2 [maxLinks + 1][8]byte
	other := t.path(buf2[:0], b)
	if slices.Contains(other, a) {
		return below
	}
	for _, s := range other[1:] {
		if slices.Contains(path[1:], s) {
			return unrelated // they meet above both
		}
	}
	return notKnown
}

// path appends a span and its ancestors as far as they are known; a known root ends with the zero ID.
func (t *traceRec) path(out [][8]byte, span [8]byte) [][8]byte {
	for len(out) <= maxLinks {
		out = append(out, span)
		if span == ([8]byte{}) {
			return out
		}
		i := slices.IndexFunc(t.Links, func(l link) bool { return l.Span == span })
		if i < 0 {
			return out
		}
		span = t.Links[i].Parent
	}
	return out // a circle
}

// sameFailure tells whether b tells of the same failure as a, given where b's span is as seen from a's, and
// whether b is to own it. docs/issues.md states these rules for users.
func sameFailure(a, b *witness, rel relation) (same, bOwns bool) {
	if rel == unrelated {
		return false, false // a retry, or something else
	}
	aSpan, bSpan := a.Signal == FailedSpan, b.Signal == FailedSpan
	switch {
	case aSpan && bSpan:
		// The deeper of two failed spans is where it failed.
		return rel <= below, rel == below
	case aSpan || bSpan:
		return spanAndError(a, b, rel)
	case a.Signal == LogLine && b.Signal == LogLine:
		return false, false // each line is an occurrence
	case rel == sameSpan && a.Issue == b.Issue && a.Signal != b.Signal:
		// Both forms of one exception, also where they word it differently: Python's log handlers write
		// bob for what the span calls KeyError: 'bob'.
		return true, b.Signal > a.Signal
	case !overlap(a.Roots, b.Roots):
		return false, false
	}
	switch rel {
	case sameSpan:
		if a.Signal != b.Signal {
			return true, b.Signal > a.Signal
		}
		return true, b.Chain < a.Chain
	case above:
		return true, false
	case below:
		return true, true
	}
	// The same type of failure at two places of one trace that nothing connects yet.
	if a.Service == b.Service && a.Issue == b.Issue && a.Signal == b.Signal {
		return false, false // the same code twice: a retry
	}
	if a.Chain != b.Chain {
		return true, b.Chain < a.Chain // a wrapper has more exceptions than what it wraps
	}
	if a.Service == b.Service {
		return true, b.Signal > a.Signal
	}
	return true, b.Time.Before(a.Time) // who is called knows first
}

// spanAndError compares a span that failed without saying why with an error.
func spanAndError(a, b *witness, rel relation) (same, bOwns bool) {
	span, err, errIsBelow := a, b, rel == below
	if b.Signal == FailedSpan {
		span, err, errIsBelow = b, a, rel == above
	}
	owns := span == a // the error owns it
	switch {
	case rel == sameSpan || errIsBelow:
		return true, owns
	case rel == notKnown:
		// Most likely the span failed because of the error. A mere line at the level of an error says less.
		return err.Signal != LogLine || span.Service == err.Service, owns
	}
	// The error was recorded above the span: of a call that failed in the same service the error says more; in another
	// service they are two.
	return span.Service == err.Service && err.Signal != LogLine, owns
}

func overlap(a, b []uint64) bool {
	for _, x := range a {
		if slices.Contains(b, x) {
			return true
		}
	}
	return false
}

func unite(a, b []uint64) []uint64 {
	out := a
	for _, x := range b {
		if len(out) >= maxRoots {
			break
		}
		if !slices.Contains(out, x) {
			if len(out) == len(a) {
				out = slices.Clone(a)
			}
			out = append(out, x)
		}
	}
	return out
}
