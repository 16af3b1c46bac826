package pii

// Values of XML elements whose name tells what they are: <password>...</password>, <ns:Token>...</ns:Token>.

// maxElement is the longest value of an element and the longest beginning of one that is looked at.
const maxElement = 512

// element handles the < of an element's end at at.
func (w *Worker) element(at int) {
	s := w.text
	if at+4 >= len(s) || s[at+1] != '/' {
		return
	}
	end := at + 2
	for end < len(s) && end-at < 64 && (nameByte[s[end]] || s[end] == ':') {
		end++
	}
	if end >= len(s) || s[end] != '>' || !w.s.keys.tail(s, end) {
		return
	}
	from := at
	for from > 0 && at-from < maxElement && s[from-1] != '>' && s[from-1] != '<' {
		from--
	}
	if from == 0 || from == at || s[from-1] != '>' {
		return
	}
	open := from - 1
	for open > 0 && from-open < maxElement && s[open] != '<' {
		open--
	}
	if name := s[at+2 : end]; s[open] != '<' || from-open < len(name)+2 || s[open+1:open+1+len(name)] != name {
		return
	}
	start := end
	for nameByte[s[start-1]] {
		start--
	}
	w.namedValue(start, end, from, at, true, false, false)
}
