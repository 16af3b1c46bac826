package pii

// MAC addresses: IEEE 802 six octets with : or -, and Cisco's three groups of four with dots.

var macID = func() int {
	register(Detector{Name: "mac_address", Kind: "MAC", Groups: []string{"network"}, trigger: onColons | onDots | onToken})
	return find("mac_address").id
}()

// macAt handles six pairs from start on.
func (w *Worker) macAt(start int, sep byte) bool {
	s := w.text
	if start+17 > len(s) || !w.s.on.has(macID) {
		return false
	}
	v := s[start : start+17]
	for i := range len(v) {
		if i%3 == 2 {
			if v[i] != sep {
				return false
			}
		} else if !isHex(v[i]) {
			return false
		}
	}
	end := start + 17
	if start > 0 && !freeOfWords(s, start) && !(s[start-1] == ':' && (start == 1 || isAlnum[s[start-2]] == 0 || afterName(s, start))) ||
		end < len(s) && (isAlnum[s[end]] != 0 || s[end] == '_' || (s[end] == sep || s[end] == ':') && end+1 < len(s) && isHex(s[end+1])) {
		return true
	}
	return w.mac(start, end)
}

// dots handles a separator that has another one five bytes on.
func (w *Worker) dots(at int) {
	s := w.text
	start, end := at-4, at+10
	if start < 0 || end > len(s) || s[at] != '.' || s[at+5] != '.' || !w.s.on.has(macID) {
		return
	}
	for i := start; i < end; i++ {
		if i != at && i != at+5 && !isHex(s[i]) {
			return
		}
	}
	if start > 0 && !freeOfWords(s, start) && !afterName(s, start) || end < len(s) && (isAlnum[s[end]] != 0 || s[end] == '_' || s[end] == '-' ||
		s[end] == '.' && end+1 < len(s) && isAlnum[s[end+1]] != 0) {
		return
	}
	w.mac(start, end)
}

// mac reports an address unless it is none (all 0) or everybody's (all f).
func (w *Worker) mac(start, end int) bool {
	zero, ones := true, true
	for i := start; i < end; i++ {
		c := lower[w.text[i]]
		if isHex(c) {
			zero = zero && c == '0'
			ones = ones && c == 'f'
		}
	}
	if !zero && !ones {
		w.add(macID, start, end, 0.85)
	}
	return true
}

// afterName tells whether a name and a colon end at i, without a blank: a word that is no group of an address.
func afterName(s string, i int) bool {
	if i < 2 || s[i-1] != ':' {
		return false
	}
	for p := i - 1; p > 0 && i-p < 24 && (isAlnum[s[p-1]] != 0 || s[p-1] == '_'); p-- {
		if !isHex(s[p-1]) {
			return true
		}
	}
	return false
}
