package pii

// National notations of phone numbers that no word speaks for. They are bare values (bare.go), so they count
// only where the detector was named otherwise than by the group default.

// nationalPhone tells whether the digits of the groups first to last are written as a national number is:
// with its trunk prefix 0 (021 234 5678, 05321234567, 02-123-4567), as the North American plan writes them
// (415-555-0132), or in groups with nothing else in the text (22 212 3456).
func (w *Worker) nationalPhone(first, last, digits int) bool {
	g := w.groups[first : last+1]
	s := w.text
	start, end := g[0].start, g[len(g)-1].end
	if !w.s.wide.has(phoneID) || !w.stands(start, end) || !phoneGroups(g) {
		return false
	}
	switch {
	case s[start] == '8' && (digits == 11 || digits == 12): // a Korean mobile number without its +
		n := g[0].end - start
		return n == 2 && s[start+1] == '2' && len(g) > 2 && s[start+3] == '1' && s[start+4] == '0' || n == 12 && s[start:start+4] == "8210"
	case s[start] == '0':
		return s[start+1] != '0' && digits >= 9 && digits <= 12 && (len(g) > 1 || (digits == 10 || digits == 11) && (w.alone(start, end) || mobile(s[start:end]))) && !notPhone(g)
	case len(g) == 3 && digits == 10 && g[0].end-g[0].start == 3 && g[1].end-g[1].start == 3 && g[1].sep == g[2].sep:
		return nanp(s[start:end])
	}
	return start == 0 && end == len(s) && w.key == nil && digits <= 11 && len(g) > 1 && g[1].sep != '.' && !w.shaped(first, last)
}

// shaped tells whether the groups have the shape of a national identifier, whose check they failed then.
func (w *Worker) shaped(first, last int) bool {
	n := &w.s.shapes
	for i := first; i <= last; i++ {
		g := &w.groups[i]
		next := (*node)(nil)
		for k := range n.edges[g.end-g.start] {
			e := &n.edges[g.end-g.start][k]
			if e.letter == 0 && (i == first || e.sep == g.sep || e.sep == '~') {
				next = e.next
				break
			}
		}
		if next == nil {
			return false
		}
		n = next
	}
	return len(n.ends) > 0
}

// phoneGroups tells whether groups of digits can be a phone number's: at most five, one separator beside a
// first one of its own, not all of one digit or two.
func phoneGroups(g []group) bool {
	if len(g) > 5 {
		return false
	}
	long := len(g) == 1
	for i := range g {
		if i > 1 && g[i].sep != g[len(g)-1].sep || i > 0 && g[i].end-g[i].start > 8 {
			return false
		}
		long = long || g[i].end-g[i].start > 2
	}
	return long || len(g) == 4 || len(g) == 5
}

// mobile tells whether digits without separators begin as mobile numbers do where numbers have a trunk prefix 0, or
// with a Korean area.
func mobile(digits string) bool {
	switch digits[1] {
	case '1':
		return len(digits) == 11 && (digits[2] == '0' || digits[2] >= '5' && digits[2] <= '7') // Korea, Germany
	case '3', '4':
		return len(digits) == 10 && digits[2] >= '0' && digits[2] <= '4'
	case '5':
		return len(digits) == 11 || digits[2] >= '1' && digits[2] <= '5'
	case '6':
		return len(digits) == 10
	case '8':
		return len(digits) == 11
	case '7', '9':
		return true
	}
	return false
}

// spacedPhone handles the first dash of a number whose dashes stand between blanks: 010 - 1234 - 5678.
func (w *Worker) spacedPhone(at int) {
	s := w.text
	start := at - 1
	for start > 0 && at-start < 5 && isAlnum[s[start-1]] == 1 {
		start--
	}
	area := at - 1 - start
	middle := leadingDigits(s[at+2:])
	end := at + 2 + middle + 3
	if s[at-1] != ' ' || area < 2 || area > 3 || s[start] != '0' || s[start+1] == '0' || middle < 3 || middle > 4 || end >= len(s) || s[end-3:end] != " - " ||
		leadingDigits(s[end:]) != 4 || !freeBefore(s, start) || !freeAfter(s, end+4) || !w.s.on.has(phoneID) {
		return
	}
	score := 0.4
	if area == 3 && koreanPrefix(s[start:start+3]) {
		score = 0.8
	}
	w.report(phoneID, start, end+4, score)
}

// trunkBefore returns where a number with its area in parentheses at at begins: 0 (532) 123 45 67.
func trunkBefore(s string, at int) int {
	if at >= 2 && s[at-1] == ' ' && (s[at-2] == '0' || s[at-2] == '8') && freeBefore(s, at-2) {
		return at - 2
	}
	return at
}

// notPhone tells of groups that begin with 0 and are something else: 078-05-1120, 081111 093742.
func notPhone(g []group) bool {
	switch len(g) {
	case 2:
		return g[0].end-g[0].start == 6
	case 3:
		return g[0].end-g[0].start == 3 && g[1].end-g[1].start == 2 && g[2].end-g[2].start == 4
	}
	return false
}

// koreanPrefix tells whether a group is the prefix of Korean mobile numbers, which may be followed by a slash.
func koreanPrefix(s string) bool { return len(s) == 3 && s[0] == '0' && s[1] == '1' && s[2] != '2' }

// areaBefore returns where a number begins whose area has a closing parenthesis only: 02)303-6740.
func areaBefore(s string, at int) int {
	if at < 3 || s[at-1] != ')' {
		return at
	}
	p := at - 1
	for p > 0 && at-p < 6 && isAlnum[s[p-1]] == 1 {
		p--
	}
	if n := at - 1 - p; n < 2 || n > 4 || s[p] != '0' || s[p+1] == '0' || !freeBefore(s, p) || p > 0 && s[p-1] == '(' {
		return at
	}
	return p
}
