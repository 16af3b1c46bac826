package pii

// Israel (identity number, Luhn), United Arab Emirates (Emirates ID: 784, year, serial, Luhn), Saudi Arabia
// (national identity and iqama, Luhn).

func init() {
	national(nil, Detector{
		Name:    "il_id",
		Context: []string{"תעודת זהות", "מספר זהות", "teudat zehut", "israel", "israeli id"},
		Formats: weak(luhnOnly(0.35), "D{9}", "D{8}-D"),
	})
	national(nil, Detector{
		Name:    "ae_id",
		Context: []string{"emirates id", "eid", "uae"},
		Formats: formats(aeID, "DDD~DDDD~D{7}~D", "D{15}"),
	})
	national(nil, Detector{
		Name:    "sa_id",
		Context: []string{"iqama", "saudi", "الهوية", "الإقامة", "absher"},
		Formats: weak(saID, "D{10}"),
	})
}

func aeID(c *Candidate) float64 {
	if v := c.Value; number(v, 0, 3) != 784 || num4(v, 3) < 1900 || num4(v, 3) > thisYear || !luhn(v) {
		return 0
	}
	return c.bySep(0.65, 0.8, 0.85)
}

func saID(c *Candidate) float64 {
	if c.Value[0] != '1' && c.Value[0] != '2' || !luhn(c.Value) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}
