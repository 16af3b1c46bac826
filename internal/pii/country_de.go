package pii

// Germany: identification number of section 139b AO (ISO 7064 MOD 11,10), social security number (VKVV
// section 4), health insurance number (section 290 SGB V), identity card and passport (serial number and
// check of ICAO Doc 9303), driving licence (FeV annex 8), tax numbers, numbers of doctors and practices.

func init() {
	national(inEU,
		Detector{
			Name: "de_tax_id", Keys: []string{"de tax id"}, KeyCheck: never,
			Context: []string{"steuer id", "steuerid", "idnr", "steueridentifikationsnummer", "steuerliche identifikationsnummer", "tin$", "tax id"},
			Formats: join(formats(deTaxID, "DD~DDD~DDD~DDD"), likely(deTaxID, "D{11}")),
		},
		Detector{
			Name:    "de_tax_number",
			Context: []string{"steuernummer", "steuernr", "st nr", "tax number"},
			Formats: weak(passed, "D{13}", "D{10,11}", "DD/DDD/DDDDD", "DDD/DDD/DDDDD", "DDD/DDDD/DDDD", "DDDDD/DDDDD"),
		},
		Detector{
			Name:    "de_social_security",
			Context: []string{"rvnr", "svnr", "sozialversicherung", "rentenversicherung", "versicherungsnummer", "sozialversicherungsnummer"},
			Formats: formats(deSocial, "D{8}LDDD", "DD~D{6}~LDDD", "DD~D{6}~L~DDD"),
		},
		Detector{
			Name:    "de_health_insurance",
			Context: []string{"krankenversicherung", "krankenkasse", "kvnr", "versichertennummer", "egk", "health insurance"},
			Formats: formats(deHealth, "LD{9}"),
		},
		Detector{
			Name:    "de_id_card",
			Context: []string{"ausweis", "personalausweis", "ausweisnummer", "identity card", "perso$"},
			Formats: formats(deDocument, "LA{7}D", "LA{8}D", "LA{8}DD", "LA{7}DL", "LA{8}DL", "D{10}L"),
		},
		Detector{
			Name:    "de_passport",
			Context: []string{"reisepass", "passnummer", "pass nr", "passport"},
			Formats: formats(deDocument, "LA{7}D", "LA{8}D", "LA{8}DL"),
		},
		Detector{
			Name:    "de_driver_license",
			Context: []string{"fuhrerschein", "fuehrerschein", "führerschein", "fahrerlaubnis", "driver", "license", "licence"},
			Formats: weak(passed, "LDDA{8}", "LLD{8}A"),
		},
		Detector{Name: "de_lanr", Context: []string{"lanr", "arztnummer"}, Formats: weak(deDoctor, "D{9}")},
		Detector{Name: "de_bsnr", Context: []string{"bsnr", "betriebsstatte", "betriebsstätte", "betriebsstaette"}, Formats: weak(passed, "D{9}")},
	)
}

// never is the check of keys that end like a general one ("tax id") and whose values are checked by form.
func never(string) bool { return false }

func deTaxID(c *Candidate) float64 {
	v := c.Value
	if v[0] == '0' || !mod11_10(v) {
		return 0
	}
	var count [10]int
	for i := range 10 {
		count[c.D(i)]++
		if i >= 2 && v[i] == v[i-1] && v[i] == v[i-2] {
			return 0
		}
	}
	repeated, most := 0, 0
	for _, n := range count {
		most = max(most, n)
		if n > 1 {
			repeated++
		}
	}
	switch {
	case repeated > 1 || most > 3:
		return 0
	case repeated == 0: // printed in forms, not given out
		return 0.2
	}
	return c.bySep(0.45, 0.6, 0.6)
}

func deSocial(c *Candidate) float64 {
	v := c.Value
	if num2(v, 0) < 2 || num2(v, 2) > 31 || num2(v, 4) > 12 {
		return 0
	}
	letter := index36(v[8]) - 9
	d := [12]byte{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], byte('0' + letter/10), byte('0' + letter%10), v[9], v[10]}
	if crossSums(d[:], 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)%10 != c.D(11) {
		return 0
	}
	return 0.65
}

func deHealth(c *Candidate) float64 {
	v := c.Value
	letter := index36(v[0]) - 9
	d := [10]byte{byte('0' + letter/10), byte('0' + letter%10)}
	copy(d[2:], v[1:9])
	if crossSums(d[:], 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10 != c.D(9) {
		return 0
	}
	return c.printed(0.5)
}

// deDocument: a serial number of nine signs and its check; the ninth may be the check of those before it.
func deDocument(c *Candidate) float64 {
	v := c.Value
	if n := len(v); letterAt(v, n-1) {
		if v[n-1] != 'D' {
			return 0
		}
		v = v[:n-1]
	}
	if len(v) == 11 {
		v = v[:10]
	}
	for _, b := range v {
		switch b {
		case 'A', 'B', 'D', 'E', 'I', 'O', 'Q', 'S', 'U':
			return 0
		}
	}
	switch last := len(v) - 1; {
	case mrz(v[:last]) == int(v[last]-'0') && v[last] <= '9':
		if lettersFirst(v) && !letterAt(c.Value, len(c.Value)-1) {
			return c.printed(0.35) // the number of a ticket, an article
		}
		return c.printed(0.5)
	case len(v) == 9 && len(c.Value) == 10: // without its check, with the nationality
		return c.printed(0.3)
	case len(v) == 9:
		return 0.2
	}
	return 0
}

// lettersFirst tells whether two or more letters stand before digits only.
func lettersFirst(v []byte) bool {
	n := 0
	for n < len(v) && letterAt(v, n) {
		n++
	}
	for _, b := range v[n:] {
		if b > '9' {
			return false
		}
	}
	return n > 1
}

func deDoctor(c *Candidate) float64 {
	if (10-weighted(c.Value, 4, 9, 4, 9, 4, 9)%10)%10 != c.D(6) {
		return 0
	}
	return 0.3
}
