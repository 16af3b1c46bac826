package pii

import "strings"

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
	cookieKey                     // a header of cookies, else like weakKey
)

type pairKey struct {
	name string
	is   strength
}

// pairKeys are the last words of names in text, joined.
var pairKeys = []pairKey{
	{"password", strongKey}, {"passwd", strongKey}, {"pwd", strongKey}, {"passphrase", strongKey}, {"passcode", strongKey},
	{"passwort", strongKey}, {"kennwort", strongKey}, {"motdepasse", strongKey}, {"contrasena", strongKey}, {"contraseña", strongKey},
	{"senha", strongKey}, {"wachtwoord", strongKey}, {"parola", strongKey}, {"haslo", strongKey}, {"hasło", strongKey}, {"비밀번호", strongKey}, {"パスワード", strongKey},
	{"密码", strongKey}, {"密碼", strongKey}, {"пароль", strongKey},
	{"mysqlpwd", strongKey}, {"contribsyscom", strongKey}, {"contribsyscomtoken", strongKey}, {"secret", weakKey}, {"clientsecret", strongKey}, {"appsecret", strongKey},
	{"secretkey", strongKey}, {"secretaccesskey", strongKey}, {"privatekey", weakKey}, {"accountkey", strongKey},
	{"sharedaccesskey", strongKey}, {"accesskeysecret", strongKey},
	{"token", queryKey}, {"accesstoken", namedKey}, {"refreshtoken", namedKey}, {"idtoken", namedKey}, {"authtoken", namedKey},
	{"sessiontoken", namedKey}, {"securitytoken", namedKey}, {"apitoken", namedKey}, {"bearertoken", namedKey},
	{"apikey", namedKey}, {"accesskey", namedKey}, {"accesskeyid", queryKey}, {"key", queryKey}, {"auth", queryKey},
	{"authkey", namedKey}, {"signature", queryKey}, {"sig", queryKey}, {"code", queryKey}, {"session", queryKey},
	{"credential", weakKey}, {"credentials", weakKey}, {"connectionstring", weakKey}, {"cookie", cookieKey},
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
	if s[at] == ':' && at+1 < len(s) && s[at+1] > ' ' && w.s.triggers&onUserinfo != 0 && w.names(&w.curl, "curl") {
		w.commandUser(at)
	}
	if !w.s.keys.tail(s, end) {
		return
	}
	start := end
	for start > 0 && end-start < 48 && (nameByte[s[start-1]] || s[start-1] >= 0x80 && (s[end-1] >= 0x80 || end-start < 3)) {
		start--
	}
	if end-start < 3 || s[end] == ']' && start > 0 && s[start-1] == '[' && w.s.isKind(s[start:end]) {
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
	switch end - start {
	case 4:
		if strings.EqualFold(s[start:end], "kind") {
			w.kindOf(start, value)
			return
		}
	case 5:
		if strings.EqualFold(s[start:end], "passe") && start >= 7 && strings.EqualFold(s[start-7:start], "mot de ") {
			start -= 7
		}
	case 8:
		if s[start:end] == "response" {
			w.digestResponse(start, value)
			return
		}
	}
	if namesValue(s[start:end]) {
		if start, end = nameBefore(s, start); end == 0 || !w.s.keys.tail(s, end) {
			return
		}
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
	if i < 3 || s[i-1] != 'u' && s[i-1] != 'r' || user == i || at == user || !strings.HasSuffix(s[:i], " -u") && !strings.HasSuffix(s[:i], "--user") || !strings.Contains(s[max(0, i-400):i], "curl") {
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
	if key := w.s.key(w.text[start:end]); key.keyed < 0 && key.pair == 0 {
		return // most names
	}
	if from, to, quoted := valueEnd(w.text, value); to > from {
		w.namedValue(start, end, from, to, quoted, colon, blank)
	}
}

// namedValue judges the value s[from:to].
func (w *Worker) namedValue(start, end, from, to int, quoted, colon, blank bool) {
	s := w.text
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
	if is == cookieKey && w.s.on.has(genericID) && w.cookies(from) {
		return
	}
	query := s[end] == '=' && (start > 0 && (s[start-1] == '?' || s[start-1] == '&') || start == 0 && w.isQuery())
	if query && is != strongKey {
		to = queryEnd(s, from)
		if to > from && (is == queryKey || is == namedKey) && !placeholder(s[from:to]) && !sameKey(s[from:to], s[start:end]) && w.s.on.has(queryID) && (to-from >= 4 || !shortQuery(s[start:end])) && !prose(s[from:to]) {
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
	if placeholder(v) || sameKey(v, s[start:end]) {
		return
	}
	if s[start] == '-' && s[end] == '=' && secretFlag(key) && secretArgument(v) {
		w.add(genericID, from, to, 0.8)
		w.pairDone = to
		return
	}
	switch is {
	case strongKey:
		if prose(v) || foreign(v) || !quoted && colon && blank && wordOnly(v) && followedByWord(s, to) {
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
			if is == queryKey && from > 0 && (words[from] == "key" && harmlessKey(words[from-1]) || words[from] == "code" && !secretCode(words[from-1])) {
				return 0
			}
			if is == weakKey && from == n-1 && n > 1 && words[from] == "pass" && passOf(words[n-2]) {
				return strongKey
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

// passOf tells whose pass is a password: db_pass, SMTP_PASS.
func passOf(before string) bool {
	switch before {
	case "admin", "root", "user", "db", "database", "redis", "mysql", "postgres", "pg", "mongo", "smtp", "mail", "email", "imap", "ftp", "sftp", "ssh", "sudo",
		"ldap", "proxy", "rabbit", "rabbitmq", "auth", "login", "api", "wifi", "http", "https", "basic", "key", "keystore", "truststore", "sa", "bind", "cert", "sql", "jdbc", "kafka", "vault":
		return true
	}
	return false
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

// secretCode tells of codes that are secrets; others are those of countries, errors, taxes.
func secretCode(before string) bool {
	switch before {
	case "auth", "authorization", "authorisation", "authentication", "oauth", "access", "verification", "verify", "security", "login", "reset",
		"recovery", "backup", "confirmation", "activation", "invite", "pass", "pin", "otp", "mfa", "sms", "totp", "2fa", "device", "user":
		return true
	}
	return false
}

// isQuery tells that the value is a URL's query without its question mark: url.query, http.query, query_string.
func (w *Worker) isQuery() bool {
	if w.key == nil {
		return false
	}
	name := w.key.name
	return strings.HasSuffix(name, "query") || strings.HasSuffix(name, "query_string")
}

// sameKey compares names as joinKey joins them: without case and separators of ASCII.
func sameKey(a, b string) bool {
	i, j := 0, 0
	for {
		for i < len(a) && isSeparator(a[i]) {
			i++
		}
		for j < len(b) && isSeparator(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if lower[a[i]] != lower[b[j]] {
			return false
		}
		i, j = i+1, j+1
	}
}

func isSeparator(c byte) bool { return c == '_' || c == '-' || c == '.' || c == ' ' }
