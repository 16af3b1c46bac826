package pii

// VAT identification numbers of the European Union: country prefix and the form of Directive 2006/112/EC
// article 215, see https://ec.europa.eu/taxation_customs/vies. Germany, Austria, France, Italy, Belgium,
// Poland, Portugal and the Netherlands (until 2019) by their check, the others by length.

func init() {
	vat := []string{"vat", "vat id", "vat number", "vatin", "ust id", "ust idnr", "umsatzsteuer", "tva", "iva", "btw", "moms", "partita iva", "nip"}
	national(inEU,
		Detector{Name: "de_vat", Context: vat, Formats: formats(euVAT("DE"), "LLD{9}", "LL DDD DDD DDD", "LL D{9}")},
		Detector{Name: "at_vat", Context: vat, Formats: formats(euVAT("AT"), "LLLD{8}", "LLL D{8}", "LL LD{8}")},
		Detector{Name: "fr_vat", Context: vat, Formats: formats(euVAT("FR"), "LLD{11}", "LL DD DDD DDD DDD", "LL DD D{9}")},
		Detector{
			Name: "eu_vat", Context: vat,
			Formats: formats(euVAT(""), "LLD{8,12}", "LL D{8,12}", "LLDDDLDDDDDLDD", "LLD{9}LDD", "LLD{8}L", "LLD{7}L", "LLD{7}LL", "LLLD{7}L", "LLLD{8}", "LL DDDD.DDD.DDD", "LL DDDD DDD DDD"),
		},
	)
}

func euVAT(country string) func(*Candidate) float64 {
	return func(c *Candidate) float64 {
		p, d := string(c.Value[:2]), c.Value[2:]
		if country != "" && p != country || country == "" && (p == "DE" || p == "AT" || p == "FR") {
			return 0
		}
		valid, checked := vatNumber(p, d)
		switch {
		case !valid:
			return 0
		case checked && c.upper():
			return 0.65
		case checked:
			return 0.5
		}
		return 0.3
	}
}

// vatNumber tells whether d is a VAT number of the country, and whether a check digit says so.
func vatNumber(country string, d []byte) (valid, checked bool) {
	n, digits := len(d), true
	for _, b := range d {
		digits = digits && b <= '9'
	}
	if country == "AT" {
		if n != 9 || d[0] != 'U' {
			return false, false
		}
		sum := 0
		for i := 1; i < 8; i++ {
			k := int(d[i]-'0') * (2 - i&1)
			sum += k/10 + k%10
		}
		return (96-sum)%10 == int(d[8]-'0'), true
	}
	if country == "NL" && n == 12 {
		return d[9] == 'B', false
	}
	if !digits {
		return n == 9 && (country == "ES" || country == "IE" || country == "CY") || n == 8 && country == "IE", false
	}
	switch country {
	case "DE":
		return n == 9 && d[0] != '0' && mod11_10(d), true
	case "FR":
		return n == 11 && (12+3*(number(d, 2, 11)%97))%97 == num2(d, 0), true
	case "IT":
		return n == 11 && luhn(d) && !allEqual(d), true
	case "BE":
		return n == 10 && d[0] <= '1' && 97-number(d, 0, 8)%97 == num2(d, 8), true
	case "PL":
		return n == 10 && weighted(d, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == int(d[9]-'0'), true
	case "PT":
		return n == 9 && ptCheck(d), true
	case "HR":
		return n == 11 && mod11_10(d), true
	case "SE":
		return n == 12 && d[10] == '0' && luhn(d[:10]), true
	case "DK", "FI", "HU", "LU", "MT", "SI":
		return n == 8, false
	case "EL", "EE":
		return n == 9, false
	case "SK":
		return n == 10 && number(d, 0, 10)%11 == 0, true
	case "CZ":
		return n >= 8 && n <= 10, false
	case "BG":
		return n == 9 || n == 10, false
	case "LV":
		return n == 11, false
	case "LT":
		return n == 9 || n == 12, false
	}
	return false, false
}
