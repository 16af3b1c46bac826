package pii

// Canada: social insurance numbers (https://www.canada.ca/en/employment-social-development/services/sin),
// health cards of Ontario, British Columbia and Quebec, passports.

func init() {
	national(nil,
		Detector{
			Name:    "ca_sin",
			Context: []string{"sin", "social insurance", "nas"},
			Formats: join(formats(caSIN, "DDD~DDD~DDD"), weak(caSIN, "D{9}")),
		},
		Detector{
			Name:    "ca_health",
			Context: []string{"ohip", "health card", "health number", "phn", "ramq", "carte soleil", "assurance maladie"},
			Formats: weak(caHealth, "D{10}", "DDDD~DDD~DDD", "D{10}LL", "DDDD-DDD-DDD-LL", "DDDD DDD DDD LL", "LLLLD{8}", "LLLL DDDD DDDD"),
		},
		Detector{Name: "ca_passport", Context: []string{"passport", "passeport"}, Formats: weak(passed, "LLD{6}", "LD{6}LL")},
	)
}

func caSIN(c *Candidate) float64 {
	if c.Value[0] == '0' || c.Value[0] == '8' || allEqual(c.Value) || !luhn(c.Value) {
		return 0
	}
	return c.bySep(0.3, 0.5, 0.6)
}

func caHealth(c *Candidate) float64 {
	v := c.Value
	switch {
	case letterAt(v, 0): // Quebec: name, birth (month +50 for women), serial
		if m := num2(v, 6) % 50; m < 1 || m > 12 || num2(v, 8) < 1 || num2(v, 8) > 31 {
			return 0
		}
		return 0.35
	case v[0] == '9' && len(v) == 10 && mod11Minus(v[1:], 2, 4, 8, 5, 10, 9, 7, 3)%11 == c.D(9): // British Columbia
		return 0.35
	case luhn(v[:10]) && !allEqual(v[:10]): // Ontario
		return 0.35
	}
	return 0
}
