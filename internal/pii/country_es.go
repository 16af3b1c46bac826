package pii

// Spain: NIF of persons (Real Decreto 1065/2007, article 19), NIE of foreigners, CIF of companies (Orden
// EHA/451/2008), passports.

func init() {
	national(inEU,
		Detector{
			Name:    "es_nif",
			Context: []string{"nif", "dni", "documento nacional", "identidad"},
			Formats: formats(esNIF, "D{8}L", "D{7,8}-L", "DD.DDD.DDD-L", "DD.DDD.DDDL", "D{8} L"),
		},
		Detector{
			Name:    "es_nie",
			Context: []string{"nie", "extranjero", "extranjeria"},
			Formats: formats(esNIE, "LD{7}L", "L-D{7}-L", "L D{7} L", "L-D{7}L", "LD{7}-L"),
		},
		Detector{
			Name:    "es_cif",
			Context: []string{"cif", "nif", "identificacion fiscal", "empresa"},
			Formats: join(formats(esCIF, "L-D{8}", "LD{7}-A"), likely(esCIF, "LD{8}", "LD{7}L")),
		},
		Detector{Name: "es_passport", Context: []string{"pasaporte", "passport"}, Formats: weak(passed, "LLLD{6}", "LLD{6}")},
	)
}

const esLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func esNIF(c *Candidate) float64 {
	v := c.Value
	n := len(v) - 1
	if esLetters[number(v, 0, n)%23] != v[n] {
		return 0
	}
	return c.plain(c.bySep(0.5, 0.35, 0.65))
}

func esNIE(c *Candidate) float64 {
	v := c.Value
	if v[0] < 'X' || esLetters[(int(v[0]-'X')*10000000+number(v, 1, 8))%23] != v[8] {
		return 0
	}
	return 0.65
}

func esCIF(c *Candidate) float64 {
	v := c.Value
	switch v[0] {
	case 'I', 'K', 'L', 'M', 'O', 'T', 'X', 'Y', 'Z':
		return 0
	}
	sum := 0
	for i := 1; i < 8; i++ {
		k := c.D(i) * (1 + i&1)
		sum += k/10 + k%10
	}
	k := (10 - sum%10) % 10
	if v[8] != byte('0'+k) && v[8] != "JABCDEFGHI"[k] {
		return 0
	}
	return c.printed(c.bySep(0.4, 0.4, 0.55))
}
