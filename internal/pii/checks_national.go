package pii

// Check routines that several countries share.

// mod11Minus returns 11 minus the weighted sum modulo 11: 1 to 11.
func mod11Minus(v []byte, weights ...int) int { return 11 - weighted(v, weights...)%11 }

// crossSums returns the sum of the cross sums of the products of digits and weights.
func crossSums(v []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		p := int(v[i]-'0') * w
		sum += p/10 + p%10
	}
	return sum
}

// baltic is the check of Estonian and Lithuanian personal codes.
func baltic(v []byte) bool {
	k := weighted(v, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
	if k == 10 {
		k = weighted(v, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
	}
	return k == int(v[10]-'0')
}

// mrz is the check of machine-readable documents, ICAO Doc 9303 part 3: weights 7 3 1, letters from 10.
func mrz(v []byte) int {
	sum := 0
	for i, c := range v {
		sum += index36(c) * [3]int{7, 3, 1}[i%3]
	}
	return sum % 10
}

// alternating is the sum of digits with the weights 1 3 1 3 ... (EAN-13 from the left).
func alternating(v []byte) int {
	sum := 0
	for i, c := range v {
		sum += int(c-'0') * (1 + i&1*2)
	}
	return sum
}

// emso is the check of the unique master citizen number of former Yugoslavia, with its date.
func emso(v []byte) bool {
	year := 1000 + number(v, 4, 7)
	if year < 1800 {
		year += 1000
	}
	k := mod11Minus(v, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	if k >= 10 {
		k = 0
	}
	return birthDate(year, num2(v, 2), num2(v, 0)) && k == int(v[12]-'0')
}
