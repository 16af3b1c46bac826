package pii

import (
	"encoding/base64"
	"regexp"
	"strings"
)

var (
	jwtID     = idOf("jwt")
	authID    = idOf("auth_header")
	webhookID = idOf("webhook_url")
	azureID   = idOf("azure_secret")
	vaultID   = idOf("vault_token")
	telegram  = idOf("telegram_token")
)

// jwt handles "ey": RFC 7519, a header that decodes to JSON with alg or typ, then one or more parts.
func (w *Worker) jwt(i int) bool {
	s := w.text
	if !w.s.on.has(jwtID()) || i > 0 && isAlnum[s[i-1]] != 0 || len(s) < i+20 {
		return false
	}
	end := i
	for end < len(s) && (tokenByte[s[end]] != 0 || s[end] == '+' || s[end] == '/') {
		end++
	}
	head := s[i:end]
	if len(head) > 1024 || end+8 >= len(s) || s[end] != '.' {
		return false
	}
	var buf [768]byte
	n, _ := base64.RawURLEncoding.Decode(buf[:], []byte(head))
	text := string(buf[:n])
	header := strings.HasPrefix(text, "{") && (strings.Contains(text, `"alg"`) || strings.Contains(text, `"typ"`) ||
		strings.Contains(text, `"kid"`) || strings.Contains(text, `"enc"`))
	if !header && (len(head) < 19 || s[end+1] != 'e' || s[end+2] != 'y') {
		return false // two parts that both look like the beginning of JSON are enough, too
	}
	for parts := 0; parts < 4 && end < len(s) && s[end] == '.'; parts++ {
		end++
		for end < len(s) && (tokenByte[s[end]] != 0 || s[end] == '+' || s[end] == '/' || s[end] == '=' || s[end] == '\\' && end+1 < len(s) && s[end+1] == '/') {
			end++
		}
	}
	for s[end-1] == '.' {
		end--
	}
	w.add(jwtID(), i, end, 0.95)
	w.tokenDone = max(w.tokenDone, end)
	return true
}

// looseToken handles a run whose meaning is in what stands before it.
func (w *Worker) looseToken(at, end int, before byte) {
	s := w.text
	switch before {
	case '~', '.':
		if at < 2 {
			return
		}
		w.azure(at)
	case ':':
		w.telegram(at, end)
	case '/':
		w.webhook(at, end)
	}
	if before == '.' && end-at == 24 && s[at-2] == 's' && (at == 2 || isAlnum[s[at-3]] == 0 && s[at-3] != '.') && w.s.on.has(vaultID()) {
		if v := s[at:end]; entropy(v) >= 3.5 && mixedToken(v) && strings.ToLower(v) != v && strings.ToUpper(v) != v && !strings.ContainsAny(v, "_-") {
			w.add(vaultID(), at-2, end, 0.8) // a service token of Vault before 1.10
			return
		}
	}
	if before == ' ' || before == '"' {
		if w.scheme(at) {
			return
		}
	}
	if t := &w.s.tokens; t.discord != nil && (s[at] == 'M' || s[at] == 'N' || s[at] == 'O') && end < len(s) && s[end] == '.' && end-at < 30 {
		if m := t.discord.get().FindString(s[at:min(len(s), at+100)]); m != "" {
			w.add(t.discord.detector, at, at+len(m), 0.8)
			return
		}
	}
	w.vendorSecret(at, end)
}

// azure handles Entra ID client secrets: three characters, a digit, Q~, 31 to 34 characters.
func (w *Worker) azure(at int) {
	if !w.s.on.has(azureID()) {
		return
	}
	s := w.text
	q := at - 1
	for q > 1 && at-q < 34 && (s[q] != '~' || s[q-1] != 'Q') {
		if c := s[q]; tokenByte[c] == 0 && c != '~' && c != '.' {
			return
		}
		q--
	}
	if q < 5 || s[q] != '~' || s[q-1] != 'Q' || isAlnum[s[q-2]] != 1 {
		return
	}
	end := q + 1
	for end < len(s) && (tokenByte[s[end]] != 0 || s[end] == '~' || s[end] == '.') {
		end++
	}
	start := q - 5
	if n := end - q - 1; n < 31 || n > 35 || entropy(s[start:end]) < 3 {
		return
	}
	w.add(azureID(), start, min(end, q+35), 0.9)
	w.tokenDone = max(w.tokenDone, end)
}

