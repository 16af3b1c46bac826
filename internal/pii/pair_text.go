package pii

import "strings"

// Secrets whose name says little alone: the data of a Kubernetes Secret, the response of an Authorization header of the
// scheme Digest.

// kindOf handles the value of a member "kind" of a Kubernetes manifest as text; the name begins at start.
func (w *Worker) kindOf(start, value int) {
	s := w.text
	from, to, _ := valueEnd(s, value)
	if !w.s.on.has(genericID) || !strings.EqualFold(s[from:to], "secret") || !strings.Contains(s, "data") {
		return
	}
	for i := 0; i < len(s); {
		k := strings.Index(s[i:], "ata:")
		if k < 0 {
			return
		}
		i += k + 4
		if head := strings.ToLower(s[max(0, i-11):i]); !strings.HasSuffix(head, "stringdata:") && !strings.HasSuffix(head, "data:") || strings.HasSuffix(head, "metadata:") {
			continue
		}
		indent := indentOf(s, i-1)
		for i < len(s) {
			line := strings.IndexByte(s[i:], '\n')
			if line < 0 {
				break
			}
			i += line + 1
			if indentOf(s, i) <= indent {
				break
			}
			w.dataLine(i)
		}
	}
}

// indentOf returns the number of blanks at the beginning of the line of s[i], -1 for an empty line.
func indentOf(s string, i int) int {
	first := strings.LastIndexByte(s[:i], '\n') + 1
	p := first
	for p < len(s) && (s[p] == ' ' || s[p] == '\t') {
		p++
	}
	if p >= len(s) || s[p] == '\n' {
		return -1
	}
	return p - first
}

// dataLine handles "name: value" at i.
func (w *Worker) dataLine(i int) {
	s := w.text
	end := len(s)
	if k := strings.IndexByte(s[i:], '\n'); k >= 0 {
		end = i + k
	}
	colon := strings.Index(s[i:end], ": ")
	if colon < 0 {
		return
	}
	from, to, _ := valueEnd(s, skipBlank(s, i+colon+1))
	if to = min(to, end); to-from >= 4 && !placeholder(s[from:to]) && !prose(s[from:to]) {
		w.add(genericID, from, to, 0.8)
	}
}

// digestResponse handles the value of response=... behind the scheme Digest.
func (w *Worker) digestResponse(start, value int) {
	s := w.text
	if from, to, _ := valueEnd(s, value); to-from >= 32 && hexOnly(s[from:to]) && w.s.on.has(authID()) && strings.Contains(s[max(0, start-600):start], "Digest ") {
		w.add(authID(), from, to, 0.85)
	}
}
