package pii

// Switzerland: AHV number (AHVV article 133, EAN-13 check behind 756).

func init() {
	national(nil, Detector{
		Name:    "ch_ahv",
		Context: []string{"ahv", "avs", "ahvn13", "navs13", "sozialversicherungsnummer"},
		Formats: formats(chAHV, "DDD~DDDD~DDDD~DD", "D{13}"),
	})
}

func chAHV(c *Candidate) float64 {
	v := c.Value
	if number(v, 0, 3) != 756 || alternating(v)%10 != 0 {
		return 0
	}
	return c.bySep(0.65, 0.85, 0.85)
}
