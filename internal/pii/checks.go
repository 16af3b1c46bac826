package pii

// Check routines by the names that the standards use. They take the candidate's value: digits, and
// letters in upper case. Places count from 0.

// luhn is ISO/IEC 7812-1 annex B.
func luhn(v []byte) bool {
	sum, double := 0, false
	for i := len(v) - 1; i >= 0; i-- {
		d := int(v[i] - '0')
		if d > 9 {
			return false
		}
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum%10 == 0
}

// weighted returns the sum of the digits of v times the weights.
func weighted(v []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(v[i]-'0') * w
	}
	return sum
}

// mod97 is ISO 7064 MOD 97-10 over digits and upper-case letters; valid numbers give 1.
func mod97(parts ...[]byte) int {
	r := 0
	for _, v := range parts {
		for _, c := range v {
			if c >= 'A' {
				r = (r*100 + int(c-'A') + 10) % 97
			} else {
				r = (r*10 + int(c-'0')) % 97
			}
		}
	}
	return r
}

// mod11_10 is ISO 7064 MOD 11,10; the last digit is the check.
func mod11_10(v []byte) bool {
	p := 10
	for _, c := range v[:len(v)-1] {
		s := (int(c-'0') + p) % 10
		if s == 0 {
			s = 10
		}
		p = 2 * s % 11
	}
	return (11-p)%10 == int(v[len(v)-1]-'0')
}

// verhoeff is the check of the dihedral group D5 (J. Verhoeff, 1969).
func verhoeff(v []byte) bool {
	c := byte('0')
	for i := range v {
		d := v[len(v)-1-i] - '0'
		if d > 9 {
			return false
		}
		c = verhoeffD[c-'0'][verhoeffP[i%8][d]-'0']
	}
	return c == '0'
}

var (
	verhoeffD = [10]string{
		"0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
		"5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
	}
	verhoeffP = [8]string{
		"0123456789", "1576283094", "5803796142", "8916043527",
		"9453126870", "4286573901", "2793806415", "7046913258",
	}
)

// validDate tells whether the day exists in the proleptic Gregorian calendar.
func validDate(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

// birthDate is validDate between 1850 and today's year.
func birthDate(year, month, day int) bool {
	return year >= 1850 && year <= thisYear && validDate(year, month, day)
}

// num2 and num4 read decimal places of a value.
func num2(v []byte, i int) int { return int(v[i]-'0')*10 + int(v[i+1]-'0') }
func num4(v []byte, i int) int { return num2(v, i)*100 + num2(v, i+2) }

// allEqual tells whether all bytes are the same.
func allEqual(v []byte) bool {
	for _, c := range v {
		if c != v[0] {
			return false
		}
	}
	return true
}

// index36 is the value of a digit or letter in base 36.
func index36(c byte) int {
	if c >= 'A' {
		return int(c-'A') + 10
	}
	return int(c - '0')
}
