package pii

// Netherlands: burgerservicenummer (elfproef, Wet algemene bepalingen burgerservicenummer), passports and
// identity cards.

func init() {
	national(inEU,
		Detector{
			Name:    "nl_bsn",
			Context: []string{"bsn", "burgerservice", "burgerservicenummer", "sofi", "sofinummer"},
			Formats: weak(nlBSN, "D{9}", "DDDD~DD~DDD", "DDD~DDD~DDD"),
		},
		Detector{Name: "nl_passport", Context: []string{"paspoort", "paspoortnummer", "passport", "identiteitskaart"}, Formats: weak(passed, "LLAAAAAAD")},
	)
}

func nlBSN(c *Candidate) float64 {
	if weighted(c.Value, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 != 0 || allEqual(c.Value) {
		return 0
	}
	return 0.35
}
