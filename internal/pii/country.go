package pii

import (
	"slices"
	"strings"
	"sync"
)

// What the identifiers of countries share. Sources of the rules are in each country's file.

// peopleIDs are the detectors of national identifiers whose names are no everyday words: not drivers,
// addresses, certificates, nor sa_id ("said").
var peopleIDs = sync.OnceValue(func() *set {
	people := &set{}
	for _, d := range catalogue {
		if slices.Contains(d.Groups, "people") && !slices.ContainsFunc(everyday, func(part string) bool { return strings.Contains(d.Name, part) }) {
			people.add(d.id)
		}
	}
	return people
})

var everyday = []string{"sa_id", "_passport", "_driver_", "_driving_", "_postcode", "_vehicle_", "_plate", "ca_health", "kr_health", "us_dea", "_corporate", "_org"}

// national is registerCountry for identifiers that their own name speaks for: "pl_pesel" is context
// beside the words of the detector. What the words around call something else counts only when its form
// leaves no doubt: a number behind "cpf" that fails there is no PESEL by chance. Neither is a part of a longer row of
// groups with blanks.
func national(extra []string, ds ...Detector) {
	for i := range ds {
		name := strings.ReplaceAll(ds[i].Name, "_", " ")
		if name == "sa id" {
			name += "&" // "said" is another word
		}
		ds[i].Context = append(ds[i].Context, name)
		for k := range ds[i].Formats {
			f := &ds[i].Formats[k]
			if check := f.Check; f.Weak && strings.ContainsAny(f.Shape, " ~") {
				f.Check = func(c *Candidate) float64 {
					if c.Sep == ' ' && c.afterDigits() {
						return 0
					}
					return check(c)
				}
			} else if !f.Weak {
				f.Check = func(c *Candidate) float64 {
					score := check(c)
					if score > 0 && score < certain && (c.namedElse() || c.Sep == ' ' && score <= 0.5 && c.inLongRow() && !c.HasContext()) {
						return 0
					}
					return score
				}
			}
		}
	}
	registerCountry(extra, ds...)
}

// certain is the score from which on a name of something else does not count.
const certain = 0.7

// join is append for lists of formats.
func join(lists ...[]Format) []Format {
	var out []Format
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var (
	inEU   = []string{"eu"}
	passed = fixed(0.2) // a shape that says nothing without a context word
)

// passedAlone is passed for shapes of letters and digits that say something where nothing else is in the text.
func passedAlone(c *Candidate) float64 {
	if c.Start == 0 && c.End == len(c.Text) {
		return 0.3
	}
	return 0.2
}

// bySep returns the score of a valid number by how it is written.
func (c *Candidate) bySep(bare, blank, other float64) float64 {
	switch c.Sep {
	case 0:
		return bare
	case ' ':
		return blank
	}
	return other
}

// namedElse tells whether the words around name another national identifier and not this one.
func (c *Candidate) namedElse() bool {
	ctx := c.w.contextNear(c.Start, c.End)
	if ctx == nil || ctx.has(c.detector) {
		return false
	}
	people := peopleIDs()
	for i := range ctx {
		if ctx[i]&people[i] != 0 {
			return true
		}
	}
	return false
}

// upper tells whether all letters are capitals, as documents print them. Small ones look like parts of
// names and hashes.
func (c *Candidate) upper() bool {
	for i := c.Start; i < c.End; i++ {
		if c.Text[i] >= 'a' && c.Text[i] <= 'z' {
			return false
		}
	}
	return true
}

// printed returns score for capitals, and for small letters what needs a context word.
func (c *Candidate) printed(score float64) float64 {
	if c.upper() {
		return score
	}
	return min(score, 0.35)
}

// plain is printed for forms so strict that small letters only count against it where all is hexadecimal.
func (c *Candidate) plain(score float64) float64 {
	if !c.upper() {
		for _, b := range c.Value {
			if b > 'F' {
				return score
			}
		}
		return min(score, 0.35)
	}
	return score
}

// digitAt and letterAt tell what stands at place i of the value.
func digitAt(v []byte, i int) bool  { return v[i] <= '9' }
func letterAt(v []byte, i int) bool { return v[i] >= 'A' }

// number reads decimal places from..to of a value.
func number(v []byte, from, to int) int {
	n := 0
	for _, c := range v[from:to] {
		n = n*10 + int(c-'0')
	}
	return n
}

// shortDate tells whether a date with a year of two digits exists in some century.
func shortDate(yy, month, day int) bool { return validDate(2000+yy, month, day) }