// telegram handles bot tokens: 8 to 10 digits, a colon, AA and 33 characters.
func (w *Worker) telegram(at, end int) {
	s := w.text
	start := at - 1
	for start > 0 && isAlnum[s[start-1]] == 1 {
		start--
	}
	if n := at - 1 - start; n < 5 || n > 16 || s[at] != 'A' || end-at != 35 || !w.s.on.has(telegram()) {
		return
	}
	if start >= 3 && s[start-3:start] == "bot" || freeBefore(s, start) {
		w.add(telegram(), start, end, 0.9)
	}
}

// webhook handles URLs that are secrets themselves.
func (w *Worker) webhook(at, end int) {
	if !w.s.on.has(webhookID()) {
		return
	}
	s := w.text
	if !w.names(&w.hooks, "hook") {
		return
	}
	low := max(0, at-160)
	head := s[low:at]
	for _, host := range [...]string{"hooks.slack.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", ".webhook.office.com/webhookb2/"} {
		k := strings.LastIndex(head, host)
		if k < 0 || strings.ContainsAny(head[k:], " \t\n\"'") {
			continue
		}
		stop := end
		for stop < len(s) && (tokenByte[s[stop]] != 0 || s[stop] == '/' || s[stop] == '@' || s[stop] == '+') {
			stop++
		}
		start := low + k
		if host[0] == '.' {
			for start > 0 && (tokenByte[s[start-1]] != 0 || s[start-1] == '.') {
				start--
			}
		}
		for _, scheme := range [...]string{"https://", "http://"} {
			if strings.HasSuffix(s[:start], scheme) {
				start -= len(scheme)
			}
		}
		if at == stop || end-at < 20 && stop-at < 20 {
			return
		}
		w.add(webhookID(), start, stop, 0.9)
		w.tokenDone = max(w.tokenDone, stop)
		return
	}
}

// trivalent is what is known of a text.
type trivalent uint8

const (
	unknown trivalent = iota
	no
	yes
)

// names tells whether the text holds a word; known is the answer from the first question on.
func (w *Worker) names(known *trivalent, word string) bool {
	if *known == unknown {
		*known = no
		if strings.Contains(w.text, word) {
			*known = yes
		}
	}
	return *known == yes
}

// scheme handles credentials behind Bearer, Basic, Token, Digest (RFC 6750, 7617, 7616).
func (w *Worker) scheme(at int) bool {
	s := w.text
	if !w.s.on.has(authID()) {
		return false
	}
	p := at
	for p > 0 && s[p-1] == ' ' && at-p < 3 {
		p--
	}
	if p < 5 {
		return false
	}
	q := p
	switch lower[s[p-1]] { // bearer, basic, token, apikey
	case 'r', 'c', 'n', 'y':
		for q > 0 && isAlnum[s[q-1]] == 2 && p-q < 8 {
			q--
		}
	}
	word := s[q:p]
	switch len(word) {
	case 5, 6:
	default:
		return false
	}
	end := at
	for end < len(s) && (tokenByte[s[end]] != 0 || s[end] == '+' || s[end] == '/' || s[end] == '=' || s[end] == '.' || s[end] == '~') {
		end++
	}
	for end > at && s[end-1] == '.' {
		end--
	}
	v := s[at:end]
	switch {
	case strings.EqualFold(word, "bearer"):
		if len(v) < 16 || placeholder(v) || !mixedToken(v) && (q == 0 || !authorizationBefore(s, q)) {
			return false
		}
	case strings.EqualFold(word, "basic"):
		var buf [512]byte
		if len(v) > 680 {
			return false
		}
		n, _ := base64.StdEncoding.Decode(buf[:], []byte(v))
		if n == 0 {
			n, _ = base64.RawStdEncoding.Decode(buf[:], []byte(v))
		}
		if i := strings.IndexByte(string(buf[:n]), ':'); i < 0 || !printable(buf[:n]) {
			return false
		}
	case strings.EqualFold(word, "token") || strings.EqualFold(word, "apikey"):
		if !authorizationBefore(s, q) || placeholder(v) {
			return false
		}
	default:
		return false
	}
	w.add(authID(), at, end, 0.85)
	w.tokenDone = max(w.tokenDone, end)
	return true
}

// authorizationBefore tells whether "authorization" and a separator end at i.
func authorizationBefore(s string, i int) bool {
	for k := 0; i > 0 && k < 5 && isAlnum[s[i-1]] == 0; k++ {
		i--
	}
	return i >= 13 && strings.EqualFold(s[i-13:i], "authorization")
}

