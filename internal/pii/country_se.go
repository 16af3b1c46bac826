package pii

// Sweden: personnummer and samordningsnummer (Skatteverket, SKV 704 and SKV 707; day +60), organisation
// numbers (third digit 2 or more).

func init() {
	national(inEU,
		Detector{
			Name:    "se_personnummer",
			Context: []string{"personnummer", "personnr", "pnr", "samordningsnummer", "identity code", "identitetsnummer"},
			Formats: join(formats(seNumber, "D{6}-DDDD", "D{6}+DDDD", "D{8}-DDDD", "D{8}+DDDD", "D{12}"), likely(seNumber, "D{10}", "D{6} DDDD")),
		},
		Detector{
			Name:    "se_org",
			Context: []string{"organisationsnummer", "orgnr", "org nr", "organisation", "company identity"},
			Formats: join(formats(seOrg, "D{6}-DDDD"), weak(seOrg, "D{10}", "D{12}")),
		},
	)
}

func seNumber(c *Candidate) float64 {
	v := c.Value
	long := len(v) == 12
	if long {
		if p := num2(v, 0); p < 18 || p > 20 {
			return 0
		}
		v = v[2:]
	}
	day, month := num2(v, 4), num2(v, 2)
	if day >= 60 {
		day -= 60
		if month == 0 { // unknown, as day 60 is (SKV 707)
			month = 1
		}
		day = max(day, 1)
	}
	if !luhn(v) || !shortDate(num2(v, 0), month, day) || long && !birthDate(num4(c.Value, 0), month, day) {
		return 0
	}
	switch {
	case long && c.Sep == 0:
		return 0.5
	case long:
		return 0.75
	}
	return c.bySep(0.4, 0.4, 0.55)
}

func seOrg(c *Candidate) float64 {
	v := c.Value
	if len(v) == 12 {
		if num2(v, 0) != 16 {
			return 0
		}
		v = v[2:]
	}
	if v[2] < '2' || v[0] == '0' || v[0] == '4' || !luhn(v) {
		return 0
	}
	return c.bySep(0.3, 0.35, 0.5)
}
