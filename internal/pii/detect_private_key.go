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
	if at < w.pemDone {
		return
	}
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
	if k := strings.Index(s[from:], "-----END"); k >= 0 {
		tail := from + k + len("-----END")
		if k = strings.Index(s[tail:min(len(s), tail+100)], "-----"); k >= 0 {
			end = tail + k + 5
		}
	}
	w.pemDone = end
	if end-from < 24 {
		return // the name of the format, without a key
	}
	w.add(privateKeyID, at, end, 0.99)
}
