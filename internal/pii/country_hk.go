package pii

// Hong Kong: identity card number: one or two letters, six digits, the check in parentheses.

func init() {
	national(nil, Detector{
		Name:    "hk_hkid",
		Context: []string{"hkid", "身份證", "香港身份證", "hong kong identity", "identity card"},
		Formats: join(formats(hkBracket, "LD{6}", "LLD{6}"), likely(hkPlain, "LD{6}A", "LLD{6}A", "LD{6}-A", "LLD{6}-A")),
	})
}

func hkid(v []byte, check byte) bool {
	sum := index36(check)
	if len(v) == 7 {
		sum += 36 * 9
	} else {
		sum += index36(v[0]) * 9
		v = v[1:]
	}
	sum += index36(v[0])*8 + weighted(v[1:], 7, 6, 5, 4, 3, 2)
	return sum%11 == 0 && (check <= '9' || check == 'A')
}

// hkBracket takes the check behind the candidate into the finding.
func hkBracket(c *Candidate) float64 {
	s := c.Text
	if c.End+3 > len(s) || s[c.End] != '(' || s[c.End+2] != ')' || isAlnum[s[c.End+1]] == 0 {
		return 0
	}
	check := s[c.End+1]
	if check >= 'a' {
		check -= 32
	}
	if hkid(c.Value, check) {
		c.w.report(c.detector, c.Start, c.End+3, 0.75)
	}
	return 0
}

func hkPlain(c *Candidate) float64 {
	if n := len(c.Value) - 1; hkid(c.Value[:n], c.Value[n]) {
		return 0.45
	}
	return 0
}
