package pii

// Devices, SIM cards, vehicles: 3GPP TS 23.003 (IMEI, IMSI), ITU-T E.118 (ICCID), ISO 3779 (VIN).

func init() {
	register(
		Detector{
			Name: "imei", Groups: []string{"contact", "device"},
			Context: []string{"imei", "imeisv", "device id"}, Formats: weak(imeiCheck, "D{15}", "DD-DDDDDD-DDDDDD-D", "DD DDDDDD DDDDDD D"),
		},
		Detector{
			Name: "imsi", Groups: []string{"contact", "device"},
			Context: []string{"imsi", "subscriber id"}, Formats: weak(imsiCheck, "D{14,15}"),
		},
		Detector{
			Name: "iccid", Groups: []string{"contact", "device"},
			Context: []string{"iccid", "sim", "sim card"}, Formats: likely(iccidCheck, "D{19,20}"),
		},
		Detector{
			Name: "vin", Groups: []string{"device"},
			Context: []string{"vin", "vehicle", "vehicle identification", "chassis"}, Formats: formats(vinCheck, "A{17}"),
		},
	)
}

func imeiCheck(c *Candidate) float64 {
	if !luhn(c.Value) || allEqual(c.Value) || c.Value[0] == '0' && c.Value[1] == '0' && c.Value[2] == '0' {
		return 0
	}
	return 0.35
}

func imsiCheck(c *Candidate) float64 {
	if mcc := c.D(0)*100 + num2(c.Value, 1); mcc < 200 || mcc > 799 || mcc == 300 {
		return 0
	}
	return 0.25
}

func iccidCheck(c *Candidate) float64 {
	if num2(c.Value, 0) != 89 || !luhn(c.Value) {
		return 0
	}
	return 0.45
}

// vinCheck: no I, O, Q; the check at place 9 is that of North America (49 CFR 565.15), others need a word.
func vinCheck(c *Candidate) float64 {
	const weights = "\x08\x07\x06\x05\x04\x03\x02\x0a\x00\x09\x08\x07\x06\x05\x04\x03\x02"
	const values = "\x01\x02\x03\x04\x05\x06\x07\x08\x00\x01\x02\x03\x04\x05\x00\x07\x00\x09\x02\x03\x04\x05\x06\x07\x08\x09"
	v := c.Value
	sum, letters, digits := 0, 0, 0
	for i, b := range v {
		switch {
		case b == 'I' || b == 'O' || b == 'Q':
			return 0
		case b >= 'A':
			letters++
			sum += int(values[b-'A']) * int(weights[i])
		default:
			digits++
			sum += int(b-'0') * int(weights[i])
		}
	}
	if letters < 3 || digits < 4 || isAlnum[v[14]] != 1 || isAlnum[v[15]] != 1 || isAlnum[v[16]] != 1 {
		return 0
	}
	want := byte('0' + sum%11)
	if sum%11 == 10 {
		want = 'X'
	}
	if v[8] == want && c.Text[c.Start:c.End] == string(v) {
		if hexOnly(string(v)) {
			return 0.35
		}
		return 0.55
	}
	return 0.3
}
