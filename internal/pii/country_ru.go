package pii

// Russia: INN (order of the tax service MMV-7-6/435@), SNILS (resolution of the pension fund), internal
// passport. Ukraine: RNOKPP. Kazakhstan: IIN.

func init() {
	national(nil,
		Detector{Name: "ru_inn", Context: []string{"inn$", "инн"}, Formats: join(weak(ruINN, "D{10}"), likely(ruINN, "D{12}"))},
		Detector{
			Name:    "ru_snils",
			Context: []string{"snils", "снилс"},
			Formats: join(formats(ruSNILS, "DDD-DDD-DDD DD", "DDD~DDD~DDD~DD"), likely(ruSNILS, "D{11}")),
		},
		Detector{
			Name:    "ru_passport",
			Context: []string{"паспорт", "passport", "серия", "загранпаспорт"},
			Formats: weak(passed, "DDDD D{6}", "DD DD D{6}", "D{10}", "DD D{7}", "D{9}"),
		},
	)
	national(nil, Detector{
		Name:    "ua_rnokpp",
		Context: []string{"rnokpp", "рнокпп", "ипн", "іпн", "ідентифікаційний код"},
		Formats: weak(uaRNOKPP, "D{10}"),
	})
	national(nil, Detector{
		Name:    "kz_iin",
		Context: []string{"iin", "иин", "жсн"},
		Formats: likely(kzIIN, "D{12}"),
	})
}

func ruINN(c *Candidate) float64 {
	v := c.Value
	if allEqual(v) {
		return 0
	}
	if len(v) == 10 {
		if weighted(v, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != c.D(9) {
			return 0
		}
		return 0.35
	}
	if weighted(v, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != c.D(10) || weighted(v, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%11%10 != c.D(11) {
		return 0
	}
	return 0.45
}

func ruSNILS(c *Candidate) float64 {
	if weighted(c.Value, 9, 8, 7, 6, 5, 4, 3, 2, 1)%101%100 != num2(c.Value, 9) || allEqual(c.Value) {
		return 0
	}
	return c.bySep(0.45, 0.65, 0.75)
}

func uaRNOKPP(c *Candidate) float64 {
	v := c.Value
	sum := weighted(v, -1, 5, 7, 9, 4, 6, 10, 5, 7) % 11
	if sum < 0 {
		sum += 11
	}
	if sum%10 != c.D(9) || allEqual(v) {
		return 0
	}
	return 0.35
}

// kzIIN: date, century and sex, serial.
func kzIIN(c *Candidate) float64 {
	v := c.Value
	if v[6] > '6' || !shortDate(num2(v, 0), num2(v, 2), num2(v, 4)) {
		return 0
	}
	k := weighted(v, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if k == 10 {
		k = weighted(v, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	if k != c.D(11) {
		return 0
	}
	return 0.45
}
