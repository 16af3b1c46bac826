package pii

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestBareValues: a value that no word speaks for counts for detectors that were named, not for those of the
// group default.
func TestBareValues(t *testing.T) {
	all, standard, named := nationalScanner(t, "all"), nationalScanner(t, "default"), nationalScanner(t, "default", "kr")
	for _, v := range []string{
		"1048656659", "112212345612", "9601211234567", "312345678909", "CR2 6XH", "122000000000003",
		"0917 123 4567", "05321234567", "02-123-4567", "415-555-0132", "0 (532) 1234567",
	} {
		for _, line := range []string{"%s", "user said %s, then left", "done (%s)", "%s logged in", "<%s>", "the number=%s", `{"text":"%s"}`, "고객 %s 님", "번호는 %s입니다"} {
			assert.NotEmpty(t, all.Find(fmt.Sprintf(line, v), ""), line, v)
		}
		assert.Empty(t, standard.Find(v, ""), v)
		assert.NotEmpty(t, all.Find(v, "text"), v)
		for _, key := range []string{"order.id", "buildNumber.count", "http.request.body.size"} {
			assert.Empty(t, all.Find(v, key), key, v)
		}
	}
	for _, v := range []string{"121042882", "550090112", "005 499 981", "ABCND1234Z"} { // one check digit, or less
		for _, line := range []string{"%s", "(%s)", `"%s"`} {
			assert.NotEmpty(t, all.Find(fmt.Sprintf(line, v), ""), line, v)
		}
		assert.NotEmpty(t, all.Find(v, "text"), v)
		for _, line := range []string{"user said %s, then left", "%s logged in", "고객 %s 님"} {
			assert.Empty(t, all.Find(fmt.Sprintf(line, v), ""), line, v)
		}
	}
	assert.NotEmpty(t, named.Find("user said 1048656659, then left", ""))
	assert.NotEmpty(t, named.Find("user said 9601211234567, then left", ""), "kr_rrn is in default, too, but kr names it")
	assert.Empty(t, named.Find("user said 550090112, then left", ""))
	for _, v := range []string{"l01x00t44", "uzb2345117", "560 1234", "app-456cv"} {
		assert.NotEmpty(t, all.Find(v, ""), v)
		assert.Empty(t, all.Find("x "+v+" y", ""), v)
	}
}

// TestBareNumbers: what around a number says that it is something else.
func TestBareNumbers(t *testing.T) {
	all := nationalScanner(t, "all")
	const v = "1048656659" // valid as a Korean business number and others
	for _, line := range []string{
		"port=%s", "pid: %s", "order %s shipped", "order #%s", "size %s", "lag %s", "took %s ns", "%sms", "read %s bytes", "tasks/%s/1", "id=%s", "user_id=%s",
		`{"id":%s}`, `{"count": %s}`, `"seq":"%s"`, "row 12 %s 14", "x%s", "%s_1", "0x%s", "%s.log", "-%s", "$%s", "1,%s", "worker:%s:x", "snowflake %s",
		"주문번호 %s", "aadhaar %s", "pos=%s,", "time %s", "%s-%s",
	} {
		text := fmt.Sprintf(line, v)
		if line == "%s-%s" {
			text = v + "-" + v
		}
		assert.Empty(t, all.Find(text, ""), text)
	}
	now := time.Now()
	for _, text := range []string{
		fmt.Sprintf("%d started", now.Unix()), fmt.Sprintf("(%d) 시작", now.Unix()), fmt.Sprintf("[%d] started", now.UnixMilli()), fmt.Sprintf("ts=%d", now.Unix()),
		"- 1131567191 2005.11.09 dn228 crond", "gige3 temperature 1104640924 1 warning", "at 202611221530 done",
		"081111 093742 INFO", "12 123456782 34", "NL91 ABNA 0417 1643 01", "000000000", "11111111111", "12345678",
	} {
		assert.Empty(t, all.Find(text, ""), text)
	}
	for at := time.Date(2026, 11, 22, 0, 0, 7, 0, time.UTC); at.Day() < 24; at = at.Add(61 * time.Second) {
		text := at.Format("20060102150405") + " x" // one in a hundred has the check digits of a CNPJ
		assert.Empty(t, all.Find(text, ""), text)
	}
	assert.NotEmpty(t, all.Find("cnpj 20261122230144", ""))
}

