package pii

// Thailand (identification number, check modulo 11), Indonesia (NIK: region, date with day +40 for women,
// serial), Malaysia (MyKad: date, place of birth), the Philippines (TIN, SSS, UMID), Vietnam (CCCD,
// circular 07/2016/TT-BCA: province, century and sex, year).

func init() {
	national(nil, Detector{
		Name:    "th_id",
		Context: []string{"ประชาชน", "เลขประจำตัว", "เลขบัตร", "thai id", "tnin", "citizen id", "thailand"},
		Formats: join(formats(thID, "D~DDDD~D{5}~DD~D"), weak(thID, "D{13}")),
	})
	national(nil, Detector{
		Name:    "id_nik",
		Context: []string{"nik", "ktp", "e ktp", "kependudukan"},
		Formats: weak(idNIK, "D{16}"),
	})
	national(nil, Detector{
		Name:    "my_mykad",
		Context: []string{"mykad", "nric", "kad pengenalan", "ic no", "ic number", "ic$"},
		Formats: join(formats(myKad, "D{6}-DD-DDDD"), weak(myKad, "D{12}")),
	})
	national(nil,
		Detector{Name: "ph_tin", Context: []string{"tin$", "taxpayer identification"}, Formats: join(likely(fixed(0.4), "DDD-DDD-DDD-DDD"), weak(passed, "DDD-DDD-DDD-D{5}", "DDD-DDD-DDD", "D{9}", "D{12}"))},
		Detector{Name: "ph_sss", Context: []string{"sss", "umid", "social security system"}, Formats: weak(passed, "DD-D{7}-D", "D{10}", "DDDD-D{7}-D", "D{12}")},
	)
	national(nil, Detector{
		Name:    "vn_cccd",
		Context: []string{"cccd", "cmnd", "căn cước", "can cuoc", "chứng minh nhân dân"},
		Formats: weak(vnCCCD, "D{12}", "D{9}"),
	})
}

func thID(c *Candidate) float64 {
	v := c.Value
	if v[0] == '0' || v[0] == '9' || mod11Minus(v, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%10 != c.D(12) {
		return 0
	}
	return c.bySep(0.35, 0.6, 0.8)
}

func idNIK(c *Candidate) float64 {
	v := c.Value
	if p := num2(v, 0); p < 11 || p > 94 || number(v, 12, 16) == 0 || num2(v, 2) == 0 || num2(v, 4) == 0 {
		return 0
	}
	if !shortDate(num2(v, 10), num2(v, 8), num2(v, 6)%40) || num2(v, 6) > 71 {
		return 0
	}
	return 0.25
}

func myKad(c *Candidate) float64 {
	v := c.Value
	place := num2(v, 6)
	if !shortDate(num2(v, 0), num2(v, 2), num2(v, 4)) || place == 0 || place >= 17 && place <= 20 || place == 69 || place == 70 || place == 73 || place == 80 || place == 81 || place >= 94 && place <= 97 {
		return 0
	}
	return c.bySep(0.35, 0.35, 0.6)
}

func vnCCCD(c *Candidate) float64 {
	if len(c.Value) == 12 && (num2(c.Value, 0) > 9 || c.D(0) != 0 || number(c.Value, 0, 3) == 0 || number(c.Value, 0, 3) > 96) {
		return 0
	}
	return 0.25
}
