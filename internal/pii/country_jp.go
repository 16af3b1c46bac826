package pii

// Japan: individual number (My Number, ministerial ordinance 85 of 2014, article 5), corporate number
// (ministerial ordinance 70 of 2014), passports, driver's licences.

func init() {
	national(nil,
		Detector{
			Name:    "jp_my_number",
			Context: []string{"マイナンバー", "個人番号", "my number", "mynumber", "individual number"},
			Formats: join(formats(jpMyNumber, "DDDD~DDDD~DDDD"), weak(jpMyNumber, "D{12}")),
		},
		Detector{
			Name:    "jp_corporate",
			Context: []string{"法人番号", "corporate number", "houjin", "インボイス"},
			Formats: weak(jpCorporate, "D{13}", "LD{13}", "D-DDDD-DDDD-DDDD"),
		},
		Detector{Name: "jp_passport", Context: []string{"パスポート", "旅券", "passport"}, Formats: weak(passed, "LLD{7}")},
		Detector{
			Name:    "jp_driver_license",
			Context: []string{"運転免許", "免許証", "driver", "license", "licence"},
			Formats: weak(passed, "D{12}"),
		},
	)
}

func jpMyNumber(c *Candidate) float64 {
	k := mod11Minus(c.Value, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	if k >= 10 {
		k = 0
	}
	if k != c.D(11) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

var jpCorporateID = idOf("jp_corporate")

func jpCorporate(c *Candidate) float64 {
	v := c.Value
	if letterAt(v, 0) {
		if v[0] != 'T' { // the number of an invoice issuer
			return 0
		}
		v = v[1:]
	}
	if 9-weighted(v, 0, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)%9 != int(v[0]-'0') || allEqual(v) {
		return 0
	}
	return 0.35
}
