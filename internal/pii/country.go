package pii

import "strings"

// What the identifiers of countries share. Sources of the rules are in each country's file.

// peopleIDs are the detectors of national identifiers.
var peopleIDs set

// national is registerCountry for identifiers that their own name speaks for: "pl_pesel" is context
// beside the words of the detector.
func national(extra []string, ds ...Detector) {
	for i := range ds {
		ds[i].Context = append(ds[i].Context, strings.ReplaceAll(ds[i].Name, "_", " "))
	}
	from := len(catalogue)
	registerCountry(extra, ds...)
	for _, d := range catalogue[from:] {
		peopleIDs.add(d.id)
	}
}

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

// unnamed returns score unless the words around name another national identifier and not this one:
// what stands behind "cpf" and fails there is no PESEL by chance.
func (c *Candidate) unnamed(score float64) float64 {
	ctx := c.w.contextFor(c.Start, c.End)
	if ctx.has(c.detector) {
		return score
	}
	for i := range ctx {
		if ctx[i]&peopleIDs[i] != 0 {
			return 0
		}
	}
	return score
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
