package pii

// Luxembourg: numéro d'identification national (law of 19 June 2013): date, serial, Luhn, Verhoeff.

func init() {
	national(inEU, Detector{
		Name:    "lu_nin",
		Context: []string{"matricule", "identification national", "cns"},
		Formats: formats(luNIN, "D{13}", "DDDD DD DD D{5}"),
	})
}

func luNIN(c *Candidate) float64 {
	v := c.Value
	var other [12]byte // the second check leaves the first one out
	copy(other[:], v[:11])
	other[11] = v[12]
	if !birthDate(num4(v, 0), num2(v, 4), num2(v, 6)) || !luhn(v[:12]) || !verhoeff(other[:]) {
		return 0
	}
	return 0.65
}
