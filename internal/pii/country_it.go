package pii

// Italy: codice fiscale (decree of 23 December 1976), partita IVA, driving licence, identity card (paper
// and electronic), passports.

func init() {
	national(inEU,
		Detector{
			Name:    "it_fiscal_code",
			Context: []string{"codice fiscale", "cod fisc", "fiscal code"},
			Formats: formats(itFiscal, "LLLLLLAALAALAAAL", "LLLLLLAALAA~LAAAL", "LLL~LLL~AALAA~LAAAL", "LLLLLL~AALAA~LAAAL", "LLLLLL/AALAA/LAAAL"),
		},
		Detector{
			Name:    "it_vat",
			Context: []string{"partita iva", "p iva", "piva", "iva", "vat"},
			Formats: likely(itVAT, "D{11}"),
		},
		Detector{
			Name:    "it_driver_license",
			Context: []string{"patente", "driver", "license", "licence", "driving"},
			Formats: join(formats(itLicense, "LDA{7}L"), weak(passed, "LLD{7}L")),
		},
		Detector{
			Name:    "it_id_card",
			Context: []string{"carta d identita", "carta di identita", "carta d'identità", "carta identita", "identità", "cie", "identity card"},
			Formats: join(formats(itIdentity, "LLD{5}LL"), weak(passed, "LLD{7}", "D{7}LL")),
		},
		Detector{Name: "it_passport", Context: []string{"passaporto", "passport"}, Formats: weak(passedAlone, "LLD{7}")},
	)
}

// itVAT: serial, office (province), Luhn.
func itVAT(c *Candidate) float64 {
	office := number(c.Value, 7, 10)
	if office == 0 || office > 100 && office != 120 && office != 121 && office != 888 && office != 999 || number(c.Value, 0, 7) == 0 || !luhn(c.Value) {
		return 0
	}
	return 0.4
}

// itOdd are the values of digits and letters at odd places.
var itOdd = [36]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

func itFiscal(c *Candidate) float64 {
	v := c.Value
	// Letters stand for digits where two people would have the same code.
	var day [2]int
	for _, i := range [...]int{6, 7, 9, 10, 12, 13, 14} {
		d := index36(v[i])
		if letterAt(v, i) {
			if d = indexByte("LMNPQRSTUV", v[i]); d < 0 {
				return 0
			}
		}
		switch i {
		case 9:
			day[0] = d
		case 10:
			day[1] = d
		}
	}
	if indexByte("ABCDEHLMPRST", v[8]) < 0 {
		return 0
	}
	if d := (day[0]*10 + day[1]) % 40; d < 1 || d > 31 {
		return 0
	}
	sum := 0
	for i, b := range v[:15] {
		switch {
		case i&1 == 0:
			sum += itOdd[index36(b)]
		case b >= 'A':
			sum += int(b - 'A')
		default:
			sum += int(b - '0')
		}
	}
	if byte('A'+sum%26) != v[15] {
		return 0
	}
	return 0.85
}

func indexByte(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func itLicense(c *Candidate) float64 {
	v := c.Value
	if v[0] != 'U' || v[1] != '1' {
		return 0
	}
	for _, b := range v[2:9] {
		if indexByte("AEIOQV", b) >= 0 {
			return 0
		}
	}
	return c.plain(0.5)
}

func itIdentity(c *Candidate) float64 {
	if c.Text[c.Start] >= 'a' {
		return 0.3
	}
	return 0.5
}
