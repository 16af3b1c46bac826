package pii

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	digits    = "0123456789"
	lowers    = "abcdefghijklmnopqrstuvwxyz"
	uppers    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexDigits = "0123456789abcdef"
	alnum     = digits + lowers + uppers
)

func pick(r *rand.Rand, from string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = from[r.IntN(len(from))]
	}
	return string(b)
}

func one[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// withLuhn appends the check digit.
func withLuhn(s string) string {
	for d := '0'; ; d++ {
		if luhn([]byte(s + string(d))) {
			return s + string(d)
		}
	}
}

func grouped(s, sep string, sizes ...int) string {
	var parts []string
	for _, n := range sizes {
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return strings.Join(parts, sep)
}

// makers make a value of a type and the keys under which it stands.
var makers = []struct {
	name string
	keys []string
	make func(r *rand.Rand) string
}{
	{"email", []string{"user", "to", "mail"}, func(r *rand.Rand) string {
		local := pick(r, lowers, 1) + pick(r, lowers+digits+"_", 1+r.IntN(8)) + one(r, "", ".", "+", "-") + pick(r, lowers, 2)
		return local + "@" + pick(r, lowers, 3+r.IntN(8)) + one(r, "", "-x.eu") + "." + one(r, "com", "co.kr", "org", "io", "xn--p1ai", "museum")
	}},
	{"credit_card", []string{"pan", "number", "cc"}, func(r *rand.Rand) string {
		switch r.IntN(6) {
		case 0:
			return grouped(withLuhn(one(r, "34", "37")+pick(r, digits, 12)), one(r, " ", "-"), 4, 6, 5)
		case 1:
			return withLuhn(one(r, "34", "37") + pick(r, digits, 12))
		}
		p := one(r, "4", "51", "55", "6011", "3530", "62", "65", "2720")
		v := withLuhn(p + pick(r, digits, 15-len(p)))
		return one(r, v, grouped(v, " ", 4, 4, 4, 4), grouped(v, "-", 4, 4, 4, 4))
	}},
	{"iban", []string{"iban", "account", "to"}, func(r *rand.Rand) string {
		spec := strings.Fields(ibanLengths)[r.IntN(len(strings.Fields(ibanLengths)))]
		n := int(spec[2]-'0')*10 + int(spec[3]-'0')
		from := digits
		if strings.HasSuffix(spec, "a") {
			from = digits + uppers
		}
		body := pick(r, from, n-4)
		check := 98 - mod97([]byte(body), []byte(spec[:2]+"00"))
		v := fmt.Sprintf("%s%02d%s", spec[:2], check, body)
		if r.IntN(2) == 0 {
			return v
		}
		var parts []string
		for part := range slices.Chunk([]byte(v), 4) {
			parts = append(parts, string(part))
		}
		return strings.Join(parts, " ")
	}},
	{"phone", []string{"phone", "to", "msisdn"}, func(r *rand.Rand) string {
		return one(r,
			"+82 10-"+pick(r, digits, 4)+"-"+pick(r, digits, 4), "+8210"+pick(r, digits, 8), "+1 415-"+one(r, "555", "672")+"-"+pick(r, digits, 4),
			"+49 151 "+pick(r, digits, 8), "+44 7400 "+pick(r, digits, 6), "+33 6 12 34 56 "+pick(r, digits, 2), "010-"+one(r, "2", "9")+pick(r, digits, 3)+"-"+pick(r, digits, 4))
	}},
	{"ipv4", []string{"client", "rhost", "from"}, func(r *rand.Rand) string {
		return fmt.Sprintf("%d.%d.%d.%d", 1+r.IntN(126), r.IntN(256), r.IntN(256), 1+r.IntN(255))
	}},
	{"ipv6", []string{"client", "peer"}, func(r *rand.Rand) string {
		return one(r, fmt.Sprintf("2001:db8::%x", 1+r.IntN(1<<16)), fmt.Sprintf("fe80::%x:%x:%x:%x", 1+r.IntN(65535), r.IntN(65535), r.IntN(65535), 1+r.IntN(65535)),
			fmt.Sprintf("2a00:1450:4001:%x:%x:%x:%x:%x", r.IntN(65535), r.IntN(65535), r.IntN(65535), r.IntN(65535), r.IntN(65535)),
			fmt.Sprintf("::ffff:%d.%d.%d.%d", 1+r.IntN(255), r.IntN(255), r.IntN(255), r.IntN(255)))
	}},
	{"mac_address", []string{"mac", "hw"}, func(r *rand.Rand) string {
		b := pick(r, hexDigits, 12)
		return one(r, grouped(b, ":", 2, 2, 2, 2, 2, 2), strings.ToUpper(grouped(b, "-", 2, 2, 2, 2, 2, 2)), grouped(b, ".", 4, 4, 4))
	}},
	{"us_ssn", []string{"ssn", "id"}, func(r *rand.Rand) string {
		return grouped(fmt.Sprintf("%03d%02d%04d", 1+r.IntN(665), 1+r.IntN(99), 1+r.IntN(9999)), one(r, "-", "-", " "), 3, 2, 4)
	}},
	{"kr_rrn", []string{"rrn", "id"}, func(r *rand.Rand) string {
		v := fmt.Sprintf("%02d%02d%02d-%d%06d", r.IntN(100), 1+r.IntN(12), 1+r.IntN(28), 1+r.IntN(2), r.IntN(1e6))
		return v
	}},
	{"secret", []string{"token", "key"}, func(r *rand.Rand) string {
		return one(r, "AKIA"+pick(r, uppers+"234567", 16), "ghp_"+pick(r, alnum, 36), "glpat-"+pick(r, alnum, 20), "xoxb-"+pick(r, digits, 12)+"-"+pick(r, digits, 12)+"-"+pick(r, alnum, 24),
			"sk_live_"+pick(r, alnum, 24), "AIza"+pick(r, alnum+"-_", 35), "npm_"+pick(r, alnum, 36), "SG."+pick(r, alnum, 22)+"."+pick(r, alnum, 43),
			"dop_v1_"+pick(r, hexDigits, 64), "hf_"+pick(r, lowers+uppers, 34), "shpat_"+pick(r, hexDigits, 32), "dapi"+pick(r, hexDigits, 32),
			"eyJhbGciOiJIUzI1NiJ9."+base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+pick(r, alnum, 12)+`"}`))+"."+pick(r, alnum, 43))
	}},
}

