// Package glob matches the patterns of configurations.
package glob

// Match tells whether pattern is the whole of text: "*" stands for any run of bytes, "?" for one byte. It backs up no further
// than to the last star, so its time is bounded by the product of the lengths.
func Match(pattern, text string) bool { return match(pattern, text, '/') }

// MatchPath is [Match] for files: a slash of the pattern is a backslash of the text, too.
func MatchPath(pattern, text string) bool { return match(pattern, text, '\\') }

func match(pattern, text string, slash byte) bool {
	p, t, star, from := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t] || pattern[p] == '/' && text[t] == slash):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
