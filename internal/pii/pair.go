package pii

import (
	"math"
	"strings"
)

// Values that stand behind a name in text: password=..., "token": "...", api_key => ..., ?sig=...

var (
	genericID = func() int {
		register(Detector{Name: "generic_secret", Kind: "SECRET", Groups: []string{"secrets"}, Default: true, trigger: onPair})
		return find("generic_secret").id
	}()
	queryID = func() int {
		register(Detector{Name: "url_query_secret", Kind: "SECRET", Groups: []string{"secrets"}, Default: true, trigger: onPair})
		return find("url_query_secret").id
	}()
)

// strength says how much a name in running text tells about its value.
type strength uint8

const (
	strongKey strength = iota + 1 // the value goes unless it is a placeholder or a word of prose
	weakKey                       // the value must also look random
	queryKey                      // goes as a parameter of a URL, else like weakKey
	namedKey                      // like queryKey, and names a secret so plainly that eight mixed bytes are enough
)

type pairKey struct {
	name string
	is   strength
}

// pairKeys are the last words of names in text, joined.
var pairKeys = []pairKey{
	{"password", strongKey}, {"passwd", strongKey}, {"pwd", strongKey}, {"passphrase", strongKey}, {"passcode", strongKey},
	{"mysqlpwd", strongKey}, {"secret", weakKey}, {"clientsecret", strongKey}, {"appsecret", strongKey},
	{"secretkey", strongKey}, {"secretaccesskey", strongKey}, {"privatekey", weakKey}, {"accountkey", strongKey},
	{"sharedaccesskey", strongKey}, {"accesskeysecret", strongKey},
	{"token", queryKey}, {"accesstoken", namedKey}, {"refreshtoken", namedKey}, {"idtoken", namedKey}, {"authtoken", namedKey},
	{"sessiontoken", namedKey}, {"securitytoken", namedKey}, {"apitoken", namedKey}, {"bearertoken", namedKey},
	{"apikey", namedKey}, {"accesskey", namedKey}, {"accesskeyid", queryKey}, {"key", queryKey}, {"auth", queryKey},
	{"authkey", namedKey}, {"signature", queryKey}, {"sig", queryKey}, {"code", queryKey}, {"session", queryKey},
	{"credential", weakKey}, {"credentials", weakKey}, {"connectionstring", weakKey}, {"cookie", weakKey},
	{"encryptionkey", weakKey}, {"signingkey", weakKey}, {"masterkey", weakKey}, {"jwt", weakKey}, {"pass", weakKey},
	{"authorization", weakKey}, {"xapikey", weakKey}, {"xauthtoken", weakKey},
}

var pairStrength = func() map[string]strength {
	m := map[string]strength{}
	for _, k := range pairKeys {
		m[k.name] = k.is
	}
	return m
}()

// pair handles the : or = at at.
func (w *Worker) pair(at int) {
	s := w.text
	if at < w.pairDone {
		return
	}
	// The name ends before blanks, quotes and the rest of the operator.
	end := at
	for k := 0; end > 0 && k < 6; k++ {
		c := s[end-1]
		if c != '"' && c != '\'' && c != '\\' && c != ' ' && c != '?' && c != ':' && c != ']' {
			break
		}
		end--
	}
	if s[at] == ':' && at+1 < len(s) && s[at+1] > ' ' && w.s.triggers&onUserinfo != 0 {
		w.commandUser(at)
	}
	if !w.s.keys.tail(s, end) {
		return
	}
	start := end
	for start > 0 && end-start < 48 && nameByte[s[start-1]] {
		start--
	}
	if end-start < 3 {
		return
	}
	value := at + 1
	for value < len(s) && value-at < 3 && (s[value] == '=' || s[value] == '>' || s[value] == ':') {
		value++
	}
	colon := s[at] == ':' && value == at+1
	blank := false
	for k := 0; value < len(s) && s[value] == ' ' && k < 8; k++ {
		value++
		blank = true
	}
	w.pairDone = value
	if at > 0 && (s[at-1] == '!' || s[at-1] == '<' || s[at-1] == '>') {
		return
	}
	w.pairValue(start, end, value, colon, blank)
}

