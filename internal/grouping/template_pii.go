package grouping

// piiToken returns the length of the redaction token that s starts with, 0 = none.
//
// The grammar is that of the pii_redaction processor: "[NAME]", "[NAME:k1:9f2c41d0]" (hashed, with
// the key's name) and "[NAME:****4242]" (partly masked). NAME is in upper case, with digits and
// underscores. Words that loggers put in brackets on their own, such as levels, are not tokens.
func piiToken(s string) int {
	if len(s) < 4 || s[0] != '[' || s[1] < 'A' || s[1] > 'Z' {
		return 0
	}
	i := 1
	for i < len(s) && i <= 48 && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9' || s[i] == '_') {
		i++
	}
	if i >= len(s) || i < 3 {
		return 0
	}
	switch s[i] {
	case ']':
		if f := lookup(s[1:i]); f&fLevel != 0 {
			return 0
		}
		return i + 1
	case ':':
		// The tail is short and without blanks: a key name and a hash, or what a partial mask kept.
		for j := i + 1; j < len(s) && j < i+96; j++ {
			switch c := s[j]; {
			case c == ']':
				if j == i+1 {
					return 0
				}
				return j + 1
			case c == '[' || c == '\n' || c == ' ':
				return 0
			}
		}
	}
	return 0
}

// mask returns the length of the run of '*' that s starts with when it is long enough for a mask.
func mask(s string) int {
	n := 0
	for n < len(s) && s[n] == '*' {
		n++
	}
	if n < 3 || n > 64 {
		return 0
	}
	return n
}
