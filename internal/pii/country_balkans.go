package pii

// Croatia: OIB (Act on the Personal Identification Number, ISO 7064 MOD 11,10). Slovenia: EMŠO; the same
// number (JMBG) is kept in Serbia, Bosnia and Herzegovina, Montenegro and North Macedonia.

func init() {
	national(inEU, Detector{
		Name:    "hr_oib",
		Context: []string{"oib", "osobni identifikacijski broj"},
		Formats: weak(hrOIB, "D{11}"),
	})
	national([]string{"eu", "rs", "ba", "me", "mk"}, Detector{
		Name:    "si_emso",
		Context: []string{"emso", "emšo", "jmbg", "maticni broj", "matični broj"},
		Formats: formats(siEMSO, "D{13}", "DD-DD-DDD-DD-DDD-D"),
	})
}

func hrOIB(c *Candidate) float64 {
	if !mod11_10(c.Value) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func siEMSO(c *Candidate) float64 {
	if !emso(c.Value) {
		return 0
	}
	return 0.5
}