// commandUser handles user:password behind curl's -u and --user.
func (w *Worker) commandUser(at int) {
	s := w.text
	i := at
	for i > 0 && at-i < 40 && s[i-1] > ' ' && s[i-1] != '"' && s[i-1] != '\'' && s[i-1] != '=' {
		i--
	}
	user := i
	for k := 0; i > 0 && k < 4 && (s[i-1] == ' ' || s[i-1] == '"' || s[i-1] == '\'' || s[i-1] == '='); k++ {
		i--
	}
	if user == i || at == user || !strings.HasSuffix(s[:i], " -u") && !strings.HasSuffix(s[:i], "--user") || !strings.Contains(s[max(0, i-400):i], "curl") {
		return
	}
	_, end, _ := valueEnd(s, at+1)
	if quote := before(s, user); quote == '"' || quote == '\'' {
		if k := strings.IndexByte(s[at:], quote); k > 0 {
			end = at + k
		}
	}
	if v := s[at+1 : end]; len(v) > 2 && !placeholder(v) && !placeholder(s[user:at]) && !strings.Contains(v, "$") && v != s[user:at] {
		w.add(urlID, user, end, 0.9)
	}
}

// nameByte: signs of names.
var nameByte = func() (t [256]bool) {
	for c := range 256 {
		t[c] = isAlnum[c] != 0
	}
	for _, c := range []byte("_-.") {
		t[c] = true
	}
	return t
}()

// pairValue judges the value that begins at value behind the name s[start:end].
func (w *Worker) pairValue(start, end, value int, colon, blank bool) {
	s := w.text
	from, to, quoted := valueEnd(s, value)
	if to <= from {
		return
	}
	key := w.s.key(s[start:end])
	if key.keyed >= 0 {
		if v := s[from:to]; key.keyedCheck == nil && (quoted || !colon) && !prose(v) || key.keyedCheck != nil && key.keyedCheck(v) {
			w.add(key.keyed, from, to, 0.8)
			return
		}
	}
	is := key.pair
	if is == 0 {
		return
	}
	query := start > 0 && (s[start-1] == '?' || s[start-1] == '&') && s[end] == '='
	if query && is != strongKey {
		to = queryEnd(s, from)
		if to > from && (is == queryKey || is == namedKey) && !placeholder(s[from:to]) && joinKey(s[from:to]) != joinKey(s[start:end]) && w.s.on.has(queryID) && (to-from >= 4 || !shortQuery(s[start:end])) && !prose(s[from:to]) {
			w.add(queryID, from, to, 0.85)
		}
		return
	}
	if !w.s.on.has(genericID) {
		return
	}
	v := s[from:to]
	if authScheme(v) && !quoted {
		if next := to + 1; next+4 < len(s) && s[to] == ' ' && isAlnum[s[next]] != 0 {
			w.scheme(next) // what stands behind Bearer, Basic, ...
		}
		return
	}
	if placeholder(v) || joinKey(v) == joinKey(s[start:end]) {
		return
	}
	switch is {
	case strongKey:
		if prose(v) || !quoted && colon && blank && wordOnly(v) && followedByWord(s, to) {
			return
		}
		if !quoted && (len(v) < 3 || allDigits(v) && len(v) < 4) {
			return
		}
		w.add(genericID, from, to, 0.8)
		w.pairDone = to // what looks like a pair in it goes with it
	case namedKey:
		if len(v) >= 8 && mixedToken(v) && entropy(v) >= 2.8 && !strings.ContainsAny(v, "{}()[]<>\\ /:") {
			w.add(genericID, from, to, 0.75)
		}
	default:
		if randomLooking(v) && !strings.ContainsAny(v, "{}()[]<>\\:") {
			w.add(genericID, from, to, 0.75)
		}
	}
}

// shortQuery: names of parameters that often hold something harmless and short.
func shortQuery(name string) bool {
	switch strings.ToLower(name) {
	case "key", "code", "session", "auth", "token", "sig":
		return true
	}
	return false
}

