package pii

// France: NIR (INSEE, decree 82-103), SIREN and SIRET (article R. 123-221 of the code de commerce), tax
// reference (SPI), passports, identity cards.

func init() {
	national(inEU,
		Detector{
			Name:    "fr_nir",
			Context: []string{"nir", "securite sociale", "sécurité sociale", "insee", "numero ss", "assure", "ssn$"},
			Formats: formats(frNIR, "D{15}", "D{13}~DD", "D~DD~DD~DD~DDD~DDD~DD", "D~DD~DD~D{5}~DDD~DD", "D~DD~DD~DA~DDD~DDD~DD", "D{6}LD{8}"),
		},
		Detector{
			Name:    "fr_siren",
			Context: []string{"siren", "entreprise", "rcs"},
			Formats: weak(luhnOnly(0.35), "D{9}", "DDD DDD DDD"),
		},
		Detector{
			Name:    "fr_siret",
			Context: []string{"siret", "etablissement", "établissement"},
			Formats: join(formats(frSIRET, "DDD DDD DDD DDDDD"), likely(frSIRET, "D{14}", "D{9} D{5}")),
		},
		Detector{
			Name:    "fr_nif",
			Context: []string{"nif", "numero fiscal", "numéro fiscal", "spi", "fiscal"},
			Formats: likely(frNIF, "D{13}", "DD DD DDD DDD DDD", "D DD DDD DDD DDD DDD"),
		},
		Detector{Name: "fr_passport", Context: []string{"passeport", "passport"}, Formats: weak(passed, "DDLLD{5}")},
		Detector{Name: "fr_id_card", Context: []string{"cni", "carte d identite", "carte d'identité", "carte nationale", "identité", "identity card"}, Formats: weak(passed, "D{12}", "LA{7}D")},
	)
}

func frNIR(c *Candidate) float64 {
	v := c.Value
	sex, month := c.D(0), num2(v, 3)
	if sex == 0 || sex == 5 || sex == 6 || sex == 9 || !(month >= 1 && month <= 12 || month >= 20 && month <= 42 || month >= 50) {
		return 0
	}
	var d [13]byte
	copy(d[:], v[:13])
	if letterAt(v, 6) {
		switch string(v[5:7]) {
		case "2A":
			d[5], d[6] = '1', '9'
		case "2B":
			d[5], d[6] = '1', '8'
		default:
			return 0
		}
	}
	if 97-number(d[:], 0, 13)%97 != num2(v, 13) {
		return 0
	}
	return c.bySep(0.65, 0.8, 0.8)
}

// luhnOnly is a check of the Luhn sum alone.
func luhnOnly(score float64) func(*Candidate) float64 {
	return func(c *Candidate) float64 {
		if allEqual(c.Value) || !luhn(c.Value) {
			return 0
		}
		return score
	}
}

// frSIRET: the first nine digits are a SIREN; La Poste's offices have sums of digits divisible by five.
func frSIRET(c *Candidate) float64 {
	v := c.Value
	sum := 0
	for i := range v {
		sum += c.D(i)
	}
	if allEqual(v) || !luhn(v[:9]) || !luhn(v) && (string(v[:9]) != "356000000" || sum%5 != 0) {
		return 0
	}
	return c.bySep(0.4, 0.5, 0.5)
}

func frNIF(c *Candidate) float64 {
	if len(c.Value) != 13 || c.D(0) > 3 || number(c.Value, 0, 10)%511 != number(c.Value, 10, 13) {
		return 0
	}
	return 0.4
}
