package pii

// Identifiers of the United States besides the SSN: ITIN and EIN (https://www.irs.gov), NPI (45 CFR
// 162.406), MBI (https://www.cms.gov/medicare/new-medicare-card), DEA numbers (21 CFR 1301), passports,
// the states' driver's licences.

func init() {
	national(nil,
		Detector{
			Name:    "us_itin",
			Context: []string{"itin", "taxpayer", "tax id", "individual taxpayer"},
			Formats: join(formats(usITIN, "DDD~DD~DDDD"), weak(usITIN, "D{9}")),
		},
		Detector{
			Name:    "us_ein",
			Context: []string{"ein", "employer identification", "tax id", "fein"},
			Formats: weak(usEIN, "DD-D{7}", "D{9}"),
		},
		Detector{
			Name:    "us_npi",
			Context: []string{"npi", "national provider", "provider id"},
			Formats: weak(usNPI, "D{10}"),
		},
		Detector{
			Name:    "us_mbi",
			Context: []string{"medicare", "mbi", "beneficiary"},
			Formats: formats(usMBI, "DLADLADLLDD", "DLAD-LAD-LLDD", "DLAD LAD LLDD"),
		},
		Detector{
			Name:    "us_dea",
			Context: []string{"dea", "medical license", "certificate", "prescriber", "registrant"},
			Formats: formats(usDEA, "LLD{7}", "LD{8}"),
		},
		Detector{
			Name:    "us_passport",
			Context: []string{"passport", "travel document"},
			Formats: weak(passed, "D{9}", "LD{8}"),
		},
		Detector{
			Name:    "us_driver_license",
			Context: []string{"driver", "drivers", "license", "licence", "dl", "dln", "driving", "drivers license"},
			Formats: join(weak(passed, "D{7,10}", "D{12}", "LD{6,9}", "LD{12,14}", "LLD{5,6}", "LLLD{6}", "DDLLLD{5}", "D{8}L", "D{9}L",
				"LDDD-DDDD-DDDD", "LDDD-DDDD-DDDD-DD", "LDDD-DDD-DD-DDD-D", "LDD-DD-DDDD", "DDD-DD-DDDD", "DD-DDD-DDDD", "DDD DDD DDD"), weak(usLicense, "LLD{7}")),
		},
	)
}

// usLicense: two letters and seven digits behind "medical license" are a DEA number or nothing.
func usLicense(c *Candidate) float64 {
	if c.names(deaID()) {
		return 0
	}
	return passed(c)
}

var deaID = idOf("us_dea")

func usITIN(c *Candidate) float64 {
	g := num2(c.Value, 3)
	if c.D(0) != 9 || !(g >= 50 && g <= 65 || g >= 70 && g <= 88 || g >= 90 && g <= 92 || g >= 94) {
		return 0
	}
	return c.bySep(0.25, 0.5, 0.65)
}

func usEIN(c *Candidate) float64 {
	switch num2(c.Value, 0) {
	case 0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97: // never given out
		return 0
	}
	return 0.25
}

func usNPI(c *Candidate) float64 {
	if c.Value[0] != '1' && c.Value[0] != '2' || allEqual(c.Value[:9]) {
		return 0
	}
	// The prefix 80840 adds 24 to the sum.
	var full [15]byte
	copy(full[:], "80840")
	copy(full[5:], c.Value)
	if !luhn(full[:]) {
		return 0
	}
	return 0.35
}

func usMBI(c *Candidate) float64 {
	for _, b := range c.Value {
		switch b {
		case 'S', 'L', 'O', 'I', 'B', 'Z':
			return 0
		}
	}
	if c.Value[0] == '0' {
		return 0
	}
	return c.plain(0.65)
}

func usDEA(c *Candidate) float64 {
	v := c.Value
	if letterAt(v, 1) == (len(v) == 9 && v[1] == '9') || !letterAt(v, 1) && v[1] != '9' {
		return 0
	}
	switch v[0] {
	case 'I', 'N', 'O', 'Q', 'V', 'W', 'Y', 'Z':
		return 0
	}
	if d := v[2:]; (weighted(d, 1, 0, 1, 0, 1)+2*weighted(d, 0, 1, 0, 1, 0, 1))%10 != int(d[6]-'0') || allEqual(d) {
		return 0
	}
	return c.printed(0.45)
}