// placements put a value into a line as programs do.
var placements = []string{
	"{l} {k}={v}", "{l} {k}: {v}", "{v} {l}", "{l} user said {v}, then left", "{l} ({v})", "{l} [{k}={v}]", `{l} {k}="{v}" retry=1`,
	`{l} {"{k}":"{v}","ok":true}`, `{"msg":"{l}","{k}":"{v}"}`, "{l} {v}", "{l} GET /api/v1/find?{k}={v}&page=2", "{l} <{v}>", "{l} {k} {v}.",
	"사용자 {v} 로그인", "{k}는 {v}입니다. {l}", `level=warn msg="{l}" {k}="{v}" took=12ms`, `{l} \"{k}\": \"{v}\"`, `{"user":{"{k}":"{v}"},"msg":"{l}"}`,
	"{l} {k}=> {v}", "{l}|{k}={v}|ok", "{l} {k}:{v}", "{l}, {v}, {k}", "{l}\t{v}\t7", "failed for '{v}': {l}", "{l} [{v}]",
}

// TestRecall: of made values in lines of look-alikes at least 99 % of each type are found.
func TestRecall(t *testing.T) {
	c := DefaultConfig()
	c.Detectors = []string{"all"}
	s, err := New(c)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(3, 5))
	const n = 3000
	for _, m := range makers {
		missed := 0
		var examples []string
		for i := range n {
			v := m.make(r)
			line := strings.ReplaceAll(cleanLines[r.IntN(len(cleanLines))](r), `"`, "")
			text := strings.NewReplacer("{l}", line, "{k}", one(r, m.keys...), "{v}", v).Replace(placements[i%len(placements)])
			if out, _ := s.Redact(text, ""); strings.Contains(out, v) {
				missed++
				examples = append(examples, fmt.Sprintf("%q in %q", v, text))
			}
		}
		t.Logf("%s: %d of %d missed\n%s", m.name, missed, n, strings.Join(examples[:min(len(examples), 6)], "\n"))
		assert.LessOrEqual(t, missed*100, n, m.name)
	}
}
