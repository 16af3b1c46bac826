package pii

// The national numbers of Finland (henkilötunnus, https://dvv.fi/en/personal-identity-code), Denmark
// (CPR; the check is not kept since 2007), Norway (fødselsnummer and D number, Skatteetaten) and Iceland
// (kennitala).

func init() {
	national(inEU, Detector{
		Name:    "fi_hetu",
		Context: []string{"hetu", "henkilötunnus", "henkilotunnus", "sotu", "personal identity code"},
		Formats: formats(fiHETU, "D{6}-DDDA", "D{6}+DDDA", "D{6}LDDDA"),
	})
	national(inEU, Detector{
		Name:    "dk_cpr",
		Context: []string{"cpr", "cpr nr", "cprnummer", "dansk personnummer"},
		Formats: likely(dkCPR, "D{6}-DDDD", "D{10}", "D{6} DDDD"),
	})
	national(nil, Detector{
		Name:    "no_fnr",
		Context: []string{"fodselsnummer", "fødselsnummer", "fnr", "personnummer", "d nummer"},
		Formats: formats(noFNR, "D{11}", "D{6} D{5}", "D{6}-D{5}"),
	})
	national(nil, Detector{
		Name:    "is_kennitala",
		Context: []string{"kennitala", "kt$"},
		Formats: join(formats(isKennitala, "D{6}-DDDD"), likely(isKennitala, "D{10}")),
	})
}

func fiHETU(c *Candidate) float64 {
	v := c.Value
	serial := 6
	century := 1900
	if c.Sep == '+' {
		century = 1800
	}
	if letterAt(v, 6) {
		serial = 7
		switch b := v[6]; {
		case b >= 'A' && b <= 'F':
			century = 2000
		case b < 'U' || b > 'Y':
			return 0
		}
	}
	if !birthDate(century+num2(v, 4), num2(v, 2), num2(v, 0)) || number(v, serial, serial+3) < 2 {
		return 0
	}
	n := number(v, 0, 6)*1000 + number(v, serial, serial+3)
	if "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31] != v[serial+3] {
		return 0
	}
	return 0.7
}

func dkCPR(c *Candidate) float64 {
	v := c.Value
	if !shortDate(num2(v, 4), num2(v, 2), num2(v, 0)) {
		return 0
	}
	if weighted(v, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 {
		return 0.4
	}
	return 0.25
}

func noFNR(c *Candidate) float64 {
	v := c.Value
	// Day +40: D number; month +40: synthetic persons of test registers, +80 those of Tenor.
	if !shortDate(num2(v, 4), num2(v, 2)%40, num2(v, 0)%40) {
		return 0
	}
	k1 := mod11Minus(v, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11
	k2 := mod11Minus(v, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	if k1 != c.D(9) || k2 != c.D(10) {
		return 0
	}
	return c.bySep(0.6, 0.7, 0.7)
}

func isKennitala(c *Candidate) float64 {
	v := c.Value
	if v[9] != '9' && v[9] != '0' && v[9] != '8' || !shortDate(num2(v, 4), num2(v, 2), num2(v, 0)%40) {
		return 0
	}
	if mod11Minus(v, 3, 2, 7, 6, 5, 4, 3, 2)%11 != c.D(8) {
		return 0
	}
	return c.bySep(0.4, 0.4, 0.5)
}
