package pii

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// phoneForms are notations of phone numbers: # is any digit, N one from 2 to 9.
var phoneForms = []struct {
	name  string
	forms []string
	// standard: the default detectors find it without a word, too.
	standard bool
}{
	{"international", []string{"+82 10-N###-####", "+8210N#######", "+82-10-N###-####", "+82 (0)10-N###-####", "+82 (10) N###-####", "+82.10.N###.####", "+82 2-N##-####", "+82 31 N##-####",
		"+1 (415) 555-0###", "+1-415-555-0###", "+14155550###", "+44 7400 ######", "+44 (0)20 7946 0###", "+49 151 2#######", "+33 6 12 34 56 ##", "+81 90-1###-####",
		"tel:+82-10-N###-####", "00821 0N#######", "0082 10 N### ####", "+86 138 0013 8###", "+91 98765 4####", "+7 912 345-67-##"}, true},
	{"korean mobile", []string{"010-N###-####", "010 N### ####", "010.N###.####", "010 - N### - ####", "011-N##-####", "016-N###-####", "019-N##-####"}, true},
	{"korean", []string{"010N#######", "02-N##-####", "02-N###-####", "02 N### ####", "031-N##-####", "051-N###-####", "064-N##-####", "070-N###-####", "0505-N##-####",
		"(02) N##-####", "(031) N##-####", "(010) N###-####", "(02)N##-####", "02)N##-####", "010)N###-####", "031)N##-####", "82-10-N###-####", "010-N#######", "02.N##.####",
		"010N###-####", "010/N###/####", "8210N#######", "031N######"}, false},
	{"national", []string{"415-555-0###", "415.555.0###", "020 7946 0###", "07400 ######", "06 12 34 56 ##", "06.12.34.56.##", "0151 2#######", "030 1234###", "0917 123 4###", "09171234###",
		"0 (532) 123 45 ##", "0532 123 45 ##", "03-1234-5###", "(03) 9123 4###", "(11) 9612#-####", "0912 345 6##"}, false},
}

func phoneOf(r *rand.Rand, form string) string {
	var b strings.Builder
	for _, c := range []byte(form) {
		switch c {
		case '#':
			b.WriteString(pick(r, digits, 1))
		case 'N':
			b.WriteString(pick(r, "23456789", 1))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// TestPhoneForms: each notation behind a name, and without one.
func TestPhoneForms(t *testing.T) {
	all, standard := nationalScanner(t, "all"), nationalScanner(t, "default")
	r := rand.New(rand.NewPCG(8, 2))
	named := []string{"phone=%s", "tel: %s", `{"phone":"%s","ok":true}`, "휴대폰 %s 인증", "연락처: %s입니다", `msg="sent" mobile="%s" n=1`, "call %s now", "전화번호는 %s 입니다", "/send?phone=%s&x=1", "[msisdn=%s]"}
	bare := []string{"user said %s, then left", "done (%s)", "%s", "%s logged in", "고객 %s 님", `{"text":"%s"}`, "sent to %s."}
	for _, f := range phoneForms {
		for _, form := range f.forms {
			for set, s := range map[string]*Scanner{"all": all, "default": standard} {
				misses := map[bool][]string{}
				n := map[bool]int{}
				for _, withName := range []bool{true, false} {
					lines := named
					if !withName {
						if lines = bare; set == "default" && !f.standard {
							continue
						}
					}
					for _, line := range lines {
						for range 20 {
							v := phoneOf(r, form)
							text := fmt.Sprintf(line, v)
							n[withName]++
							at := strings.Index(text, v)
							if !covered(s.Find(text, ""), at, at+len(v)) {
								misses[withName] = append(misses[withName], text)
							}
						}
					}
				}
				for withName, m := range misses {
					assert.LessOrEqual(t, len(m)*100, n[withName], "%s %s %s, named %t: %d of %d: %q", set, f.name, form, withName, len(m), n[withName], m[:min(3, len(m))])
				}
			}
		}
	}
}