// pairStrength returns the strength of the name's last words.
func (s *Scanner) pairStrength(name string) strength {
	if s.keys.except[strings.ToLower(name)] {
		return 0
	}
	var words [24]string
	n := splitKey(name, &words)
	var joined [48]byte
	for from := max(0, n-3); from < n; from++ {
		b := joined[:0]
		for _, word := range words[from:n] {
			if len(b)+len(word) <= len(joined) {
				b = append(b, word...)
			}
		}
		if is, ok := pairStrength[string(b)]; ok {
			if is == queryKey && from > 0 && words[from] == "key" && harmlessKey(words[from-1]) {
				return 0
			}
			return is
		}
		// passwordfile, mytoken: the words run together.
		if from == n-1 {
			for _, tail := range [...]string{"password", "passwd", "secret", "token", "apikey"} {
				if len(b) > len(tail)+1 && strings.HasSuffix(string(b), tail) {
					if tail == "password" || tail == "passwd" {
						return strongKey
					}
					return weakKey
				}
			}
		}
	}
	return 0
}

// harmlessKey tells of keys that are no secrets: primary key, cache key, public key.
func harmlessKey(before string) bool {
	switch before {
	case "primary", "foreign", "cache", "public", "partition", "sort", "routing", "row", "hash", "index", "unique", "sequence",
		"map", "object", "s3", "bucket", "message", "translation", "i18n", "registry", "storage", "dedup", "idempotency",
		"redis", "sorting", "record", "lookup", "group", "composite", "shard", "column":
		return true
	}
	return false
}

// valueEnd returns the bytes of the value that begins at i, without quotes.
func valueEnd(s string, i int) (from, to int, quoted bool) {
	if i >= len(s) {
		return i, i, false
	}
	escaped := s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\'')
	if escaped {
		i++
	}
	if q := s[i]; q == '"' || q == '\'' || q == '`' {
		from = i + 1
		limit := min(len(s), from+4096)
		for to = from; to < limit; to++ {
			if s[to] == q {
				if escaped && to > from && s[to-1] == '\\' {
					return from, to - 1, true
				}
				return from, to, true
			}
			if s[to] == '\\' && !escaped {
				to++
			} else if s[to] == '\n' {
				break
			}
		}
		return from, min(to, len(s)), true
	}
	to = i
	for to < len(s) && to-i < 4096 {
		switch c := s[to]; c {
		case ' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>', ',', ';', '&', ')', '}', ']', '|':
			return i, trimValue(s, i, to), false
		case '\\':
			if to+1 < len(s) && (s[to+1] == 'n' || s[to+1] == 'r' || s[to+1] == 't' || s[to+1] == '"') {
				return i, to, false
			}
		}
		to++
	}
	return i, trimValue(s, i, to), false
}

// trimValue takes a sentence's end off a value.
func trimValue(s string, from, to int) int {
	for to > from && (s[to-1] == '.' || s[to-1] == ':' || s[to-1] == '!' && to-from > 12) {
		to--
	}
	return to
}

// queryEnd returns the end of a URL parameter's value.
func queryEnd(s string, i int) int {
	for i < len(s) && s[i] > ' ' {
		switch s[i] {
		case '&', '#', '"', '\'', '<', '>', '`', '\\', ')', ']', '}', '|', ';', ',':
			return i
		}
		i++
	}
	return i
}

// placeholder tells of values that stand for a secret and are none: xxxx, ****, ${VAR}, <token>, $(...), EXAMPLE.
func placeholder(v string) bool {
	if v == "" {
		return true
	}
	switch v[0] {
	case '<', '$', '{', '[', '(', '%', '*', '@':
		switch {
		case v[0] == '$' && len(v) > 1 && (isAlnum[v[1]] == 1 || v[1] == '2'):
		case v[0] == '@' || v[0] == '%' && !strings.HasSuffix(v, "%"):
			return false
		case v[0] == '*' && strings.Trim(v, "*") != "":
			return false
		default:
			return true
		}
	}
	if allSame(v) || strings.Contains(v, "xxxx") || strings.Contains(v, "XXXX") || strings.Contains(v, "****") || strings.Contains(v, "....") {
		return true
	}
	if len(v) <= 40 {
		var b [40]byte
		for i := range len(v) {
			b[i] = lower[v[i]]
		}
		l := string(b[:len(v)])
		for _, word := range [...]string{"example", "changeme", "change_me", "placeholder", "redacted", "your_", "your-", "filtered", "dummy"} {
			if strings.Contains(l, word) {
				return true
			}
		}
	}
	return false
}

