package web

import "strings"

// hole is a part of a title: text, or the mark of a value that was left out of it, such as <num>.
type hole struct {
	Text string
	Hole bool
}

// maxHole is the length of the longest mark's name.
const maxHole = 10

// holes divides a title into text and marks, so that the eye can pass over these. A mark is a word of small letters, or
// a star, in angle brackets; whatever a title has is escaped by the template as all other text.
func holes(title string) (out []hole) {
	text := 0
	for i := 0; i < len(title); i++ {
		if title[i] != '<' {
			continue
		}
		n := strings.IndexByte(title[i:], '>')
		if n < 2 || n > maxHole+1 || strings.Trim(title[i+1:i+n], "abcdefghijklmnopqrstuvwxyz*") != "" {
			continue
		}
		if text < i {
			out = append(out, hole{Text: title[text:i]})
		}
		out = append(out, hole{Text: title[i : i+n+1], Hole: true})
		i += n
		text = i + 1
	}
	if text < len(title) {
		out = append(out, hole{Text: title[text:]})
	}
	return out
}
