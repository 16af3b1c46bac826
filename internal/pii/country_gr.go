package pii

// Greece: AFM (tax, powers of two modulo 11), AMKA (social security, date and Luhn), identity cards.

func init() {
	national(inEU,
		Detector{
			Name:    "gr_afm",
			Context: []string{"afm", "αφμ", "α.φ.μ", "tin$"},
			Formats: weak(grAFM, "D{9}", "DDD~DDD~DDD"),
		},
		Detector{Name: "gr_amka", Context: []string{"amka", "αμκα", "α.μ.κ.α"}, Formats: formats(grAMKA, "D{11}", "D{6} D{5}")},
	)
}

func grAFM(c *Candidate) float64 {
	if weighted(c.Value, 256, 128, 64, 32, 16, 8, 4, 2)%11%10 != c.D(8) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func grAMKA(c *Candidate) float64 {
	if v := c.Value; !shortDate(num2(v, 4), num2(v, 2), num2(v, 0)) || !luhn(v) {
		return 0
	}
	return 0.5
}
