package pii

// Poland: PESEL (Act of 24 September 2010, article 15), NIP (tax), REGON (statistics), identity cards,
// passports.

func init() {
	national(inEU,
		Detector{Name: "pl_pesel", Context: []string{"pesel"}, Formats: formats(plPESEL, "D{11}")},
		Detector{
			Name:    "pl_nip",
			Context: []string{"nip", "identyfikacji podatkowej"},
			Formats: join(formats(plNIP, "DDD-DDD-DD-DD", "DDD-DD-DD-DDD"), weak(plNIP, "D{10}"), likely(plNIP, "DDD DDD DD DD", "DDD DD DD DDD")),
		},
		Detector{Name: "pl_regon", Context: []string{"regon"}, Formats: weak(plREGON, "D{9}", "D{14}")},
		Detector{
			Name:    "pl_id_card",
			Context: []string{"dowod", "dowód", "dowod osobisty", "identity card", "id card"},
			Formats: weak(plCard, "LLLD{6}", "LLL D{6}"),
		},
		Detector{Name: "pl_passport", Context: []string{"paszport", "passport"}, Formats: weak(passed, "LLD{7}")},
	)
}

func plPESEL(c *Candidate) float64 {
	v := c.Value
	if (10-weighted(v, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 != c.D(10) {
		return 0
	}
	century := [5]int{1900, 2000, 2100, 2200, 1800}[num2(v, 2)/20]
	if !birthDate(century+num2(v, 0), num2(v, 2)%20, num2(v, 4)) {
		return 0
	}
	return 0.5
}

func plNIP(c *Candidate) float64 {
	if weighted(c.Value, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 != c.D(9) || allEqual(c.Value) {
		return 0
	}
	return c.bySep(0.35, 0.4, 0.65)
}

func plREGON(c *Candidate) float64 {
	v := c.Value
	if weighted(v, 8, 9, 2, 3, 4, 5, 6, 7)%11%10 != c.D(8) || allEqual(v) {
		return 0
	}
	if len(v) == 14 && weighted(v, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)%11%10 != c.D(13) {
		return 0
	}
	return 0.35
}

// plCard: letters from 10, the first digit is the check.
func plCard(c *Candidate) float64 {
	sum := 0
	for i, w := range [...]int{7, 3, 1, 9, 7, 3, 1, 7, 3} {
		sum += index36(c.Value[i]) * w
	}
	if sum%10 != 0 {
		return 0
	}
	return 0.35
}
