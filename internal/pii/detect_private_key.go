package pii

import "strings"

// Private keys: RFC 7468 (textual encodings), also with escaped line breaks, also cut off.

var privateKeyID = func() int {
	register(Detector{Name: "private_key", Kind: "SECRET", Groups: []string{"secrets"}, Default: true, trigger: onPEM})
	return find("private_key").id
}()

// dashes handles five dashes or more.
func (w *Worker) dashes(at int) {
	s := w.text
	begin := strings.Index(s[at:min(len(s), at+80)], "BEGIN")
	if begin < 0 {
		return
	}
	for _, c := range []byte(s[at : at+begin]) {
		if c != '-' && c != ' ' {
			return
		}
	}
	head := s[at+begin : min(len(s), at+begin+120)]
	key := strings.Index(head, "PRIVATE KEY")
	if key < 0 || strings.ContainsAny(head[:key], "\n\"") {
		return
	}
	from := at + begin + key + len("PRIVATE KEY")
	end := len(s)
	if k := strings.Index(s[from:], "KEY"); k >= 0 {
		// The last line: ... KEY-----, ... KEY BLOCK-----.
		for k >= 0 {
			tail := from + k + 3
			if strings.HasPrefix(s[tail:], " BLOCK") {
				tail += 6
			}
			if strings.HasPrefix(s[tail:], "-----") && strings.LastIndex(s[from:from+k], "END") >= 0 {
				end = tail + 5
				break
			}
			next := strings.Index(s[tail:], "KEY")
			if next < 0 {
				break
			}
			k = tail + next - from
		}
	}
	if end-from < 24 {
		return // the name of the format, without a key
	}
	w.add(privateKeyID, at, end, 0.99)
}
