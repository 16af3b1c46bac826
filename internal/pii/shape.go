package pii

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A chain is a row of groups of letters and digits with one separator between each two. All shapes
// of all enabled detectors are one tree over groups, so that a chain is compared with all of them in
// one walk and the cost does not grow with their number.

const (
	maxGroup  = 34 // longest group of a shape
	maxGroups = 16 // groups of a chain that one walk looks at
)

// node is a place in the tree of shapes.
type node struct {
	edges [maxGroup + 1][]edge // by the next group's length
	ends  []end                // formats that are complete here, the weak ones last
	weak  int                  // the first weak one
	words set                  // the detectors of the weak ones
	bare  bool                 // one of them counts without its words, at least as the whole text
	line  bool                 // one of them does so in a line, too
	named set                  // the detectors of all of them
}

// edge leads over one group.
type edge struct {
	sep           byte   // separator before the group: itself, '~', or 0 at the root
	digit, letter uint64 // places that must be digits, that must be letters; bit 0 = first
	next          *node
}

// end is a format that is complete.
type end struct {
	detector int
	weak     bool
	bare     bool // counts without a word near where it is the whole text (bare.go)
	line     bool // counts so in a line, too
	check    func(*Candidate) float64
}

type shapeGroup struct {
	sep           byte
	n             int
	digit, letter uint64
}

// addShape puts one format into the tree.
func (n *node) addShape(shape string, e end, pairs *pairTable) error {
	expanded, err := expandShape(shape)
	if err != nil {
		return err
	}
	for _, s := range expanded {
		groups, err := parseShape(s)
		if err != nil {
			return err
		}
		at := n
		for _, g := range groups {
			at = at.follow(g)
		}
		pairs.addShape(groups, e)
		at.end(e)
	}
	return nil
}

// end enters a format that is complete at n.
func (n *node) end(e end) {
	n.named.add(e.detector)
	if e.weak {
		n.words.add(e.detector)
		n.bare, n.line = n.bare || e.bare, n.line || e.line
		n.ends = append(n.ends, e)
		return
	}
	n.ends = slices.Insert(n.ends, n.weak, e)
	n.weak++
}

// plates tells whether some shape begins with digits, one to three letters and digits.
func (n *node) plates() bool {
	for size := range n.edges {
		for i := range n.edges[size] {
			if n.edges[size][i].letter != 0 {
				continue
			}
			for letters := 1; letters < 4; letters++ {
				for _, e := range n.edges[size][i].next.edges[letters] {
					if e.digit == 0 {
						return true
					}
				}
			}
		}
	}
	return false
}

// sixes tells whether some shape begins with two letters and six digits as groups.
func (n *node) sixes() bool {
	for i := range n.edges[2] {
		if e := &n.edges[2][i]; e.digit == 0 {
			for _, six := range e.next.edges[6] {
				if six.letter == 0 {
					return true
				}
			}
		}
	}
	return false
}

// firstGroups are the edges of the tree's root by what a group consists of.
func (n *node) firstGroups() (out [maxGroup + 1][groupClasses][]edge) {
	for size := range n.edges {
		for _, e := range n.edges[size] {
			for class := range groupClasses {
				if (shapeGroup{n: size, digit: e.digit, letter: e.letter}).mayBe(class) {
					out[size][class] = append(out[size][class], e)
				}
			}
		}
	}
	return out
}

func (n *node) follow(g shapeGroup) *node {
	for _, e := range n.edges[g.n] {
		if e.sep == g.sep && e.digit == g.digit && e.letter == g.letter {
			return e.next
		}
	}
	next := &node{}
	n.edges[g.n] = append(n.edges[g.n], edge{g.sep, g.digit, g.letter, next})
	return next
}

// expandShape writes the repetitions out.
func expandShape(shape string) ([]string, error) {
	open := strings.IndexByte(shape, '{')
	if open < 0 {
		return []string{shape}, nil
	}
	closing := strings.IndexByte(shape, '}')
	if open == 0 || closing < open {
		return nil, fmt.Errorf("shape %q: braces", shape)
	}
	low, high, two := strings.Cut(shape[open+1:closing], ",")
	lo, err := strconv.Atoi(low)
	if err != nil {
		return nil, fmt.Errorf("shape %q: %w", shape, err)
	}
	hi := lo
	if two {
		if hi, err = strconv.Atoi(high); err != nil {
			return nil, fmt.Errorf("shape %q: %w", shape, err)
		}
	}
	var out []string
	for k := lo; k <= hi; k++ {
		more, err := expandShape(shape[:open-1] + strings.Repeat(shape[open-1:open], k) + shape[closing+1:])
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// leastSigns returns the least number of letters and digits of a shape, 0 for one that is none.
func leastSigns(shape string) int {
	expanded, err := expandShape(shape)
	least := maxGroup * maxGroups
	for _, s := range expanded {
		groups, wrong := parseShape(s)
		n := 0
		for _, g := range groups {
			n += g.n
		}
		if least = min(least, n); wrong != nil {
			return 0
		}
	}
	if err != nil {
		return 0
	}
	return least
}

func parseShape(shape string) ([]shapeGroup, error) {
	var out []shapeGroup
	g := shapeGroup{}
	for i := 0; i < len(shape); i++ {
		switch c := shape[i]; c {
		case 'D':
			g.digit |= 1 << g.n
			g.n++
		case 'L':
			g.letter |= 1 << g.n
			g.n++
		case 'A':
			g.n++
		case '~', '-', '.', '/', ':', '+', ' ':
			if g.n == 0 {
				return nil, fmt.Errorf("shape %q: separator without a group before it", shape)
			}
			out = append(out, g)
			g = shapeGroup{sep: c}
		default:
			return nil, fmt.Errorf("shape %q: sign %q", shape, c)
		}
	}
	if g.n == 0 || g.n > maxGroup {
		return nil, fmt.Errorf("shape %q: a group of %d", shape, g.n)
	}
	out = append(out, g)
	if len(out) > maxGroups {
		return nil, fmt.Errorf("shape %q: more than %d groups", shape, maxGroups)
	}
	return out, nil
}
