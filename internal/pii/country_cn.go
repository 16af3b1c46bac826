package pii

// China: citizen identification number (GB 11643-1999, ISO 7064 MOD 11-2), passports.

func init() {
	national(nil,
		Detector{
			Name:    "cn_resident_id",
			Context: []string{"身份证", "身份證", "身份证号", "公民身份", "resident id", "shenfenzheng", "id card"},
			Formats: join(formats(cnID, "D{18}", "D{17}L"), weak(cnOld, "D{15}")),
		},
		Detector{Name: "cn_passport", Context: []string{"护照", "passport"}, Formats: weak(passed, "LD{8}", "LLD{7}")},
	)
}

func cnID(c *Candidate) float64 {
	v := c.Value
	if !cnArea(v) || !birthDate(num4(v, 6), num2(v, 10), num2(v, 12)) {
		return 0
	}
	if "10X98765432"[weighted(v, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11] != v[17] {
		return 0
	}
	return 0.8
}

// cnArea: the provinces of GB/T 2260.
func cnArea(v []byte) bool {
	p := num2(v, 0)
	return p >= 11 && p <= 15 || p >= 21 && p <= 23 || p >= 31 && p <= 37 || p >= 41 && p <= 46 ||
		p >= 50 && p <= 54 || p >= 61 && p <= 65 || p == 71 || p == 81 || p == 82 || p == 83 || p == 91
}

// cnOld is the form of numbers until 1999.
func cnOld(c *Candidate) float64 {
	if v := c.Value; !cnArea(v) || !validDate(1900+num2(v, 6), num2(v, 8), num2(v, 10)) {
		return 0
	}
	return 0.3
}
