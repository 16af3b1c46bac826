package pii

// Nigeria: national identification number (11 digits, Verhoeff) and vehicle registrations. Egypt: national
// identity number (century, date, governorate).

func init() {
	national(nil,
		Detector{Name: "ng_nin", Context: []string{"nin$", "nimc", "national identification", "nigeria"}, Formats: weak(ngNIN, "D{11}")},
		Detector{Name: "ng_vehicle_registration", Context: []string{"vehicle", "plate", "registration"}, Formats: join(weak(fixed(0.3), "LLL-DDDLL"), weak(passed, "LLLDDDLL"))},
	)
	national(nil, Detector{
		Name:    "eg_id",
		Context: []string{"الرقم القومي", "egypt", "egyptian", "national id"},
		Formats: formats(egID, "D{14}"),
	})
}

func ngNIN(c *Candidate) float64 {
	if !verhoeff(c.Value) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func egID(c *Candidate) float64 {
	v := c.Value
	if v[0] != '2' && v[0] != '3' || !birthDate(1700+100*c.D(0)+num2(v, 1), num2(v, 3), num2(v, 5)) {
		return 0
	}
	if g := num2(v, 7); g < 1 || g > 4 && g < 11 || g > 19 && g < 21 || g > 29 && g < 31 || g > 35 && g != 88 {
		return 0
	}
	return 0.4
}
