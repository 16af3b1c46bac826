package pii

// IBAN: ISO 13616, the SWIFT IBAN registry (lengths and structures by country), check by ISO 7064.

var ibanID = func() int {
	register(Detector{
		Name: "iban", Groups: []string{"payment"}, Default: true, trigger: onIBAN,
		Context: []string{"iban", "account", "acct", "konto", "compte", "cuenta", "계좌"},
	})
	return find("iban").id
}()

// ibanLengths: country, length, and "a" where the registry allows letters in the BBAN.
const ibanLengths = "AD24a AE23 AL28a AT20 AZ28a BA20 BE16 BG22a BH22a BI27 BR29a BY28a CH21a CR22 CY28a CZ24 DE22 DJ27 DK18 DO28a " +
	"EE20 EG29 ES24 FI18 FK18a FO18 FR27a GB22a GE22a GI23a GL18 GR27a GT28a HN28a HR21 HU28 IE22a IL23 IQ23a IS26 IT27a " +
	"JO30a KW30a KZ20a LB28a LC32a LI21a LT20 LU20a LV21a LY25 MC27a MD24a ME22 MK19a MN20 MR27 MT31a MU30a NI28a NL18a NO15 " +
	"OM23a PK24a PL28 PS29a PT25 QA29a RO24a RS22 RU33a SA24a SC31a SD18 SE24 SI19 SK24 SM27a SO23 ST25 SV28a TL23 TN24 TR26a " +
	"UA29a VA22 VG24a XK20 YE30a"

type ibanCountry struct {
	n       uint8
	letters bool
}

var ibanCountries = func() (t [26 * 26]ibanCountry) {
	for i := 0; i+4 <= len(ibanLengths); i++ {
		c := ibanLengths[i:]
		e := ibanCountry{n: (c[2]-'0')*10 + c[3] - '0'}
		i += 4
		if i < len(ibanLengths) && ibanLengths[i] == 'a' {
			e.letters = true
			i++
		}
		t[int(c[0]-'A')*26+int(c[1]-'A')] = e
	}
	return t
}()

// iban handles two letters and two digits at the beginning of a word.
func (w *Worker) iban(at int) {
	s := w.text
	country := ibanCountries[int(lower[s[at]]-'a')*26+int(lower[s[at+1]]-'a')]
	if country.n == 0 || !freeBefore(s, at) {
		return
	}
	var v [34]byte
	n, i := 0, at
	capitals := s[at] < 'a' // one case throughout
	var sep byte
	shift := 0 // of the first group, which may hold six signs
	for ; i < len(s) && n < int(country.n); i++ {
		c := s[i]
		kind := isAlnum[c]
		if kind == 0 {
			// Groups of four with one kind of separator, the first one of four or six signs.
			if sep == 0 && n == 6 {
				shift = 2
			}
			if (n-shift)%4 != 0 || n == 0 || i+1 >= len(s) || isAlnum[s[i+1]] == 0 || c != ' ' && c != '-' || sep != 0 && c != sep || sep == 0 && n != 4+shift {
				return
			}
			sep = c
			continue
		}
		if sep == 0 || (n-shift)%4 != 0 || isAlnum[s[i-1]] == 0 {
			if kind == 2 {
				if n >= 4 && !country.letters || c < 'a' != capitals {
					return
				}
				c = lower[c] - 32
			}
			v[n] = c
			n++
			continue
		}
		return // a separator is missing where the groups before had one
	}
	if n < int(country.n) || !freeAfter(s, i) {
		return
	}
	if check := num2(v[:], 2); check < 2 || check > 98 {
		return
	}
	if mod97(v[4:n], v[:4]) != 1 {
		return
	}
	w.add(ibanID, at, i, 0.9)
}
