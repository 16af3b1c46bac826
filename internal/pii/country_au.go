package pii

// Australia: tax file number (ATO, weights 1 4 3 7 5 8 6 9 10), business and company numbers (ABR, ASIC),
// Medicare card, passports, driver's licences. New Zealand: IRD number.

func init() {
	national(nil,
		Detector{
			Name:    "au_tfn",
			Context: []string{"tfn", "tax file"},
			Formats: weak(auTFN, "D{8,9}", "DDD~DDD~DDD", "DD~DDD~DDD", "DDDD~DDD~DD"),
		},
		Detector{
			Name:    "au_abn",
			Context: []string{"abn", "australian business"},
			Formats: formats(auABN, "DD~DDD~DDD~DDD", "D{11}"),
		},
		Detector{
			Name:    "au_acn",
			Context: []string{"acn", "australian company"},
			Formats: weak(auACN, "DDD~DDD~DDD", "D{9}"),
		},
		Detector{
			Name:    "au_medicare",
			Context: []string{"medicare"},
			Formats: join(formats(auMedicare, "DDDD D{5} D", "DDDD-D{5}-D", "DDDD D{5} D/D", "DDDD D{5}/D"), weak(auMedicare, "D{9,11}"), likely(auMedicare, "D{10}/D", "DDDD D{5}")),
		},
		Detector{Name: "au_passport", Context: []string{"passport"}, Formats: weak(passed, "LD{7}", "LLD{7}")},
		Detector{Name: "au_driver_license", Context: []string{"driver", "licence", "license", "driving"}, Formats: weak(passed, "D{7,10}", "DD DDD DDD", "DDD DDD DDD", "D{4}LL", "LD{5,6}")},
	)
	national(nil, Detector{
		Name:    "nz_ird",
		Context: []string{"ird", "inland revenue"},
		Formats: weak(nzIRD, "D{8,9}", "DDD~DDD~DDD", "DD~DDD~DDD"),
	})
}

func auTFN(c *Candidate) float64 {
	v := c.Value
	if allEqual(v) || len(v) == 9 && weighted(v, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 != 0 ||
		len(v) == 8 && weighted(v, 10, 7, 8, 4, 6, 3, 5, 1)%11 != 0 {
		return 0
	}
	return 0.35
}

func auABN(c *Candidate) float64 {
	if c.Value[0] == '0' || (weighted(c.Value, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 != 0 {
		return 0
	}
	if c.Sep == 0 {
		return 0.5
	}
	return 0.65
}

func auACN(c *Candidate) float64 {
	if (10-weighted(c.Value, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 != c.D(8) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func auMedicare(c *Candidate) float64 {
	v := c.Value
	if v[0] < '2' || v[0] > '6' || weighted(v, 1, 3, 7, 9, 1, 3, 7, 9)%10 != c.D(8) || len(v) > 9 && v[9] == '0' {
		return 0
	}
	return c.bySep(0.35, 0.5, 0.5)
}

func nzIRD(c *Candidate) float64 {
	v := c.Value
	var d [9]byte
	d[0] = '0'
	copy(d[9-len(v):], v)
	if n := number(d[:], 0, 9); n < 10000000 || n > 150000000 {
		return 0
	}
	k := mod11Minus(d[:], 3, 2, 7, 6, 5, 4, 3, 2) % 11
	if k == 10 {
		k = mod11Minus(d[:], 7, 4, 3, 2, 5, 2, 7, 6) % 11
	}
	if k != int(d[8]-'0') {
		return 0
	}
	return 0.35
}
