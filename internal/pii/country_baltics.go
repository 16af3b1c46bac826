package pii

// Estonia (isikukood, standard EVS 585:2007), Lithuania (asmens kodas), Latvia (personas kods; since 2017
// 32 and random digits).

func init() {
	national(inEU, Detector{
		Name:    "ee_isikukood",
		Context: []string{"isikukood", "personal code"},
		Formats: formats(balticCheck, "D{11}"),
	})
	national(inEU, Detector{
		Name:    "lt_asmens_kodas",
		Context: []string{"asmens kodas", "personal code"},
		Formats: formats(balticCheck, "D{11}"),
	})
	national(inEU, Detector{
		Name:    "lv_personas_kods",
		Context: []string{"personas kods", "personal code"},
		Formats: join(formats(lvCode, "D{6}-D{5}"), weak(lvCode, "D{11}")),
	})
}

func balticCheck(c *Candidate) float64 {
	v := c.Value
	if v[0] < '1' || v[0] > '8' || !baltic(v) {
		return 0
	}
	if !birthDate(1800+(c.D(0)-1)/2*100+num2(v, 1), num2(v, 3), num2(v, 5)) {
		return 0
	}
	return 0.5
}

func lvCode(c *Candidate) float64 {
	v := c.Value
	if num2(v, 0) == 32 { // random digits, no check
		return 0.3
	}
	if v[6] > '2' || !shortDate(num2(v, 4), num2(v, 2), num2(v, 0)) {
		return 0
	}
	if (1101-weighted(v, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))%11%10 != c.D(10) {
		return 0
	}
	return c.bySep(0.35, 0.35, 0.6)
}
