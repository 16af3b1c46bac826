package pii

// Romania: cod numeric personal (Law 105/1996): sex and century, date, county, serial, check.

func init() {
	national(inEU, Detector{
		Name:    "ro_cnp",
		Context: []string{"cnp", "cod numeric", "cod numeric personal"},
		Formats: formats(roCNP, "D{13}"),
	})
}

func roCNP(c *Candidate) float64 {
	v := c.Value
	k := weighted(v, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if k == 10 {
		k = 1
	}
	if v[0] == '0' || k != c.D(12) {
		return 0
	}
	year := [10]int{0, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900}[c.D(0)] + num2(v, 1)
	county := num2(v, 7)
	if !birthDate(year, num2(v, 3), num2(v, 5)) || county == 0 || county > 52 && county != 70 && (county < 80 || county > 83) {
		return 0
	}
	return 0.5
}
