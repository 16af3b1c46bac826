package pii

// United Kingdom: NHS number (https://www.datadictionary.nhs.uk/attributes/nhs_number.html), National
// Insurance number (HMRC manual NIM39110), unique taxpayer reference, driving licence (DVLA), postcodes
// (BS 7666), passports, registration marks since 2001.

func init() {
	national([]string{"gb"},
		Detector{
			Name:    "uk_nhs",
			Context: []string{"nhs", "nhs number", "national health"},
			Formats: join(formats(ukNHS, "DDD~DDD~DDDD"), weak(ukNHS, "D{10}")),
		},
		Detector{
			Name:    "uk_nino",
			Context: []string{"nino", "national insurance", "ni number", "ni no"},
			Formats: formats(ukNINO, "LLD{6}L", "LL~DD~DD~DD~L", "LL D{6}L", "LL~D{6}~L", "LLD{6} L"),
		},
		Detector{
			Name:    "uk_utr",
			Context: []string{"utr", "taxpayer reference", "tax reference", "self assessment"},
			Formats: weak(ukUTR, "D{10}", "D{10}L", "D{13}", "D{5} D{5}", "DDD DDD DDD D"),
		},
		Detector{
			Name:    "uk_driving_licence",
			Context: []string{"driving", "licence", "license", "driver", "dvla"},
			Formats: formats(ukLicence, "LAAAAD{6}AAALL", "LAAAAD{6}AAALLDD", "LAAAA D{6} AAALL", "LAAAA-D{6}-AAALL", "LAAAA D{6} AAALL DD"),
		},
		Detector{
			Name:    "uk_postcode",
			Context: []string{"postcode", "post code", "postal", "zip", "zip code", "address"},
			Formats: join(likely(ukPostcode, "LD DLL", "LDD DLL", "LLD DLL", "LLDD DLL", "LDL DLL", "LLDL DLL"),
				weak(ukPostcode, "LDDLL", "LDDDLL", "LLDDLL", "LLDDDLL", "LDLDLL", "LLDLDLL")),
		},
		Detector{Name: "uk_passport", Context: []string{"passport"}, Formats: weak(passed, "D{9}", "DDD DDD DDD", "LLD{7}")},
		Detector{
			Name:    "uk_vehicle_registration",
			Context: []string{"vehicle", "registration", "vrm", "vrn", "number plate", "licence plate", "reg no"},
			Formats: join(formats(ukPlate, "LLDD LLL", "LLDDLLL"), weak(passed, "LDDDLLL", "LDDD LLL", "LLLDDDL", "LLL DDDL")),
		},
	)
}

func ukNHS(c *Candidate) float64 {
	k := mod11Minus(c.Value, 10, 9, 8, 7, 6, 5, 4, 3, 2)
	if k%11 != c.D(9) || k == 10 || allEqual(c.Value) {
		return 0
	}
	return c.bySep(0.3, 0.5, 0.5)
}

func ukNINO(c *Candidate) float64 {
	v := c.Value
	for _, b := range v[:2] {
		switch b {
		case 'D', 'F', 'I', 'Q', 'U', 'V':
			return 0
		}
	}
	switch string(v[:2]) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return 0
	}
	if v[1] == 'O' || v[8] > 'D' {
		return 0
	}
	if c.Sep == ' ' && c.Text[c.Start] >= 'a' && !c.HasContext() {
		switch string(v[:2]) {
		case "AS", "AT", "AM", "AN", "BY", "HE", "MY", "BE", "WE", "RM", "LS", "ME":
			return 0.35 // a word and an abbreviated hash
		}
	}
	return c.plain(c.bySep(0.6, 0.7, 0.7))
}

func ukUTR(c *Candidate) float64 {
	v := c.Value
	if len(v) == 11 && v[10] != 'K' {
		return 0
	}
	if len(v) == 13 {
		v = v[3:]
	}
	if "21987654321"[weighted(v[1:], 6, 7, 8, 9, 10, 5, 4, 3, 2)%11] != v[0] || allEqual(v[:10]) {
		return 0
	}
	return 0.35
}

// ukLicence: surname in five places filled with 9, decade, month (+50 for women), day, year, initials.
func ukLicence(c *Candidate) float64 {
	v := c.Value
	for i, nine := 0, false; i < 5; i++ {
		if digitAt(v, i) && v[i] != '9' || nine && v[i] != '9' {
			return 0
		}
		nine = v[i] == '9'
	}
	if m := num2(v, 6) % 50; num2(v, 6) >= 63 || m < 1 || m > 12 || !validDate(2000, m, num2(v, 8)) {
		return 0
	}
	if digitAt(v, 11) && v[11] != '9' || digitAt(v, 12) && v[12] != '9' {
		return 0
	}
	return 0.75
}

func ukPostcode(c *Candidate) float64 {
	v := c.Value
	switch v[0] {
	case 'Q', 'V', 'X':
		return 0
	}
	if letterAt(v, 1) && (v[1] == 'I' || v[1] == 'J' || v[1] == 'Z') {
		return 0
	}
	for _, b := range v[len(v)-2:] {
		switch b {
		case 'C', 'I', 'K', 'M', 'O', 'V':
			return 0
		}
	}
	if c.Sep == 0 {
		return passedAlone(c)
	}
	return c.printed(0.4)
}

func ukPlate(c *Candidate) float64 {
	v := c.Value
	for _, b := range v {
		if b == 'I' || b == 'Q' {
			return 0
		}
	}
	if age := num2(v, 2) % 50; age < 1 || age > 30 || v[1] == 'Z' {
		return 0
	}
	return c.printed(0.5)
}
