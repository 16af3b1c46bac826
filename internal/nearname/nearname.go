// Package nearname finds the name that somebody meant who wrote another one into a configuration.
package nearname

import (
	"fmt"
	"strings"
)

// minPart is how many bytes of a name must be there for a part of it to stand for the whole.
const minPart = 3

// Hint is ` (did you mean "email"?)` for a word that is near to one of the names, to be put behind the word in
// an error; "" otherwise.
func Hint[W, N ~string](word W, names ...N) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	if near := Of(string(word), list); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

// Of returns the name that is nearest to a word: the one with the fewest typing mistakes, if these are at most one and
// one more for every three letters, or else the shortest that the word is the beginning or the end of, or that is
// the beginning of the word. Upper case and the separators _ - . do not count. "" = no name is near enough.
func Of(word string, names []string) string {
	plain := simplify(word)
	best, fewest := "", 2+len(plain)/3
	for _, name := range names {
		if d := distance(plain, simplify(name)); d < fewest {
			best, fewest = name, d
		}
	}
	if best != "" || len(plain) < minPart {
		return best
	}
	for _, name := range names {
		n := simplify(name)
		part := strings.HasPrefix(n, plain) || strings.HasSuffix(n, plain) || len(n) >= minPart && strings.HasPrefix(plain, n)
		if part && (best == "" || len(name) < len(best)) {
			best = name
		}
	}
	return best
}

var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

func simplify(s string) string { return separators.Replace(strings.ToLower(s)) }

// distance is the number of bytes that were left out, added, taken for another, or swapped with their neighbour
// (optimal string alignment, https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance).
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
