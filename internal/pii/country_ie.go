package pii

// Ireland: Personal Public Service number (https://www.gov.ie, Social Welfare Consolidation Act 2005,
// section 262), passports.

func init() {
	national(inEU,
		Detector{
			Name:    "ie_pps",
			Context: []string{"pps", "ppsn", "pps number", "personal public service"},
			Formats: formats(iePPS, "D{7}L", "D{7}LL", "D{7} L", "D{7} LL"),
		},
		Detector{Name: "ie_passport", Context: []string{"passport"}, Formats: weak(passed, "LLD{7}", "LD{8}")},
	)
}

func iePPS(c *Candidate) float64 {
	v := c.Value
	sum := weighted(v, 8, 7, 6, 5, 4, 3, 2)
	if len(v) == 9 {
		if v[8] > 'I' && v[8] != 'W' && v[8] != 'T' && v[8] != 'X' {
			return 0
		}
		if v[8] <= 'I' {
			sum += 9 * int(v[8]-'A'+1)
		}
	}
	if "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] != v[7] {
		return 0
	}
	return c.plain(c.bySep(0.5, 0.4, 0.5))
}
