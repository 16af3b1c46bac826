package pii

// Singapore: NRIC and FIN (National Registration Act; M series since 2022), unique entity numbers
// (https://www.uen.gov.sg).

func init() {
	national(nil,
		Detector{
			Name:    "sg_nric",
			Context: []string{"nric", "fin", "nric fin", "singapore"},
			Formats: formats(sgNRIC, "LD{7}L"),
		},
		Detector{
			Name:    "sg_uen",
			Context: []string{"uen", "unique entity"},
			Formats: formats(sgUEN, "D{8}L", "D{9}L", "LDDLLD{4}L"),
		},
	)
}

func sgNRIC(c *Candidate) float64 {
	v := c.Value
	sum, letters := weighted(v[1:], 2, 7, 6, 5, 4, 3, 2), ""
	switch v[0] {
	case 'S':
		letters = "JZIHGFEDCBA"
	case 'T':
		letters, sum = "JZIHGFEDCBA", sum+4
	case 'F':
		letters = "XWUTRQPNMLK"
	case 'G':
		letters, sum = "XWUTRQPNMLK", sum+4
	case 'M':
		letters, sum = "XWUTRQPNJLK", sum+3
	default:
		return 0
	}
	if letters[sum%11] != v[8] {
		return 0
	}
	return 0.65
}

func sgUEN(c *Candidate) float64 {
	v := c.Value
	switch {
	case len(v) == 9: // business
		if "XMKECAWLJDB"[weighted(v, 10, 4, 9, 3, 8, 2, 7, 1)%11] != v[8] {
			return 0
		}
	case digitAt(v, 0): // local company: year first
		if year := num4(v, 0); year < 1900 || year > thisYear || "ZKCMDNERGWH"[weighted(v, 10, 8, 6, 4, 9, 7, 5, 3, 1)%11] != v[9] {
			return 0
		}
	default:
		const alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
		sum := 0
		for i, w := range [...]int{4, 3, 5, 3, 10, 2, 2, 5, 7} {
			k := indexByte(alphabet, v[i])
			if k < 0 {
				return 0
			}
			sum += k * w
		}
		if v[0] != 'R' && v[0] != 'S' && v[0] != 'T' || alphabet[(sum+6)%11] != v[9] {
			return 0
		}
	}
	return c.printed(0.5)
}