func allSame(v string) bool {
	for i := range len(v) {
		if v[i] != v[0] {
			return false
		}
	}
	return true
}

// prose tells of words that follow "password:" in messages and are no password.
func prose(v string) bool {
	if len(v) > 14 {
		return false
	}
	var b [14]byte
	for i := range len(v) {
		b[i] = lower[v[i]]
	}
	switch string(b[:len(v)]) {
	case "yes", "no", "true", "false", "null", "none", "nil", "undefined", "required", "invalid", "incorrect", "wrong", "expired",
		"missing", "empty", "changed", "set", "unset", "reset", "ok", "failed", "failure", "success", "denied", "accepted",
		"rejected", "unknown", "disabled", "enabled", "on", "off", "n/a", "auto", "default", "not", "is", "was", "the", "for",
		"of", "and", "or", "must", "authentication", "string", "bool", "int", "error", "expiry", "mismatch", "found", "a", "-", "?",
		"valid", "ignored", "updated", "created", "deleted", "hidden", "masked", "secret", "password", "token", "nan", "<nil>", "0", "1":
		return true
	}
	return false
}

// wordOnly tells whether v is one word of letters, perhaps with a capital at its beginning.
func wordOnly(v string) bool {
	for i := range len(v) {
		if c := v[i]; isAlnum[c] != 2 || i > 0 && c < 'a' {
			return false
		}
	}
	return true
}

// followedByWord tells whether a blank and a letter follow at i: the value was the first word of a sentence.
func followedByWord(s string, i int) bool {
	return i+1 < len(s) && s[i] == ' ' && isAlnum[s[i+1]] == 2
}

// randomLooking: at least 12 bytes, more than one class of characters, entropy of at least 3.5 bits a byte
// (2.7 for hexadecimal digits, which cannot reach more than 4).
func randomLooking(v string) bool {
	if len(v) < 12 || strings.ContainsAny(v, " \t") && len(v) < 100 {
		return false
	}
	lowers, uppers, digits, others, hexes := 0, 0, 0, 0, 0
	for i := range len(v) {
		c := v[i]
		if isHex(c) {
			hexes++
		}
		switch {
		case c >= 'a' && c <= 'z':
			lowers++
		case c >= 'A' && c <= 'Z':
			uppers++
		case c >= '0' && c <= '9':
			digits++
		default:
			others++
		}
	}
	if digits == 0 && (lowers == 0 || uppers == 0 || len(v) < 20 || uppers*5 < len(v)) || lowers+uppers == 0 {
		return false
	}
	if others*3 > len(v) || strings.Contains(v, "://") || v[0] == '/' || strings.Count(v, "/") > 3 && len(v) < 60 {
		return false
	}
	need := 3.5
	if hexes == len(v) {
		need = 2.7
	} else if len(v) < 16 {
		need = 3.2 // sixteen bytes can hold four bits at most, twelve 3.58
	}
	return entropy(v) >= need
}

// entropy is Shannon's, in bits a byte.
func entropy(v string) float64 {
	var count [256]uint16
	for i := range min(len(v), 4096) {
		count[v[i]]++
	}
	n, e := float64(min(len(v), 4096)), 0.0
	for i := range count {
		if count[i] > 0 {
			p := float64(count[i]) / n
			e -= p * math.Log2(p)
		}
	}
	return e
}

// authScheme tells whether v is the name of an HTTP authentication scheme.
func authScheme(v string) bool {
	switch len(v) {
	case 5, 6, 9:
		return strings.EqualFold(v, "bearer") || strings.EqualFold(v, "basic") || strings.EqualFold(v, "digest") ||
			strings.EqualFold(v, "token") || strings.EqualFold(v, "negotiate")
	}
	return false
}
