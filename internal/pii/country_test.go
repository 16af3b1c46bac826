package pii

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// national identifiers are tested alike: published and independently computed examples, then made
// numbers in realistic lines, then the same numbers with another check digit.
type idTest struct {
	name string
	// keys under which it stands, as programs name it; the detector's own name always is one.
	keys []string
	// patterns of values: D digit, L letter, A both, <layout> a date of birth, everything else is itself,
	// letters behind a backslash. "!" in front: found without a key, too.
	patterns []string
	// free: no check digit that must be right.
	free bool
	// valid must be found behind its key, invalid must not.
	valid, invalid []string
	// check is the place of a check digit, counted from the end in letters and digits; 0 = last.
	check int
}

// fill makes a value of a pattern.
func fill(r *rand.Rand, pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case 'D':
			b.WriteString(pick(r, digits, 1))
		case 'L':
			b.WriteString(pick(r, uppers, 1))
		case 'A':
			b.WriteString(pick(r, digits+uppers, 1))
		case '<':
			end := i + strings.IndexByte(pattern[i:], '>')
			day := time.Date(1930+r.IntN(70), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
			b.WriteString(day.Format(pattern[i+1 : end]))
			i = end
		case '\\':
			i++
			b.WriteByte(pattern[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// otherCheck changes the check digit of v.
func otherCheck(r *rand.Rand, v string, place int) string {
	b := []byte(v)
	for i := len(b) - 1; i >= 0; i-- {
		if isAlnum[b[i]] == 0 {
			continue
		}
		if place > 0 {
			place--
			continue
		}
		from := digits
		if isAlnum[b[i]] == 2 {
			from = uppers
		}
		for old := b[i]; b[i] == old; {
			b[i] = from[r.IntN(len(from))]
		}
		return string(b)
	}
	return v
}

// keyed are placements that name the value.
var keyedPlacements = func() (out []string) {
	for _, p := range placements {
		if strings.Contains(p, "{k}") {
			out = append(out, p)
		}
	}
	return append(out, "{l} {k} is {v}", "{k}: {v}", "{v} ({k}) {l}", "{l} got {v} as {k}", "{l} {k} = '{v}'", "{l} {k}\t{v}",
		"{l} {K} {v}", `{l} {\"{k}\":\"{v}\"}`, "/find?{k}={v}", "{l} <{k}>{v}</{k}>",
		"{k} {v}(으)로 본인 확인을 마쳤습니다", "사용자 {k}: {v}입니다. {l}", "{l} 고객의 {k}는 {v}이며", `level=info msg="{l}" {k}="{v}" took=12ms`, `{l} \"{k}\": \"{v}\"`, `{"user":{"{k}":"{v}"},"msg":"{l}"}`,
		"{l} {k} => {v}", "{l} {k}: [{v}]", "{l} {k} no. {v}", "{l} {k} number is {v}", "{l}; {k}={v}; x=1", "{l}|{k}={v}|ok", "{l} {k}:{v}")
}()

// barePlacements do not name the value.
var barePlacements = []string{"user said {v}, then left", "{l} ({v})", "{l} <{v}>", "{v}", "saved {v} for the customer", "고객 {v} 님이 로그인했습니다", "번호는 {v}입니다", `{l} "{v}"`, "could not verify {v}.", `{"text":"{v}"}`}

// alonePlacements hold nothing but the value.
var alonePlacements = []string{"{v}", `{"text":"{v}"}`}

func nationalScanner(t *testing.T, detectors ...string) *Scanner {
	t.Helper()
	c := DefaultConfig()
	c.Detectors = detectors
	s, err := New(c)
	require.NoError(t, err)
	return s
}

func testNational(t *testing.T, tests []idTest) {
	all := nationalScanner(t, "all")
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(len(x.name))))
			own := nationalScanner(t, x.name)
			keys := append([]string{x.name}, x.keys...)
			foundBy := func(s *Scanner, text, v string) bool {
				return slices.ContainsFunc(s.Find(text, ""), func(f Finding) bool {
					at := strings.Index(text, v)
					return covered([]Finding{f}, at, at+len(v))
				})
			}
			for _, v := range x.valid {
				for _, k := range keys {
					assert.True(t, foundBy(own, k+": "+v, v), "%s: %s", k, v)
					_, changed := own.Redact(v, k)
					assert.True(t, changed, "attribute %s = %s", k, v)
				}
			}
			for _, v := range x.invalid {
				assert.Empty(t, own.Find(keys[0]+": "+v, ""), v)
			}
			const n = 200
			for _, pattern := range x.patterns {
				pattern, strong := strings.CutPrefix(pattern, "!")
				where, before := keyedPlacements, x.name+": "
				if strong {
					where, before = placements, ""
				}
				var missed, wrong []string
				changed, tries := 0, 0
				for i := range n {
					v := fill(r, pattern)
					for ; !foundBy(own, before+v, v); v = fill(r, pattern) {
						if tries++; tries > 400000 {
							require.Fail(t, "no value of the pattern is valid", pattern)
						}
					}
					line := strings.ReplaceAll(cleanLines[r.IntN(len(cleanLines))](r), `"`, "")
					line = strings.TrimSuffix(strings.TrimSuffix(line, " thread"), " worker") // right before a number they speak against it
					k := one(r, keys...)
					put := strings.NewReplacer("{l}", line, "{k}", k, "{K}", strings.ToUpper(k), "{v}", v)
					text := put.Replace(where[i%len(where)])
					if out, _ := all.Redact(text, ""); strings.Contains(out, v) {
						missed = append(missed, fmt.Sprintf("%q in %q", v, text))
					}
					if x.free {
						continue
					}
					bad := otherCheck(r, v, x.check)
					if text = x.name + "=" + bad; foundBy(own, text, bad) {
						wrong = append(wrong, bad)
					}
					text = keys[len(keys)-1] + "=" + bad
					if foundBy(all, text, bad) {
						changed++
					}
				}
				t.Logf("%-20s %3d of %d found", pattern, n-len(missed), n)
				if !needsWord[x.name] {
					bare := alonePlacements
					if strong {
						bare = barePlacements
					}
					testBare(t, r, all, bare, func() string {
						v := fill(r, pattern)
						for ; !foundBy(own, before+v, v); v = fill(r, pattern) {
							continue
						}
						return v
					}, pattern)
				}
				assert.LessOrEqual(t, len(missed)*100, n, "%s missed: %s", pattern, strings.Join(missed, "\n"))
				assert.LessOrEqual(t, len(wrong)*50, n, "%s with another check: %s", pattern, strings.Join(wrong, " "))
				assert.LessOrEqual(t, changed*25, n, "%s with another check: redacted as something else", pattern)
			}
		})
	}
}

