package pii

// South Africa: identity number (Identification Act 68 of 1997): birth, serial, citizenship, Luhn.

func init() {
	national(nil, Detector{
		Name:    "za_id",
		Context: []string{"south african", "rsa id", "south africa", "id number", "identity number", "resident number"},
		Formats: formats(zaID, "D{13}", "D{6} DDDD DD D", "D{6} DDDD DDD"),
	})
}

func zaID(c *Candidate) float64 {
	v := c.Value
	if v[10] > '2' || !shortDate(num2(v, 0), num2(v, 2), num2(v, 4)) || !luhn(v) || number(v, 6, 10) == 0 && v[0] == '0' && v[1] == '0' {
		return 0
	}
	return c.bySep(0.5, 0.6, 0.6)
}
