package pii

// Hungary: TAJ (social security) and the tax identification sign of Act XX of 1996.

func init() {
	national(inEU,
		Detector{Name: "hu_taj", Context: []string{"taj", "taj szam", "taj szám"}, Formats: weak(huTAJ, "D{9}", "DDD~DDD~DDD")},
		Detector{Name: "hu_tax", Context: []string{"adoazonosito", "adóazonosító", "ado azonosito"}, Formats: likely(huTax, "D{10}")},
	)
}

func huTAJ(c *Candidate) float64 {
	if weighted(c.Value, 3, 7, 3, 7, 3, 7, 3, 7)%10 != c.D(8) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func huTax(c *Candidate) float64 {
	if c.Value[0] != '8' || weighted(c.Value, 1, 2, 3, 4, 5, 6, 7, 8, 9)%11 != c.D(9) {
		return 0
	}
	return 0.45
}