// mixedToken tells whether a token has digits and letters.
func mixedToken(v string) bool {
	d, l := false, false
	for i := range len(v) {
		switch isAlnum[v[i]] {
		case 1:
			d = true
		case 2:
			l = true
		}
	}
	return d && l
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return true
}

// bounds: signs that stand before a value.
var bounds = func() (t [256]bool) {
	for c := range ' ' + 1 {
		t[c] = true
	}
	for _, c := range []byte("\"'`>") {
		t[c] = true
	}
	return t
}()

// maxVendor is how far before a run of token characters the value may begin that it is a part of.
const maxVendor = 120

// vendorSecret handles a value behind a name that holds a vendor's: bittrex_key = "...".
func (w *Worker) vendorSecret(at, end int) {
	t := &w.s.tokens
	s := w.text
	if len(t.byName) == 0 || at < 4 || isAlnum[s[at-1]] != 0 {
		return
	}
	if c := s[at-1]; c == '.' || c == '@' || c == '(' || c == '[' || c == '#' || c == ' ' && nameByte[s[at-2]] {
		return // a part of a name or the next word of a sentence
	}
	// The value may begin before the run, at the quote or blank before it.
	start := at
	for start > 0 && at-start < maxVendor && !bounds[s[start-1]] {
		if start--; start == w.vendorDone { // from there on the way back is known
			start = max(w.vendorFrom, at-maxVendor)
			break
		}
	}
	if start == at || start == w.vendorFrom && w.vendorDone > start || !w.vendorAt(start) {
		w.vendorAt(at)
	}
	w.vendorFrom, w.vendorDone = start, at
	if start < at && before(s, at) == '=' {
		w.tokenAt(start, true)
	}
}

// before returns the byte before i, 0 at the beginning.
func before(s string, i int) byte {
	if i == 0 {
		return 0
	}
	return s[i-1]
}

// vendorAt handles the value that begins at start.
func (w *Worker) vendorAt(start int) bool {
	s, t := w.text, &w.s.tokens
	p := start
	for k := 0; p > 0 && k < 5 && (s[p-1] == '"' || s[p-1] == '\'' || s[p-1] == '`' || s[p-1] == ' ' || s[p-1] == '=' || s[p-1] == '\\' || s[p-1] == '\n' || s[p-1] == '\r' || s[p-1] == '\t'); k++ {
		p--
	}
	op := p
	for op > 0 && p-op < 3 && (s[op-1] == ':' || s[op-1] == '=' || s[op-1] == '>' || s[op-1] == '|' || s[op-1] == ',' || s[op-1] == '?') {
		op--
	}
	if op == p && !strings.ContainsAny(s[p:start], "=") {
		return false
	}
	name := op
	for k := 0; name > 0 && k < 3 && (s[name-1] == '"' || s[name-1] == '\'' || s[name-1] == ' ' || s[name-1] == '\\'); k++ {
		name--
	}
	low := name
	for low > 0 && name-low < 48 && (nameByte[s[low-1]] || s[low-1] == ' ') {
		low--
	}
	for i := low; i+3 <= name; i++ {
		h := tailHash(s[i], s[i+1], s[i+2])
		if t.names[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, r := range t.byName[h] {
			if !foldPrefix(s[i:name], r.keyword) {
				continue
			}
			if i > low && isAlnum[s[i]] == 2 && isAlnum[s[i-1]] == 2 && !(s[i] < 'a' && s[i-1] >= 'a') {
				continue // inside a word
			}
			m := r.value().FindStringSubmatchIndex(s[start:min(len(s), start+400)])
			if m == nil {
				continue
			}
			v := s[start : start+m[3]]
			if entropy(v) < max(r.entropy, 2) || placeholder(v) || vendorNoise(s[low:name], v) {
				continue
			}
			w.add(r.detector, start, start+m[3], 0.7)
			return true
		}
	}
	return false
}

// vendorNoise tells of IDs and hashes that vendors' names stand before.
func vendorNoise(name, v string) bool {
	n := joinKey(name)
	for _, tail := range [...]string{"traceid", "spanid", "requestid", "commit", "sha", "sha256", "digest", "uid", "uuid", "version", "hash", "container", "image"} {
		if strings.HasSuffix(n, tail) {
			return true
		}
	}
	return wordOnly(v)
}

// value compiles the expression of a value and of what may stand behind it.
func (r *tokenRule) value() *regexp.Regexp {
	r.once.Do(func() { r.re = regexp.MustCompile(`^(` + r.expr + `)(?:[\x60'"\s;,)\]}&\\]|$)`) })
	return r.re
}
