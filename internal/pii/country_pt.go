package pii

// Portugal: número de identificação fiscal (Decreto-Lei 14/2013), cartão de cidadão.

func init() {
	national(inEU,
		Detector{
			Name:    "pt_nif",
			Context: []string{"nif", "contribuinte", "nipc", "numero fiscal"},
			Formats: weak(ptNIF, "D{9}", "DDD~DDD~DDD"),
		},
		Detector{
			Name:    "pt_citizen_card",
			Context: []string{"cartao de cidadao", "cartão de cidadão", "cidadao", "cidadão", "bilhete"},
			Formats: likely(ptCard, "D{9}LLD", "D{9}LDD", "D{10}LD", "D{8} D AAD", "D{8}-D-AAD"),
		},
	)
}

func ptNIF(c *Candidate) float64 {
	if !ptCheck(c.Value) {
		return 0
	}
	return 0.35
}

func ptCheck(v []byte) bool {
	k := mod11Minus(v, 9, 8, 7, 6, 5, 4, 3, 2)
	if k >= 10 {
		k = 0
	}
	return v[0] != '0' && k == int(v[8]-'0') && !allEqual(v)
}

// ptCard: every second sign from the right counts twice, letters from 10.
func ptCard(c *Candidate) float64 {
	sum := 0
	for i, b := range c.Value {
		k := index36(b)
		if i&1 == 0 {
			if k *= 2; k > 9 {
				k -= 9
			}
		}
		sum += k
	}
	if sum%10 != 0 {
		return 0
	}
	return 0.45
}