// needsWord are identifiers without a check digit: bare values do not count.
var needsWord = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq("ar_dni au_driver_license co_cedula de_driver_license de_tax_number fr_passport ru_passport us_driver_license us_ein " +
		"uy_ci in_passport ph_sss cn_passport de_id_card es_passport nl_passport au_passport dk_cpr vn_cccd in_voter us_passport it_id_card it_passport " +
		"jp_passport id_nik jp_driver_license kr_health_insurance pk_cnic us_itin de_bsnr uk_passport") {
		m[name] = true
	}
	return m
}()

// testBare: values that no word speaks for are found, too, with all detectors: those of strong patterns in lines, others
// where they are the whole text.
func testBare(t *testing.T, r *rand.Rand, all *Scanner, placements []string, value func() string, pattern string) {
	t.Helper()
	const n = 200
	var missed []string
	for i := range n {
		v := value()
		text := strings.NewReplacer("{l}", "connection closed by peer", "{v}", v).Replace(placements[i%len(placements)])
		if out, _ := all.Redact(text, ""); strings.Contains(out, v) {
			missed = append(missed, text)
		}
	}
	t.Logf("%-20s %3d of %d found bare", pattern, n-len(missed), n)
	assert.LessOrEqual(t, len(missed)*100, n, "%s missed bare: %s", pattern, strings.Join(missed, "\n"))
}

// TestNationalGroups: each country is a group, the members of the union are one, too.
func TestNationalGroups(t *testing.T) {
	groups := Groups()
	for _, g := range strings.Fields("kr us eu jp uk gb de fr es it nl pl se fi tr br in cn sg au ca za mx ar cl co th tw hk ru il ae ch no dk at be pt ie ro bg cz sk hr si ee lt lv gr hu people") {
		assert.Contains(t, groups, g)
	}
	eu := Members("eu")
	for _, d := range []string{"de_tax_id", "fr_nir", "pl_pesel", "ie_pps", "cz_sk_birth"} {
		assert.Contains(t, eu, d)
	}
	assert.NotContains(t, eu, "no_fnr")
	assert.NotContains(t, eu, "uk_nino")
}
