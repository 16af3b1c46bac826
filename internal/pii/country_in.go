package pii

// India: Aadhaar (Verhoeff; https://uidai.gov.in), PAN (Income-tax Rules 114), GSTIN (CGST Rules 10),
// voter's card (EPIC), passports, vehicle registrations.

func init() {
	national(nil,
		Detector{
			Name: "in_aadhaar", trigger: onColons,
			Context: []string{"aadhaar", "aadhar", "adhaar", "uidai", "आधार"},
			Formats: join(formats(inAadhaar, "DDDD~DDDD~DDDD"), likely(inAadhaar, "D{12}")),
		},
		Detector{
			Name:    "in_pan",
			Context: []string{"pan$", "pan card", "permanent account"},
			Formats: formats(inPAN, "L{5}D{4}L"),
		},
		Detector{
			Name:    "in_gstin",
			Context: []string{"gstin", "gst", "gst registration"},
			Formats: formats(inGSTIN, "DDL{5}D{4}LALA"),
		},
		Detector{Name: "in_voter", Context: []string{"voter", "epic", "vote$", "election"}, Formats: weak(passedAlone, "LLLD{7}", "LLL D{7}")},
		Detector{Name: "in_passport", Context: []string{"passport", "पासपोर्ट"}, Formats: weak(passed, "LD{7}", "L D{7}")},
		Detector{
			Name:    "in_vehicle_registration",
			Context: []string{"vehicle", "registration", "number plate", "bike"},
			Formats: join(formats(inVehicle, "LLDDLLD{4}", "LLDDLD{4}", "LL~DD~LL~D{4}", "LL~DD~L~D{4}", "LLDD LL D{4}"), likely(inVehicle, "LLD{4}")),
		},
	)
}

func inAadhaar(c *Candidate) float64 {
	if c.Value[0] < '2' || !verhoeff(c.Value) {
		return 0
	}
	if c.inRow() {
		return 0.3
	}
	return c.bySep(0.4, 0.5, 0.5)
}

func inPAN(c *Candidate) float64 {
	// The fourth letter is the holder's kind.
	if indexByte("ABCFGHJLPT", c.Value[3]) < 0 {
		return c.printed(0.3)
	}
	return c.printed(0.6)
}

func inGSTIN(c *Candidate) float64 {
	v := c.Value
	if state := num2(v, 0); state < 1 || state > 38 && state != 97 && state != 99 || v[13] != 'Z' {
		return 0
	}
	sum := 0
	for i, b := range v[:14] {
		p := index36(b) * (1 + i&1)
		sum += p/36 + p%36
	}
	if "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(36-sum%36)%36] != v[14] {
		return 0
	}
	return 0.85
}

// inVehicle: the states' letters.
func inVehicle(c *Candidate) float64 {
	const states = "ANAPARASBRCGCHDDDLDNGAGJHPHRJHJKKAKLLALDMHMLMNMPMZNLODORPBPYRJSKTGTNTRTSUKUPWB"
	for i := 0; i < len(states); i += 2 {
		if states[i] == c.Value[0] && states[i+1] == c.Value[1] {
			return c.printed(0.5)
		}
	}
	return 0
}

var aadhaarID = idOf("in_aadhaar")

// colonGroups handles the first colon of DDDD:DDDD:DDDD, a way in which Aadhaar numbers are written.
func (w *Worker) colonGroups(at int) {
	s := w.text
	start, end := at-4, at+10
	if start < 0 || end > len(s) || s[at+5] != ':' || !w.s.on.has(aadhaarID()) || !allDigits(s[start:at]) ||
		!allDigits(s[at+1:at+5]) || !allDigits(s[at+6:end]) || !freeBefore(s, start) || !freeAfter(s, end) ||
		start > 0 && s[start-1] == ':' && !afterName(s, start) || end < len(s) && s[end] == ':' {
		return
	}
	v := append(w.value[:0], s[start:at]...)
	v = append(v, s[at+1:at+5]...)
	v = append(v, s[at+6:end]...)
	w.value = v
	if v[0] >= '2' && verhoeff(v) {
		w.report(aadhaarID(), start, end, 0.5)
	}
}
