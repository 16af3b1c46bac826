package pii

// Argentina (CUIT and CUIL, DNI), Chile (RUT), Colombia (NIT, cédula), Ecuador (cédula, RUC), Peru (RUC,
// DNI), Uruguay (CI): the tax and civil registries' check digits.

func init() {
	national(nil,
		Detector{Name: "ar_cuit", Context: []string{"cuit", "cuil"}, Formats: formats(arCUIT, "DD-D{8}-D", "DD~D{8}~D", "D{11}")},
		Detector{Name: "ar_dni", Context: []string{"dni", "documento"}, Formats: weak(passed, "D{7,8}", "D{1,2}.DDD.DDD")},
	)
	national(nil, Detector{
		Name:    "cl_rut",
		Context: []string{"rut", "rol unico"},
		Formats: join(formats(clRUT, "D{1,2}.DDD.DDD-A", "D{7,8}-A"), weak(clRUT, "D{7,8}A")),
	})
	national(nil,
		Detector{Name: "co_nit", Context: []string{"nit", "identificacion tributaria"}, Formats: weak(coNIT, "D{8,10}-D", "D{9,11}", "DDD.DDD.DDD-D", "DD.DDD.DDD-D", "D.DDD.DDD.DDD-D")},
		Detector{Name: "co_cedula", Context: []string{"cedula", "cédula"}, Formats: weak(coCedula, "D{7,8}", "D.DDD.DDD.DDD", "DD.DDD.DDD")},
	)
	national(nil,
		Detector{Name: "ec_cedula", Context: []string{"cedula", "cédula", "ecuador"}, Formats: likely(ecCedula, "D{10}", "D{9}-D")},
		Detector{Name: "ec_ruc", Context: []string{"ruc"}, Formats: likely(ecCedula, "D{13}")},
	)
	national(nil,
		Detector{Name: "pe_ruc", Context: []string{"ruc"}, Formats: likely(peRUC, "D{11}")},
		Detector{Name: "pe_dni", Context: []string{"dni"}, Formats: join(weak(passed, "D{8}"), weak(peDNI, "D{8}-A"))},
	)
	national(nil, Detector{
		Name:    "uy_ci",
		Context: []string{"cedula", "cédula", "uruguay"},
		Formats: join(formats(uyCI, "D.DDD.DDD-D"), weak(uyCI, "D{8}"), likely(uyCI, "D{7}-D")),
	})
}

func arCUIT(c *Candidate) float64 {
	switch num2(c.Value, 0) {
	case 20, 23, 24, 25, 26, 27, 30, 33, 34:
		k := mod11Minus(c.Value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
		if k == 10 {
			k = 9
		}
		switch {
		case k != c.D(10):
			return 0
		case c.Sep == 0:
			return 0.5
		}
		return 0.7
	}
	return 0
}

func clRUT(c *Candidate) float64 {
	v := c.Value
	n := len(v) - 1
	sum := 0
	for i := range n {
		sum += int(v[n-1-i]-'0') * (2 + i%6)
	}
	if "0K987654321"[sum%11] != v[n] || allEqual(v[:n]) {
		return 0
	}
	switch c.Sep {
	case '.':
		return 0.65
	case '-':
		return 0.5
	}
	return 0.35
}

func coNIT(c *Candidate) float64 {
	v := c.Value
	n := len(v) - 1
	sum := 0
	for i := range n {
		sum += int(v[n-1-i]-'0') * [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71}[i]
	}
	k := sum % 11
	if k > 1 {
		k = 11 - k
	}
	if k != int(v[n]-'0') {
		return 0
	}
	return 0.35
}

// coCedula has no check digit. Ten digits without dots are left to the countries that have one.
func coCedula(c *Candidate) float64 {
	if len(c.Value) == 10 && c.Value[0] != '1' {
		return 0
	}
	return 0.2
}

func ecCedula(c *Candidate) float64 {
	v := c.Value
	if p := num2(v, 0); p == 0 || p > 24 && p != 30 || len(v) == 13 && number(v, 10, 13) == 0 {
		return 0
	}
	if len(v) == 13 && v[2] >= '6' {
		return 0.2 // companies: other weights, not kept for all
	}
	if v[2] > '6' || !luhn(v[:10]) {
		return 0
	}
	return 0.4
}

// peDNI: eight digits and their check, a digit or a letter.
func peDNI(c *Candidate) float64 {
	k := weighted(c.Value, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	if b := c.Value[8]; b != "65432110987"[k] && b != "KJIHGFEDCBA"[k] {
		return 0
	}
	return 0.35
}

func peRUC(c *Candidate) float64 {
	switch num2(c.Value, 0) {
	case 10, 15, 16, 17, 20:
		k := mod11Minus(c.Value, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 10
		if k == c.D(10) {
			return 0.45
		}
	}
	return 0
}

func uyCI(c *Candidate) float64 {
	if (10-weighted(c.Value, 2, 9, 8, 7, 6, 3, 4)%10)%10 != c.D(7) || allEqual(c.Value) {
		return 0
	}
	return c.bySep(0.3, 0.3, 0.55)
}
