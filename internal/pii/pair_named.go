package pii

import "strings"

// Secrets whose name stands in a pair of its own beside them: the environment of a container
// (- name: DB_PASSWORD, value: ...), settings in XML (<add key="Password" value="..."/>), JSON
// ({"name":"API_KEY","value":"..."}), and arguments of commands (--token x).

// namesValue tells whether a pair's name says that the value's name stands in the pair before.
func namesValue(name string) bool { return len(name) == 5 && strings.EqualFold(name, "value") }

// nameBefore returns where the name stands that the pair before s[at] gives: name: X, key="X"; to is 0
// where there is none.
func nameBefore(s string, at int) (from, to int) {
	p := at
	for k := 0; p > 0 && k < 80; k++ {
		c := s[p-1]
		if p > 1 && s[p-2] == '\\' && (c == 'n' || c == 't' || c == 'r') {
			p--
		} else if c > ' ' && c != '"' && c != '\'' && c != ',' && c != ';' && c != '\\' && c != '-' {
			break
		}
		p--
	}
	to = p
	for p > 0 && to-p < 64 && nameByte[s[p-1]] {
		p--
	}
	from = p
	p = backOver(s, p)
	if from == to || p == 0 || s[p-1] != ':' && s[p-1] != '=' {
		return 0, 0
	}
	if p = backOver(s, p-1); endsInName(s[:p]) {
		return from, to
	}
	return 0, 0
}

// backOver goes back over quotes and blanks before s[p].
func backOver(s string, p int) int {
	for k := 0; p > 0 && k < 6 && (s[p-1] == '"' || s[p-1] == '\'' || s[p-1] == ' ' || s[p-1] == '\\'); k++ {
		p--
	}
	return p
}

// endsInName tells whether s ends in a word that says that a name follows.
func endsInName(s string) bool {
	for _, word := range [...]string{"name", "key", "field", "header", "variable", "parameter"} {
		if n := len(s) - len(word); n >= 0 && strings.EqualFold(s[n:], word) {
			return true
		}
	}
	return false
}

// nameOf returns what is known about the name that an object of JSON gives beside its member "value"; the
// object begins at open. nil = none that matters.
func (j *jsonWalk) nameOf(open int) *Key {
	s, i := j.s, skipBlank(j.s, open+1)
	for n := 0; n < 16 && s[i] == '"'; n++ {
		end := skipString(s, i)
		is := endsInName(s[i+1 : end-1])
		i = skipBlank(s, skipBlank(s, end)+1)
		start := i
		i = skipValue(s, i)
		if is && s[start] == '"' && j.w.s.keys.tail(s, i-1) && strings.IndexByte(s[start:i], '\\') < 0 {
			if key := j.w.Key(s[start+1 : i-1]); key.Matters() {
				return key
			}
		}
		if i = skipBlank(s, i); s[i] != ',' {
			break
		}
		i = skipBlank(s, i+1)
	}
	return nil
}

// NamedBy returns what is known about a value that lies beside its name in a map, under "value"; nil where the
// name says nothing. k is the name's own key.
func (w *Worker) NamedBy(k, name string) *Key {
	if !endsInName(k) || !w.s.keys.tail(name, len(name)) {
		return nil
	}
	if key := w.Key(name); key.Matters() {
		return key
	}
	return nil
}

// NamesValue tells whether the key is that of a value whose name lies beside it.
func NamesValue(k string) bool { return namesValue(k) }

// commandKey tells whether a key holds a command with its arguments.
func commandKey(name string) bool {
	for _, tail := range [...]string{"command_line", "command_args", "commandline", "cmdline", "cmd", "command", "argv", "args"} {
		if n := len(name) - len(tail); n >= 0 && strings.EqualFold(name[n:], tail) {
			return true
		}
	}
	return false
}

// flagKey returns what is known about the argument behind a flag, nil where the flag names no secret.
func (w *Worker) flagKey(flag string) *Key {
	name := strings.TrimLeft(flag, "-")
	if name == flag || len(name) < 3 || !w.s.keys.tail(name, len(name)) {
		return nil
	}
	if key := w.Key(name); secretFlag(key) {
		return key
	}
	return nil
}

// secretFlag tells whether a flag with the key's name takes a secret.
func secretFlag(key *Key) bool {
	switch key.pair {
	case strongKey, namedKey:
		return true
	case weakKey, queryKey:
		tail := strings.ToLower(key.name)
		return strings.HasSuffix(tail, "token") || strings.HasSuffix(tail, "secret") || strings.HasSuffix(tail, "pass")
	}
	return false
}

// secretArgument tells whether an argument behind such a flag is one, and no file's name.
func secretArgument(v string) bool {
	if len(v) < 3 || strings.IndexByte("-/.~@", v[0]) >= 0 || strings.Contains(v, "://") || allDigits(v) && len(v) < 4 {
		return false
	}
	return !placeholder(v) && !prose(v)
}

// arguments looks at a command's flags whose value is the next word.
func (w *Worker) arguments() {
	s := w.text
	for i := 0; i < len(s); i++ {
		if s[i] != '-' || i > 0 && s[i-1] > ' ' && s[i-1] != '"' && s[i-1] != '\'' {
			continue
		}
		end := i
		for end < len(s) && end-i < 48 && nameByte[s[end]] {
			end++
		}
		if end+1 < len(s) && s[end] == ' ' {
			if from, to, _ := valueEnd(s, skipBlank(s, end)); to > from && w.flagKey(s[i:end]) != nil && secretArgument(s[from:to]) && w.s.on.has(genericID) {
				w.add(genericID, from, to, 0.8)
			}
		}
		i = end
	}
}

// Argument returns the key for the element behind arg in a list of arguments that stands under key; nil where
// that is key itself.
func (w *Worker) Argument(key *Key, arg, next string) *Key {
	if key == nil || !key.command || len(arg) < 4 || arg[0] != '-' || !secretArgument(next) {
		return nil
	}
	if flag := w.flagKey(arg); flag != nil && flag.Sensitive() {
		return flag
	}
	return nil
}
