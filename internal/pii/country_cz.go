package pii

// Czechia and Slovakia: birth number (Act 133/2000, section 13): month +50 for women, +20 and +70 where
// a day's numbers were used up; ten digits are divisible by 11.

func init() {
	national([]string{"eu", "sk"}, Detector{
		Name:    "cz_sk_birth",
		Context: []string{"rodne cislo", "rodné číslo", "rodnecislo", "birth number"},
		Formats: join(formats(czBirth, "D{6}/D{4}"), weak(czBirth, "D{6}/DDD", "D{9}"), likely(czBirth, "D{10}", "D{6}-DDDD")),
	})
}

func czBirth(c *Candidate) float64 {
	v := c.Value
	month := num2(v, 2) % 50
	if month > 20 {
		month -= 20
	}
	if !shortDate(num2(v, 0), month, num2(v, 4)) {
		return 0
	}
	if len(v) == 9 { // births before 1954
		if num2(v, 0) > 53 || v[6] == '0' && v[7] == '0' && v[8] == '0' {
			return 0
		}
		return 0.25
	}
	if k := number(v, 0, 9) % 11; k%10 != c.D(9) {
		return 0
	}
	return c.bySep(0.4, 0.4, 0.65)
}
