package pii

// Austria: social insurance number (section 31 ASVG): serial, check, date of birth.

func init() {
	national(inEU, Detector{
		Name:    "at_svnr",
		Context: []string{"svnr", "sv nummer", "sozialversicherung", "sozialversicherungsnummer", "svn"},
		Formats: join(formats(atSVNR, "DDDD~D{6}"), likely(atSVNR, "D{10}")),
	})
}

func atSVNR(c *Candidate) float64 {
	v := c.Value
	// The month 13 and above stands for births whose day is full.
	if m := num2(v, 6); v[0] == '0' || m < 1 || m > 15 || num2(v, 4) < 1 || num2(v, 4) > 31 {
		return 0
	}
	if weighted(v, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6)%11 != c.D(3) {
		return 0
	}
	return c.bySep(0.4, 0.55, 0.55)
}
