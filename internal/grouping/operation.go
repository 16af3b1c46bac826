package grouping

// Operation returns a span name or route with the values in it replaced: numbers, identifiers and
// the values of a query, as in "GET /orders/<*>". What a framework wrote as a parameter, such as
// "{id}" or ":id", stays.
func Operation(name string) string {
	out := make([]byte, 0, len(name)+8)
	if len(name) > maxOutput {
		name = name[:maxOutput]
	}
	for i := 0; i < len(name); {
		c := name[i]
		if c == '?' && i > 0 && name[i-1] != ' ' {
			break // the query of a URL
		}
		if c == '/' || c == ' ' || c == '\t' || c == '\n' {
			if c != '/' {
				c = ' '
			}
			out = append(out, c)
			i++
			continue
		}
		j, digits, odd := i, 0, false
		for j < len(name) && name[j] != '/' && name[j] != ' ' && name[j] != '\t' && name[j] != '\n' && (name[j] != '?' || j == i) {
			if n := piiToken(name[j:]); n > 0 {
				odd = true
				j += n
				continue
			}
			switch c := name[j]; {
			case c >= '0' && c <= '9':
				digits++
			case c == '@' || c == '%' && j > i:
				odd = true
			case c == '*' && mask(name[j:]) > 0:
				odd = true
			}
			j++
		}
		if seg := name[i:j]; odd || digits > 0 && !versionSegment(seg) && !constantName(seg) {
			out = append(out, Any...)
		} else {
			out = append(out, seg...)
		}
		i = j
	}
	return string(out)
}

// versionSegment tells "v1" or "v2beta1" of an API's path, which is part of the operation.
func versionSegment(s string) bool {
	return len(s) >= 2 && len(s) <= 8 && (s[0] == 'v' || s[0] == 'V') && s[1] >= '0' && s[1] <= '9'
}

// constantName tells names of code that happen to hold a digit: "s3.PutObject", "oauth2", "HTTP/1.1".
func constantName(s string) bool {
	letters, digits := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.':
			letters++
		default:
			return false
		}
	}
	if s[0] >= '0' && s[0] <= '9' || digits > 2 || letters < 2*digits {
		return false
	}
	// "s3.PutObject" and "Base64Decode" are code; "order12" is an identifier: its digits are last.
	last := s[len(s)-1]
	return last < '0' || last > '9' || lookup(s)&fTech != 0
}

// Status returns a span's status as a fingerprint keeps it. A code alone stays, because 500 and 504
// are different failures; in prose, values are replaced.
func Status(s string) string {
	if len(s) <= 32 && statusCode(s) {
		return s
	}
	return Template(s)
}

// statusCode tells "500", "HTTP 503", "DEADLINE_EXCEEDED", "grpc 14": words and one short number.
func statusCode(s string) bool {
	digits := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits > 3 {
				return false
			}
		case classes[c]&cLetter == 0 && c != ' ' && c != '_' && c != '-' && c != '/' && c != ':':
			return false
		}
	}
	return true
}
