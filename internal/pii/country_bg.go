package pii

// Bulgaria: uniform civil number (Civil Registration Act, article 11); months +20 for 18xx, +40 for 20xx.

func init() {
	national(inEU, Detector{
		Name:    "bg_egn",
		Context: []string{"egn", "егн", "единен граждански номер"},
		Formats: likely(bgEGN, "D{10}"),
	})
}

func bgEGN(c *Candidate) float64 {
	v := c.Value
	month, year := num2(v, 2), 1900
	switch {
	case month > 40:
		month, year = month-40, 2000
	case month > 20:
		month, year = month-20, 1800
	}
	if !validDate(year+num2(v, 0), month, num2(v, 4)) || weighted(v, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 != c.D(9) {
		return 0
	}
	return 0.45
}
