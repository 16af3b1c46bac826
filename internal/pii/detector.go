package pii

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/otel-culprit/culprit/internal/nearname"
)

// Detector describes one kind of personal data or secret. See the package comment on how to add one.
type Detector struct {
	// Name is the configuration's name, lower_snake_case, countries first: "kr_rrn".
	Name string
	// Kind is the word in the token that replaces a value; "" = Name in upper case.
	Kind string
	// Groups besides "all", and for country_* files besides the prefix of Name ("kr").
	Groups []string
	// Default puts it into the group "default": practically no false alarm.
	Default bool
	// Optional detectors are in no group "all": they run only when they are named.
	Optional bool
	// Context are words that raise the score by 0.4 when they stand near the value or in its key.
	// They are compared without case and separators: "credit card" also is creditCard and credit_card.
	// A word of four letters or more also matches as the beginning of a word (card: cardnumber) unless it
	// ends in $; one that ends in & counts only with its separators.
	Context []string
	// Formats are what the chain of letter and digit groups must look like. Detectors with another
	// trigger (e-mail, secrets, ...) have none and are called by their own handler.
	Formats []Format
	// Keys are names (of attributes, JSON members, URL parameters, key=value in text) whose whole value
	// is of this kind when KeyCheck accepts it (nil = always). Compared like sensitive keys.
	Keys     []string
	KeyCheck func(value string) bool

	trigger uint32 // handlers of detectors without formats
	id      int    // place in the catalogue
}

// Format is one way in which a value of a detector is written.
type Format struct {
	// Shape is the value's look, one sign a character: D digit, L letter, A letter or digit, ~ one
	// blank or dash (or nothing else; the same sign throughout a value), and - . / : + blank themselves.
	// D{3} repeats, D{7,9} is registered once for each length.
	Shape string
	// Weak formats count only beside a context word (or with min_score <= 0.3): bare digits with at
	// most one check digit. Check is not even called without one.
	Weak bool
	// Likely is a weak format of which at most one random value in twenty passes Check: it scores 0.4 or more, and
	// counts without a word not only as the whole text but also in a line (bare.go).
	Likely bool
	// Check returns the score of the candidate without its context, 0 = no value of this kind. nil = 0.5.
	Check func(c *Candidate) float64
}

// Candidate is a piece of text that has a format's shape and stands free on both sides.
type Candidate struct {
	// Text is the whole scanned text, Start and End the candidate in it, in bytes.
	Text       string
	Start, End int
	// Value is the candidate without separators, letters in upper case. Valid during Check only.
	Value []byte
	// Sep is the sign found at the first separator, 0 where the shape has none.
	Sep byte

	w        *Worker
	detector int
}

// D returns the digit at place i of Value as a number.
func (c *Candidate) D(i int) int { return int(c.Value[i] - '0') }

// HasContext tells whether one of the detector's context words is near.
func (c *Candidate) HasContext() bool { return c.names(c.detector) }

// names tells whether words near speak for a detector.
func (c *Candidate) names(detector int) bool {
	ctx := c.w.contextNear(c.Start, c.End)
	return ctx != nil && ctx.has(detector)
}

var catalogue []*Detector

// register adds detectors to the catalogue; called from init functions only.
func register(ds ...Detector) {
	for i := range ds {
		d := ds[i]
		if d.Kind == "" {
			d.Kind = strings.ToUpper(d.Name)
		}
		if d.id = len(catalogue); d.id >= other {
			panic("pii: the sets of detectors are full: enlarge type set")
		}
		catalogue = append(catalogue, &d)
	}
}

// registerCountry is register for national identifiers: each is in the group of its name's prefix
// (and those of extra) and in "people".
func registerCountry(extra []string, ds ...Detector) {
	for i := range ds {
		prefix, _, _ := strings.Cut(ds[i].Name, "_")
		ds[i].Groups = append(ds[i].Groups, prefix, "people")
		for _, g := range extra {
			if !slices.Contains(ds[i].Groups, g) {
				ds[i].Groups = append(ds[i].Groups, g)
			}
		}
	}
	register(ds...)
}

