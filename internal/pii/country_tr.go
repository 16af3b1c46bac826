package pii

// Türkiye: T.C. identity number (Law 5490): two check digits; licence plates.

func init() {
	national(nil,
		Detector{
			Name: "tr_tckn", Keys: []string{"tr national id"}, KeyCheck: never,
			Context: []string{"tckn", "tc kimlik", "kimlik", "tc no", "turkish id", "tr national id"},
			Formats: formats(trTCKN, "D{11}"),
		},
		Detector{
			Name: "tr_license_plate",
			Keys: []string{"plaka", "license plate", "licence plate", "number plate", "plate number", "tr license plate"}, KeyCheck: func(v string) bool { return len(v) > 4 && hasDigit(v) },
			Context: []string{"plaka", "plate", "license plate", "licence plate"},
			Formats: weak(trPlate, "DD L D{4,5}", "DD LL D{3,4}", "DD LLL D{2,4}", "DD L DDD", "DDLDDDD", "DDLLDDD", "DDLLDDDD", "DDLLLDD", "DDLLLDDD"),
		},
	)
}

func trTCKN(c *Candidate) float64 {
	odd := c.D(0) + c.D(2) + c.D(4) + c.D(6) + c.D(8)
	even := c.D(1) + c.D(3) + c.D(5) + c.D(7)
	if c.Value[0] == '0' || (7*odd-even+90)%10 != c.D(9) || (odd+even+c.D(9))%10 != c.D(10) {
		return 0
	}
	return 0.55
}

func trPlate(c *Candidate) float64 {
	if p := num2(c.Value, 0); p < 1 || p > 81 {
		return 0
	}
	return 0.35
}
