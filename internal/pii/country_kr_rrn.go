package pii

// Korean resident and foreigner registration numbers: Enforcement Rule of the Resident Registration
// Act, article 2; numbers given out since October 2020 have random digits behind the first of the
// second half, so that a date and a hyphen are enough.

func init() {
	national(nil,
		Detector{
			Name: "kr_rrn", Default: true,
			Context: []string{"주민", "주민등록번호", "주민번호", "rrn", "resident", "resident registration", "jumin"},
			Formats: append(formats(rrnCheck, "D{6}-D{7}", "D{13}"), likely(rrnCheck, "D{6} D{7}")...),
		},
		Detector{
			Name: "kr_frn", Default: true,
			Context: []string{"외국인", "외국인등록번호", "frn", "alien", "alien registration", "foreigner"},
			Formats: append(formats(frnCheck, "D{6}-D{7}", "D{13}"), likely(frnCheck, "D{6} D{7}")...),
		},
	)
}

func rrnCheck(c *Candidate) float64 {
	s := c.D(6)
	if s > 4 && s != 9 {
		return 0
	}
	return krNumber(c, [10]int{1800, 1900, 1900, 2000, 2000, 0, 0, 0, 0, 1800}[s], 11)
}

func frnCheck(c *Candidate) float64 {
	s := c.D(6)
	if s < 5 || s > 8 {
		return 0
	}
	return krNumber(c, [10]int{5: 1900, 6: 1900, 7: 2000, 8: 2000}[s], 13)
}

// krNumber scores a number whose century is known by its date and its check digit (base - sum mod 11) mod 10.
func krNumber(c *Candidate, century, base int) float64 {
	v := c.Value
	year := century + num2(v, 0)
	if !birthDate(year, num2(v, 2), num2(v, 4)) {
		return 0
	}
	sum := weighted(v, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
	valid := (base-sum%11)%10 == c.D(12)
	switch {
	case valid && c.Sep != 0:
		return 0.9
	case valid:
		if epoch(v) {
			return 0.3
		}
		return 0.6
	case c.Sep == '-':
		return 0.6
	case c.D(6) == 9 || c.D(6) == 0: // born before 1900, when every number had its check digit
		return 0
	case c.Sep == 0 && !epoch(v):
		return 0.4
	default:
		return 0.3
	}
}
