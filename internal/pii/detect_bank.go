package pii

import (
	"strings"
)

// Bank identifiers that only their neighbours tell: SWIFT/BIC (ISO 9362), ABA routing numbers
// (https://www.aba.com/news-research/analysis-guides/routing-number-policy-procedures), account numbers.

func init() {
	register(
		Detector{
			Name: "swift_bic", Groups: []string{"payment"}, trigger: onCapitals,
			Context: []string{"bic", "swift", "swift code", "bic code", "bank identifier"},
			Formats: formats(bicCheck, "L{6}AA", "L{6}AAAAA"), // not weak: the check is cheaper than the context of each word
			Keys:    []string{"bic", "swift", "swift code", "bic code", "swift bic"}, KeyCheck: func(v string) bool { return bic([]byte(strings.ToUpper(v))) },
		},
		Detector{
			Name: "us_aba_routing", Groups: []string{"payment", "us"},
			Context: []string{"routing", "routing number", "aba", "rtn", "transit", "transit number"},
			Formats: weak(abaCheck, "D{9}", "DDDD-DDDD-D"),
		},
		Detector{
			Name: "bank_account", Groups: []string{"payment"},
			Context: []string{"account number", "account no", "bank account", "acct", "acct no", "계좌", "계좌번호", "口座", "konto", "kontonummer", "iban"},
			Formats: weak(accountCheck, "D{8,17}", "D{3,6}-D{2,6}-D{4,8}", "D{2,4}-D{2,6}-D{2,6}-D{1,3}"),
			Keys:    []string{"bank account", "bank account number", "account number", "acct", "acct number", "acct no"}, KeyCheck: accountValue,
		},
	)
}

// capitals handles a word of eight or more signs that begins with a capital at at: a BIC of letters only.
func (w *Worker) capitals(at int) {
	s := w.text
	end := at
	for end < len(s) && end-at < 12 && s[end] >= 'A' && s[end] <= 'Z' {
		end++
	}
	if n := end - at; n != 8 && n != 11 || end < len(s) && isAlnum[s[end]] != 0 || !isoCountry(s[at+4], s[at+5]) || !freeBefore(s, at) || !freeAfter(s, end) {
		return
	}
	if ctx := w.contextNear(at, end); ctx != nil && ctx.has(bicID()) {
		w.report(bicID(), at, end, 0.25)
	}
}

var bicID = idOf("swift_bic")

func bicCheck(c *Candidate) float64 {
	if !c.upper() || !bic(c.Value) {
		return 0
	}
	return 0.25
}

// bic: four letters, a country, two and perhaps three more letters or digits.
func bic(v []byte) bool {
	if len(v) != 8 && len(v) != 11 {
		return false
	}
	for i, c := range v {
		if i < 6 && (c < 'A' || c > 'Z') || isAlnum[c] == 0 {
			return false
		}
	}
	return isoCountry(v[4], v[5])
}

// isoCountry tells whether two upper-case letters are an ISO 3166-1 alpha-2 code.
func isoCountry(a, b byte) bool {
	const codes = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ" +
		"DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP" +
		"KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOM" +
		"PAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ" +
		"UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW"
	for i := 0; i < len(codes); i += 2 {
		if codes[i] == a && codes[i+1] == b {
			return true
		}
	}
	return false
}

func abaCheck(c *Candidate) float64 {
	v := c.Value
	p := num2(v, 0)
	if !(p <= 12 || p >= 21 && p <= 32 || p >= 61 && p <= 72 || p == 80) || allEqual(v) {
		return 0
	}
	if weighted(v, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 != 0 {
		return 0
	}
	return 0.35
}

func accountCheck(c *Candidate) float64 {
	if allEqual(c.Value) || c.Sep == '-' && c.Value[0] == '2' && c.Value[1] == '0' && len(c.Value) == 8 {
		return 0
	}
	return 0.2
}

// accountValue accepts digits with separators.
func accountValue(v string) bool {
	n := 0
	for i := range len(v) {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			n++
		case c == ' ' || c == '-' || c == '.':
		default:
			return false
		}
	}
	return n >= 6 && n <= 20
}
