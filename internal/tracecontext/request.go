package tracecontext

import "strings"

// Weak tells that a request ID is not unique beyond the process that made it: a counter (pino's 17,
// Fastify's req-1a), or too short to be random. Such an ID means something only together with the
// process it comes from.
func Weak(id string) bool {
	if i := strings.LastIndexAny(id, "-_:#"); i >= 0 && letters(id[:i]) {
		id = id[i+1:]
	}
	if isDigits(id) {
		return len(id) < 16
	}
	n := 0
	for i := range len(id) {
		if alnum(id[i]) {
			n++
		}
	}
	return n < 8
}

// letters tells that s has nothing but letters and separators.
func letters(s string) bool {
	for i := range len(s) {
		if s[i]-'0' < 10 {
			return false
		}
	}
	return true
}