// Formats of one check.
func formats(check func(c *Candidate) float64, shapes ...string) []Format {
	out := make([]Format, len(shapes))
	for i, s := range shapes {
		out[i] = Format{Shape: s, Check: check}
	}
	return out
}

// Weak formats of one check: they count beside a context word only.
func weak(check func(c *Candidate) float64, shapes ...string) []Format {
	out := formats(check, shapes...)
	for i := range out {
		out[i].Weak = true
	}
	return out
}

// Likely formats of one check: weak ones that say more than one check digit does.
func likely(check func(c *Candidate) float64, shapes ...string) []Format {
	out := weak(check, shapes...)
	for i := range out {
		out[i].Likely = true
	}
	return out
}

// fixed is a check that always gives the same score: the shape says all.
func fixed(score float64) func(*Candidate) float64 {
	return func(*Candidate) float64 { return score }
}

// find returns the detector of a name, nil when there is none.
func find(name string) *Detector {
	for _, d := range catalogue {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// idOf returns the id of a detector, for variables that are made before the catalogue is.
func idOf(name string) func() int {
	return sync.OnceValue(func() int { return find(name).id })
}

// Names returns all detectors' names, sorted.
func Names() []string {
	out := make([]string, len(catalogue))
	for i, d := range catalogue {
		out[i] = d.Name
	}
	slices.Sort(out)
	return out
}

// Groups returns all groups' names, sorted.
func Groups() []string {
	out := []string{"all", "default"}
	for _, d := range catalogue {
		for _, g := range d.Groups {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Members returns the detectors of a group, or the one of that name.
func Members(name string) []string {
	var out []string
	for _, d := range catalogue {
		if d.Name == name || name == "all" && !d.Optional || name == "default" && d.Default || slices.Contains(d.Groups, name) {
			out = append(out, d.Name)
		}
	}
	return out
}

// selectDetectors resolves names and groups to sets by detector id: all of them, and those that something
// else than the group default names.
func selectDetectors(names, disable []string) (on, wide set, err error) {
	for _, n := range names {
		m := Members(n)
		if len(m) == 0 {
			return on, wide, unknownDetector("detectors", n)
		}
		for _, name := range m {
			on.add(find(name).id)
			if n != "default" {
				wide.add(find(name).id)
			}
		}
	}
	for _, n := range disable {
		m := Members(n)
		if len(m) == 0 {
			return on, wide, unknownDetector("disable", n)
		}
		for _, name := range m {
			on.remove(find(name).id)
			wide.remove(find(name).id)
		}
	}
	return on, wide, nil
}

func unknownDetector(option, name string) error {
	if hint := nearname.Hint(name, append(Names(), Groups()...)...); hint != "" {
		return fmt.Errorf("'%s': unknown detector or group %q%s", option, name, hint)
	}
	return fmt.Errorf("'%s': unknown detector or group %q; groups: %s; detectors: %s",
		option, name, strings.Join(Groups(), ", "), strings.Join(Names(), ", "))
}

// set is a set of detectors by their id.
type set [5]uint64

func (s *set) add(i int)      { s[i>>6] |= 1 << (i & 63) }
func (s *set) remove(i int)   { s[i>>6] &^= 1 << (i & 63) }
func (s *set) has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }
func (s *set) meets(o *set) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3]|s[4]&o[4] != 0
}
func (s *set) merge(o *set) {
	for i := range s {
		s[i] |= o[i]
	}
}

// triggers returns the handlers that the detector needs.
func (d *Detector) triggers() uint32 {
	t := d.trigger
	if len(d.Formats) > 0 {
		t |= onChain
	}
	if len(d.Keys) > 0 {
		t |= onPair
	}
	return t
}