// TestInvalidChecksInLines: a number that fails the check of its kind is seldom taken for another one in a line
// where no word says what it is, though most countries' numbers have one check digit.
func TestInvalidChecksInLines(t *testing.T) {
	all := nationalScanner(t, "all")
	r := rand.New(rand.NewPCG(8, 3))
	for _, x := range []struct {
		name, pattern string
		most          int // of a hundred
	}{
		{"ca_sin", "7DDDDDDDD", 1}, {"nl_bsn", "DDDDDDDDD", 3}, {"pt_nif", "2DD DDD DDD", 12}, {"us_npi", "1DDDDDDDDD", 25}, {"kr_brn", "6DDDDDDDDD", 10},
		{"hr_oib", "DDDDDDDDDDD", 12}, {"pl_pesel", "<060102>DDDDD", 15}, {"in_aadhaar", "4DDDDDDDDDDD", 2}, {"in_aadhaar", "4DDD DDDD DDDD", 1}, {"th_id", "7DDDDDDDDDDDD", 3}, {"imei", "86DDDDDDDDDDDDD", 2},
	} {
		own := nationalScanner(t, x.name)
		n, changed := 0, 0
		for n < 1000 {
			v := fill(r, x.pattern)
			if len(own.Find(x.name+"="+v, "")) > 0 {
				continue
			}
			n++
			if _, c := all.Redact("user said "+v+", then left", ""); c {
				changed++
			}
		}
		t.Logf("%s %s: %d of %d", x.name, x.pattern, changed, n)
		assert.LessOrEqual(t, changed*100, n*x.most, "%s %s: %d of %d", x.name, x.pattern, changed, n)
	}
}

// TestInvalidChecks: a number that its name calls something and that fails there is left alone, and what fails
// as a card or in a printed form is nothing else by chance.
func TestInvalidChecks(t *testing.T) {
	all := nationalScanner(t, "all")
	r := rand.New(rand.NewPCG(8, 2))
	for _, x := range []struct {
		name, pattern string
		bare          bool
	}{
		{"credit_card", "4DDDDDDDDDDDDDDD", true}, {"credit_card", "4DDD DDDD DDDD DDDD", true}, {"credit_card", "4DDD-DDDD-DDDD-DDDD", true},
		{"br_cpf", "DDD.DDD.DDD-DD", true}, {"kr_brn", "DDDDDDDDDD", false}, {"in_aadhaar", "DDDDDDDDDDDD", false}, {"pl_pesel", "<060102>DDDDD", false},
		{"tr_tckn", "DDDDDDDDDDD", false}, {"us_aba_routing", "DDDDDDDDD", false}, {"za_id", "<060102>DDDDDDD", false}, {"uk_nhs", "DDD DDD DDDD", false},
		{"sa_id", "2DDDDDDDDD", false}, {"se_org", "969DDDDDDD", false}, {"jp_corporate", "8DDDDDDDDDDDD", false}, {"us_dea", `\B\TDDDDDDD`, false},
	} {
		own := nationalScanner(t, x.name)
		n, changed := 0, 0
		for range 2000 {
			v := fill(r, x.pattern)
			if len(own.Find(x.name+"="+v, "")) > 0 {
				continue
			}
			for _, line := range []string{x.name + "=%s ok", "user said %s, then left"} {
				if line[0] == 'u' && !x.bare {
					continue
				}
				n++
				if _, c := all.Redact(fmt.Sprintf(line, v), ""); c {
					changed++
				}
			}
		}
		assert.LessOrEqual(t, changed*50, n, "%s %s: %d of %d", x.name, x.pattern, changed, n)
	}
}
