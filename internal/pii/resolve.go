package pii

import (
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// resolve takes out what overlaps something better, what is allowed and what lies in a token.
func (w *Worker) resolve(text string) {
	f := w.findings
	keep := f[:0]
	tokens := strings.IndexByte(text, '[') >= 0
	for i := range f {
		x := f[i]
		if tokens {
			if from, to, ok := token.Covering(text, x.Start, x.End); ok && !w.bracketed(text, x.Start, x.End, from, to) {
				continue
			}
		}
		if !w.allowed(text[x.Start:x.End]) {
			keep = append(keep, x)
		}
	}
	f = keep
	if len(f) > manyFindings {
		w.findings = f
		w.resolveMany()
		return
	}
	// Best first: few findings, so an insertion sort.
	for i := 1; i < len(f); i++ {
		for j := i; j > 0 && better(&f[j], &f[j-1]); j-- {
			f[j], f[j-1] = f[j-1], f[j]
		}
	}
	n := 0
	for i := range f {
		free := true
		for j := range n {
			if f[i].Start < f[j].End && f[j].Start < f[i].End {
				free = false
				break
			}
		}
		if free {
			f[n] = f[i]
			n++
		}
	}
	w.crossed = n < len(f)
	f = f[:n]
	for i := 1; i < len(f); i++ {
		for j := i; j > 0 && f[j].Start < f[j-1].Start; j-- {
			f[j], f[j-1] = f[j-1], f[j]
		}
	}
	w.findings = f
	w.nameFindings()
}

// bracketed tells whether the token from..to is nothing but a value in brackets: [X1234567] is one where no rule's
// kind has that name.
func (w *Worker) bracketed(text string, start, end, from, to int) bool {
	if start != from+1 || end != to-1 || !hasDigit(text[start:end]) {
		return false
	}
	return !w.s.isKind(text[start:end])
}

// isKind tells whether a rule's tokens have this kind.
func (s *Scanner) isKind(kind string) bool {
	for i := range s.actions {
		if s.actions[i].kind == kind {
			return true
		}
	}
	return false
}

// manyFindings is where resolve stops comparing each finding with each other one.
const manyFindings = 48

// resolveMany is resolve in one sweep: of findings that overlap, the better one of each two stays.
func (w *Worker) resolveMany() {
	f := w.findings
	slices.SortStableFunc(f, func(a, b Finding) int { return a.Start - b.Start })
	n := 0
	for i := range f {
		switch {
		case n == 0 || f[i].Start >= f[n-1].End:
			f[n] = f[i]
			n++
		case better(&f[i], &f[n-1]) && (n < 2 || f[i].Start >= f[n-2].End):
			f[n-1] = f[i]
		}
	}
	w.crossed = true
	w.findings = f[:n]
	w.nameFindings()
}

func (w *Worker) nameFindings() {
	for i := range w.findings {
		r := &w.s.actions[w.findings[i].rule]
		w.findings[i].Type, w.findings[i].Kind = r.name, r.kind
	}
}

func better(a, b *Finding) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	if a.End-a.Start != b.End-b.Start {
		return a.End-a.Start > b.End-b.Start
	}
	return a.rule < b.rule
}

func (w *Worker) allowed(value string) bool {
	if w.s.allowValues[value] {
		return true
	}
	for _, re := range w.s.allowRegex {
		if re.MatchString(value) {
			return true
		}
	}
	return false
}
