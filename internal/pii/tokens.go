package pii

import (
	_ "embed" // the rules
	"math/bits"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ./secretgen

//go:embed secret_rules.txt
var secretRulesText string

// Secrets with a fixed shape are found at the beginning of a word inside a long run of token
// characters. The first three bytes of the word are looked up in a bitmap, then a short list of rules
// is compared; a rule's expression is compiled when its keyword is seen for the first time and runs
// only over the token.

// tokenFamilies are detectors of rules by the beginning of the rule's name.
var tokenFamilies = []struct{ prefix, detector string }{
	{"github-", "github_token"}, {"gitlab-", "gitlab_token"}, {"slack-", "slack_token"}, {"stripe-", "stripe_key"},
	{"aws-", "aws_access_key"}, {"gcp-", "gcp_key"}, {"azure-", "azure_secret"}, {"openai-", "llm_key"}, {"anthropic-", "llm_key"},
	{"huggingface-", "llm_key"}, {"perplexity-", "llm_key"}, {"npm-", "package_registry_token"}, {"pypi-", "package_registry_token"},
	{"rubygems-", "package_registry_token"}, {"vault-", "vault_token"}, {"telegram-", "telegram_token"}, {"discord-", "discord_token"},
	{"atlassian-", "atlassian_token"}, {"shopify-", "shopify_token"}, {"square-", "square_token"}, {"sendgrid-", "sendgrid_key"},
	{"twilio-", "twilio_key"}, {"digitalocean-", "digitalocean_token"}, {"grafana-", "grafana_token"}, {"docker-", "package_registry_token"},
}

func init() {
	secret := func(name string, on bool, trigger uint32) {
		register(Detector{Name: name, Kind: "SECRET", Groups: []string{"secrets"}, Default: on, trigger: trigger})
	}
	seen := map[string]bool{}
	for _, f := range tokenFamilies {
		if !seen[f.detector] {
			secret(f.detector, true, onToken)
			seen[f.detector] = true
		}
	}
	secret("vendor_token", true, onToken)
	secret("vendor_secret", false, onToken)
	secret("jwt", true, onToken)
	secret("auth_header", true, onToken)
	secret("webhook_url", true, onToken)
}

// tokenRule is one shape of a token.
type tokenRule struct {
	id       string
	detector int
	keyword  string // in lower case
	inside   bool   // may begin inside a longer word
	entropy  float64
	expr     string

	once sync.Once
	re   *regexp.Regexp
}

func (r *tokenRule) get() *regexp.Regexp {
	r.once.Do(func() { r.re = regexp.MustCompile(`^(?:` + r.expr + `)`) })
	return r.re
}

// ownRules are shapes that the rule set lacks or writes in another way.
var ownRules = []struct{ id, keyword, expr string }{
	{"aws-access-token", "akia", `AKIA[A-Z2-7]{16}\b`}, {"aws-access-token", "asia", `ASIA[A-Z2-7]{16}\b`},
	{"aws-access-token", "abia", `ABIA[A-Z2-7]{16}\b`}, {"aws-access-token", "acca", `ACCA[A-Z2-7]{16}\b`},
	{"aws-access-token", "a3t", `A3T[A-Z0-9][A-Z2-7]{16}\b`},
	{"atlassian-api-token", "atatt3", `ATATT3[A-Za-z0-9_\-=]{60,250}`}, {"atlassian-bitbucket", "atbb", `ATBB[A-Za-z0-9_\-=]{24,}`},
	{"atlassian-cloud", "atctt3", `ATCTT3[A-Za-z0-9_\-=]{60,}`},
	{"openai-api-key", "sk-", `sk-(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{10,100}T3BlbkFJ[A-Za-z0-9_-]{16,100}`},
	{"openai-project-key", "sk-proj-", `sk-proj-[A-Za-z0-9_-]{40,200}`},
	{"llm-replicate", "r8_", `r8_[A-Za-z0-9]{37}\b`}, {"llm-groq", "gsk_", `gsk_[A-Za-z0-9]{48,56}\b`},
	{"llm-xai", "xai-", `xai-[A-Za-z0-9]{70,90}\b`}, {"llm-openrouter", "sk-or-v1-", `sk-or-v1-[0-9a-f]{64}\b`},
	{"docker-pat", "dckr_pat_", `dckr_pat_[A-Za-z0-9_-]{20,40}`}, {"docker-oat", "dckr_oat_", `dckr_oat_[A-Za-z0-9_-]{20,40}`},
	{"nuget-api-key", "oy2", `oy2[a-z0-9]{43}\b`},
	{"gcp-oauth", "ya29.", `ya29\.[A-Za-z0-9_-]{20,}`}, {"gcp-client-secret", "gocspx-", `GOCSPX-[A-Za-z0-9_-]{24,}`},
	{"gcp-service-account-key", "1//", `1//0[A-Za-z0-9_-]{38,}`},
	{"stripe-webhook-secret", "whsec_", `whsec_[A-Za-z0-9+/=]{24,}`},
	{"square-oauth-secret", "sq0csp-", `sq0csp-[A-Za-z0-9_-]{40,50}`},
	{"braintree-access-token", "access_token$production$", `access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}`},
	{"mailgun-private-api-token", "key-", `key-[0-9a-f]{32}\b`}, {"twilio-account-sid", "ac", `AC[0-9a-f]{32}\b`},
	{"sentry-user-token", "sntryu_", `sntryu_[0-9a-f]{64}\b`}, {"sentry-org-token", "sntrys_eyj", `sntrys_eyJ[A-Za-z0-9+/=_-]{40,}`},
	{"new-relic-user-api-key", "nrak-", `NRAK-[A-Za-z0-9]{27}\b`}, {"new-relic-license", "nral", `[0-9a-f]{36}NRAL\b`},
	{"doppler-token", "dp.", `dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]+\.)?[A-Za-z0-9]{40,44}\b`},
	{"airtable-personal-access-token", "pat", `pat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b`},
	{"figma-token", "figd_", `figd_[A-Za-z0-9_-]{36,50}`}, {"notion-secret", "secret_", `secret_[A-Za-z0-9]{43}\b`},
	{"dropbox-token", "sl.", `sl\.[A-Za-z0-9_-]{130,160}`}, {"linear-api-key", "lin_oauth_", `lin_oauth_[A-Za-z0-9]{40,64}`},
	{"vault-service-token", "hvs.", `hvs\.[A-Za-z0-9_-]{24,200}`}, {"vault-recovery-token", "hvr.", `hvr\.[A-Za-z0-9_-]{24,300}`},
	{"vault-batch-token", "hvb.", `hvb\.[A-Za-z0-9_-]{100,300}`},
	{"planetscale", "pscale_", `pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}`},
	{"discord-bot-token", "", `[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}`},
	{"sendgrid-api-token", "sg.", `SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}`},
	{"grafana-api-key", "eyjrijoi", `eyJrIjoi[A-Za-z0-9]{60,400}={0,3}`},
	{"lob-api-key", "test_", `(?:test_[a-f0-9]{35}|test_pub_[a-f0-9]{31})\b`}, {"lob-api-key", "live_", `(?:live_[a-f0-9]{35}|live_pub_[a-f0-9]{31})\b`},
	{"jwt-base64", "zxlk", `ZXlK[A-Za-z0-9+/_-]{40,}={0,2}`},
	{"supabase", "sbp_", `sbp_[0-9a-f]{40}\b`}, {"tailscale", "tskey-", `tskey-[a-z]+-[A-Za-z0-9]{6,}-[A-Za-z0-9]{16,}`},
	{"clerk", "sk_live_", `sk_live_[A-Za-z0-9]{20,99}`}, {"vercel", "vercel_", `vercel_[A-Za-z0-9_]{24,}`},
	{"cloudflare", "v1.0-", `v1\.0-[a-f0-9]{24}-[a-f0-9]{146}`}, {"shopify-app", "shp", `shp(?:at|ca|pa|ss|tka|ua)_[0-9a-fA-F]{32}`},
	{"heroku-api-key-v2", "hrku-", `HRKU-[A-Za-z0-9_-]{36,64}`}, {"putty-private-key", "putty-user-key-file-", `(?s)PuTTY-User-Key-File-\d.*`},
}

// tokenTable finds the rules of a word.
type tokenTable struct {
	begins  [64]uint64 // hashes of the first three letters of the keywords
	byStart map[uint32][]*tokenRule
	names   [64]uint64 // the same for keywords in names
	byName  map[uint32][]*tokenRule
	discord *tokenRule
}

func familyOf(id string) string {
	for _, f := range tokenFamilies {
		if strings.HasPrefix(id, f.prefix) {
			return f.detector
		}
	}
	if strings.HasPrefix(id, "llm-") {
		return "llm_key"
	}
	return "vendor_token"
}

func newTokenTable(s *Scanner) tokenTable {
	t := tokenTable{byStart: map[uint32][]*tokenRule{}, byName: map[uint32][]*tokenRule{}}
	if s.triggers&onToken == 0 {
		return t
	}
	vendor := find("vendor_secret").id
	addStart := func(r *tokenRule) {
		if !s.on.has(r.detector) {
			return
		}
		h := uint32(lower[r.keyword[0]])<<8 | uint32(lower[r.keyword[1]])
		if len(r.keyword) > 2 {
			h3 := tailHash(r.keyword[0], r.keyword[1], r.keyword[2])
			t.begins[h3>>6] |= 1 << (h3 & 63)
		} else {
			for c := range 256 {
				h3 := tailHash(r.keyword[0], r.keyword[1], byte(c))
				t.begins[h3>>6] |= 1 << (h3 & 63)
			}
		}
		t.byStart[h] = append(t.byStart[h], r)
	}
	unescape := strings.NewReplacer(`\.`, ".", `(?i)`, "", `\b`, "", "(", "", `\-`, "-")
	for line := range strings.Lines(secretRulesText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 5 {
			continue
		}
		entropy, _ := strconv.ParseFloat(f[2], 64)
		for _, k := range strings.Split(f[3], ",") {
			r := &tokenRule{id: f[1], keyword: k, entropy: entropy, expr: f[4]}
			plain := strings.ToLower(unescape.Replace(f[4]))
			if f[0] == "T" || strings.HasPrefix(plain, k) {
				r.detector = find(familyOf(r.id)).id
				r.inside = !strings.HasPrefix(f[4], `\b`) && !strings.HasPrefix(f[4], `(?i)\b`) && len(k) > 3
				addStart(r)
				continue
			}
			r.detector = vendor
			if s.on.has(vendor) && len(k) > 2 {
				h3 := tailHash(k[0], k[1], k[2])
				t.names[h3>>6] |= 1 << (h3 & 63)
				t.byName[h3] = append(t.byName[h3], r)
			}
		}
	}
	if s.on.has(vendor) {
		for _, k := range []string{"atlassian", "confluence", "jira", "bitbucket"} {
			h3 := tailHash(k[0], k[1], k[2])
			t.names[h3>>6] |= 1 << (h3 & 63)
			t.byName[h3] = append(t.byName[h3], &tokenRule{id: "atlassian-api-token", keyword: k, detector: vendor, entropy: 3.5, expr: `[A-Za-z0-9]{24}`})
		}
	}
	for _, o := range ownRules {
		r := &tokenRule{id: o.id, keyword: o.keyword, expr: o.expr, detector: find(familyOf(o.id)).id, inside: len(o.keyword) > 3, entropy: 2}
		if o.keyword == "" {
			if s.on.has(r.detector) {
				t.discord = r
			}
			continue
		}
		addStart(r)
	}
	return t
}

// longToken handles a run of token characters that begins at at.
func (w *Worker) longToken(at int) {
	s := w.text
	size, digits, joins, knit := w.token(at)
	end := at + size
	w.tokenDone = end
	if knit {
		w.knit[0] |= (1<<size - 1) << (at & 63)
		w.knit[1] |= (1<<size - 1) >> (64 - at&63)
	}
	if w.s.triggers&onDots != 0 && end-at >= 17 && s[at+2] == '-' && w.macAt(at, '-') {
		return
	}
	var before byte
	if at > 0 {
		before = s[at-1]
	}
	if digits == 0 && before != '.' && before != '~' {
		// Random characters hold digits, so this is a name: only what has a keyword counts.
		if !w.tokenAt(at, true) && (before == ' ' || before == '/') {
			w.looseToken(at, end, before)
		}
		return
	}
	if end-at == 36 && w.uuid(at, end) || joins == 0 && end-at >= 26 && w.cryptoAddress(at, end) {
		return
	}
	// Words with dots before the run: SG.xxx, hvs.xxx.
	start := at
	if before == '.' || before == '~' || before == '/' && at > 1 && s[at-2] == '/' || before == '$' {
		for start > 0 && at-start < 30 && (tokenByte[s[start-1]] != 0 || s[start-1] == '.' || s[start-1] == '~' || s[start-1] == '/' && start+1 < at || s[start-1] == '$') {
			start--
		}
		for i := start; i < at; i++ {
			if (i == start || tokenByte[s[i-1]] == 0) && w.tokenAt(i, true) {
				return
			}
		}
	}
	if w.tokenAt(at, true) {
		return
	}
	if joins != 0 && (digits != 0 || size >= 30) && w.tokenInside(at, end, joins) {
		return
	}
	w.looseToken(at, end, before)
}

// tokenInside compares the words behind the last eight _ and - of a run with the rules; joins are their places, as
// w.token tells them.
func (w *Worker) tokenInside(at, end int, joins uint64) bool {
	if end-at >= 64 {
		var mark [8]int
		n := 0
		for i := at; i < end; i++ {
			if tokenByte[w.text[i]] == 3 {
				mark[n&7] = i + 1
				n++
			}
		}
		for _, i := range mark[:min(n, len(mark))] {
			if i < end-8 && w.tokenAt(i, false) {
				return true
			}
		}
		return false
	}
	for n := bits.OnesCount64(joins); joins != 0; joins, n = joins&(joins-1), n-1 {
		i := at + bits.TrailingZeros64(joins) + 1
		if n <= 8 && i < end-8 && w.tokenAt(i, false) {
			return true
		}
	}
	return false
}

// tokenByte: 1 letters, 2 digits, 3 _ and -.
var tokenByte = func() (t [256]uint8) {
	for c := range 256 {
		switch isAlnum[c] {
		case 1:
			t[c] = 2
		case 2:
			t[c] = 1
		}
	}
	t['_'], t['-'] = 3, 3
	return t
}()

// tokenAt compares the word at i with the rules; whole = it is the beginning of its run.
func (w *Worker) tokenAt(i int, whole bool) bool {
	s := w.text
	if len(s)-i < 14 {
		return false
	}
	t := &w.s.tokens
	h3 := tailHash(s[i], s[i+1], s[i+2])
	if t.begins[h3>>6]&(1<<(h3&63)) == 0 {
		return s[i] == 'e' && s[i+1] == 'y' && w.jwt(i)
	}
	if s[i] == 'e' && s[i+1] == 'y' && w.jwt(i) {
		return true
	}
	best, bestFrom, bestTo := (*tokenRule)(nil), 0, 0
	for _, r := range t.byStart[uint32(lower[s[i]])<<8|uint32(lower[s[i+1]])] {
		if !whole && !r.inside || !foldPrefix(s[i:], r.keyword) {
			continue
		}
		if whole && !r.inside && i > 0 && (isAlnum[s[i-1]] != 0 || s[i-1] == '_') {
			continue
		}
		m := r.get().FindStringSubmatchIndex(s[i:min(len(s), i+1200)])
		if m == nil {
			continue
		}
		from, to := m[0], m[1]
		if len(m) > 3 && m[2] >= 0 && m[3]-m[2] > 8 {
			from, to = m[2], m[3]
		}
		v := s[i+from : i+to]
		if to < len(s)-i && isAlnum[s[i+to]] != 0 && !r.inside {
			continue
		}
		if entropy(v) < r.entropy || placeholder(v) || !secretCase(r.keyword, v) {
			continue
		}
		if to-from > bestTo-bestFrom {
			best, bestFrom, bestTo = r, from, to
		}
	}
	if best == nil {
		return false
	}
	w.add(best.detector, i+bestFrom, i+bestTo, 0.9)
	w.tokenDone = max(w.tokenDone, i+bestTo)
	return true
}

// secretCase refuses words of prose that begin like a short keyword.
func secretCase(keyword, v string) bool {
	if len(keyword) > 2 {
		return true
	}
	for i := range len(v) {
		if isAlnum[v[i]] == 1 {
			return true
		}
	}
	return false
}

func foldPrefix(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if lower[s[i]] != prefix[i] {
			return false
		}
	}
	return true
}
