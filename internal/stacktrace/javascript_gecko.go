package stacktrace

import "strings"

// geckoFrame reads a line of Firefox or Safari: "name@https://host/app.js:12:34". Safari leaves the
// name and its sign out for anonymous functions and prints "[native code]" for built-in ones.
func geckoFrame(body string) (Frame, bool) {
	if len(body) < 5 || body[0] == '#' {
		return Frame{}, false
	}
	last := body[len(body)-1]
	if !isDigit(last) && last != ']' {
		return Frame{}, false
	}
	at := geckoSign(body)
	name, place := "", body
	if at >= 0 {
		name, place = body[:at], body[at+1:]
	}
	if strings.IndexByte(name, ' ') >= 0 && !geckoSpaced(name) {
		return Frame{}, false
	}
	if place == "[native code]" {
		return Frame{Function: geckoName(name)}, at >= 0
	}
	if i := strings.Index(place, " > "); i > 0 {
		// "app.js line 5 > eval:1:2", "app.js line 5 > Function:1:2"
		place = place[:i]
		if j := strings.LastIndex(place, " line "); j > 0 {
			if line, ok := wholeNumber(place[j+len(" line "):]); ok && geckoPlace(place[:j], at >= 0) {
				return Frame{Function: geckoName(name), File: place[:j], Line: line}, true
			}
		}
	}
	file, line, column, ok := lineColumn(place)
	if !ok || !geckoPlace(file, at >= 0) {
		return Frame{}, false
	}
	return Frame{Function: geckoName(name), File: file, Line: line, Column: column}, true
}

// geckoSign returns where the name ends: at the first sign that no quote or bracket follows before
// the address, since names and addresses may hold signs themselves. -1 without one.
func geckoSign(body string) int {
	for from := 0; ; {
		i := strings.IndexByte(body[from:], '@')
		if i < 0 {
			return -1
		}
		i += from
		if strings.Contains(body[:i], "://") {
			return -1 // the sign belongs to an address
		}
		rest := body[i+1:]
		scheme := strings.Index(rest, "://")
		if scheme < 0 || !strings.ContainsAny(rest[:scheme], "@\"'] ") {
			return i
		}
		from = i + 1
	}
}

// geckoSpaced tells the names that browsers write with a blank.
func geckoSpaced(name string) bool {
	return strings.HasSuffix(name, " code") || strings.Contains(name, "*") || strings.Contains(name, "[") || strings.HasPrefix(name, "get ") || strings.HasPrefix(name, "set ")
}

// geckoPlace tells a source from a word: an address, a path, a script. Without the sign it must be an address.
func geckoPlace(file string, sign bool) bool {
	if i := strings.Index(file, "://"); i > 0 && strings.IndexByte(file[:i], ' ') < 0 {
		return true
	}
	if strings.ContainsAny(file, " ]") {
		return false // "mail to [EMAIL:****@example.com] failed in /app/mail.php:12" is prose
	}
	return sign && (strings.ContainsAny(file, "/\\") || strings.HasSuffix(file, "js") || strings.HasPrefix(file, "app:") || strings.HasSuffix(file, "bundle"))
}

// geckoName takes the arguments of old versions and the marks of asynchronous calls off a name.
func geckoName(name string) string {
	if i := strings.LastIndexByte(name, '*'); i >= 0 {
		name = name[i+1:]
	}
	if i := strings.IndexByte(name, '('); i >= 0 && strings.HasSuffix(name, ")") {
		name = name[:i]
	}
	return strings.TrimPrefix(name, "Object.")
}
