package grouping

// ibanLengths lists the countries of the IBAN registry (ISO 13616) with the length of their numbers.
const ibanLengths = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27" +
	"GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20" +
	"MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30"

// iban returns the length of the account number in groups of four that s begins with, 0 = none. Its
// groups may be letters alone, which would otherwise be read as words.
func iban(s string) int {
	if len(s) < 15 || classes[s[0]]&cLetter == 0 || classes[s[1]]&cLetter == 0 || classes[s[2]]&cDigit == 0 ||
		classes[s[3]]&cDigit == 0 || s[4] != ' ' {
		return 0
	}
	want := 0
	for i := 0; i < len(ibanLengths); i += 4 {
		if ibanLengths[i]|0x20 == s[0]|0x20 && ibanLengths[i+1]|0x20 == s[1]|0x20 {
			want = int(ibanLengths[i+2]-'0')*10 + int(ibanLengths[i+3]-'0')
			break
		}
	}
	if want == 0 {
		return 0
	}
	got, i := 0, 0
	for ; i < len(s) && got < want; i++ {
		switch {
		case classes[s[i]]&cAlnum != 0:
			got++
		case s[i] == ' ' && got%4 == 0 && s[i-1] != ' ':
		default:
			return 0
		}
	}
	if got < want || i < len(s) && classes[s[i]]&cAlnum != 0 {
		return 0
	}
	return i
}
