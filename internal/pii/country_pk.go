package pii

// Pakistan: computerised national identity card (NADRA): region, serial, sex.

func init() {
	national(nil, Detector{
		Name:    "pk_cnic",
		Context: []string{"cnic", "nicop", "nadra"},
		Formats: join(formats(pkCNIC, "D{5}-D{7}-D"), weak(pkCNIC, "D{13}")),
	})
}

func pkCNIC(c *Candidate) float64 {
	if r := c.D(0); r == 0 || r > 8 {
		return 0
	}
	return c.bySep(0.25, 0.25, 0.6)
}
