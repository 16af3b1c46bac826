package pii

// Belgium: national register number (royal decree of 3 April 1984): birth, serial, 97 minus the rest.

func init() {
	national(inEU, Detector{
		Name:    "be_national",
		Context: []string{"rijksregister", "rijksregisternummer", "registre national", "national register", "niss", "insz", "rrn", "nrn"},
		Formats: formats(beNational, "DD.DD.DD-DDD.DD", "DD~DD~DD~DDD~DD", "D{6}-DDD.DD", "D{6}~DDD~DD", "D{6} DDD.DD", "D{11}"),
	})
}

func beNational(c *Candidate) float64 {
	v := c.Value
	// Numbers of those without a register entry have a month of +20 or +40.
	if m := num2(v, 2) % 20; m > 12 || num2(v, 2) > 52 || num2(v, 4) > 31 {
		return 0
	}
	n, k := number(v, 0, 9), number(v, 9, 11)
	if 97-n%97 != k && 97-(2000000000+n)%97 != k {
		return 0
	}
	if c.Sep == 0 {
		return 0.55
	}
	return 0.8
}
