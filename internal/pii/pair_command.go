package pii

import "strings"

// Secrets in the arguments of commands that stand in running text: --password x, ["--token","x"], sshpass -p x.

// flag handles two dashes before a letter at at.
func (w *Worker) flag(at int) {
	s := w.text
	if at > 0 && s[at-1] != ' ' && s[at-1] != '"' && s[at-1] != '\'' && s[at-1] != '[' && s[at-1] != ',' {
		return
	}
	end := at
	for end < len(s) && end-at < 48 && nameByte[s[end]] {
		end++
	}
	if end+2 >= len(s) || !w.s.keys.tail(s, end) || !w.s.on.has(genericID) {
		return
	}
	i := end
	if q := s[i]; q == '"' || q == '\'' { // an element of a list
		i++
		if s[i] != ',' {
			return
		}
		i++
	} else if q != ' ' {
		return
	}
	from, to, quoted := valueEnd(s, skipBlank(s, i))
	if to > from && w.flagKey(s[at:end]) != nil && secretArgument(s[from:to]) && (quoted || !plainWord(s[from:to])) {
		w.add(genericID, from, to, 0.8)
	}
}

// plainWord tells of words of prose behind a flag that is only talked about: --password option, --token file-name.
func plainWord(v string) bool {
	for i := range len(v) {
		if c := v[i]; (c < 'a' || c > 'z') && c != '-' && c != '_' && c != '/' {
			return false
		}
	}
	return true
}

// shortFlags are flags of one letter that take a password, by the command: as the next word, or attached.
var shortFlags = []struct {
	letter          byte
	command         string
	blank, attached bool
}{{'p', "sshpass", true, true}, {'p', "docker login", true, false}, {'p', "podman login", true, false}, {'p', "mysql", false, true}, {'a', "redis-cli", true, false}}

// shortFlag handles a dash before a letter at at.
func (w *Worker) shortFlag(at int) {
	s := w.text
	if at+3 >= len(s) || s[at+1] != 'p' && s[at+1] != 'a' || !w.s.on.has(genericID) {
		return
	}
	blank := s[at+2] == ' '
	for _, f := range shortFlags {
		if s[at+1] != f.letter || blank && !f.blank || !blank && !f.attached || !strings.Contains(s[max(0, at-200):at], f.command) {
			continue
		}
		if from, to, quoted := valueEnd(s, skipBlank(s, at+2)); to > from && secretArgument(s[from:to]) && (quoted || !plainWord(s[from:to])) {
			w.add(genericID, from, to, 0.8)
		}
		return
	}
}
