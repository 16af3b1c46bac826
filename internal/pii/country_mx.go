package pii

// Mexico: CURP (Instructivo normativo, DOF 18 October 2021) and RFC (Código Fiscal, article 27).

func init() {
	national(nil,
		Detector{
			Name:    "mx_curp",
			Context: []string{"curp", "registro de poblacion"},
			Formats: formats(mxCURP, "LLLLD{6}LL{5}AD"),
		},
		Detector{
			Name:    "mx_rfc",
			Context: []string{"rfc$", "contribuyente"},
			Formats: formats(mxRFC, "LLLLD{6}AAA", "LLLD{6}AAA", "LLLL-D{6}-AAA", "LLL-D{6}-AAA", "LLLL D{6} AAA"),
		},
	)
}

func mxCURP(c *Candidate) float64 {
	v := c.Value
	if v[10] != 'H' && v[10] != 'M' && v[10] != 'X' || !shortDate(num2(v, 4), num2(v, 6), num2(v, 8)) {
		return 0
	}
	const states = "ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE"
	known := false
	for i := 0; i < len(states); i += 2 {
		known = known || states[i] == v[11] && states[i+1] == v[12]
	}
	if !known {
		return 0
	}
	sum := 0
	for i, b := range v[:17] {
		k := index36(b)
		if b > 'N' {
			k++ // behind N comes Ñ
		}
		sum += k * (18 - i)
	}
	if (10-sum%10)%10 != c.D(17) {
		return 0
	}
	return 0.9
}

// mxRFC: the check over "0-9A-N&O-Z blank Ñ" with weights 13 to 2; three letters are a company's.
func mxRFC(c *Candidate) float64 {
	v := c.Value
	n := len(v)
	if !shortDate(num2(v, n-9), num2(v, n-7), num2(v, n-5)) {
		return 0
	}
	sum := 0
	if n == 12 {
		sum = 37 * 13
	}
	for i, b := range v[:n-1] {
		k := index36(b)
		if b > 'N' {
			k++
		}
		sum += k * (n - i)
	}
	check := byte('0')
	switch k := 11 - sum%11; {
	case k == 10:
		check = 'A'
	case k < 10:
		check = byte('0' + k)
	}
	if check != v[n-1] { // not kept for all
		return 0.3
	}
	return c.printed(0.65)
}
