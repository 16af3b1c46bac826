package pii

// Taiwan: national identification number, resident certificates with 8 and 9 (since 2021) and with two
// letters (before).

func init() {
	national(nil, Detector{
		Name:    "tw_id",
		Context: []string{"身分證", "身分証", "身分證字號", "居留證", "統一編號", "taiwan", "national id"},
		Formats: formats(twID, "LD{9}", "LLD{8}"),
	})
}

// twLetters are the numbers of A to Z.
var twLetters = [26]int{10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33}

func twID(c *Candidate) float64 {
	v := c.Value
	second := 0
	switch b := v[1]; {
	case b == '1' || b == '2' || b == '8' || b == '9':
		second = int(b - '0')
	case b >= 'A' && b <= 'D':
		second = twLetters[b-'A'] % 10
	default:
		return 0
	}
	n := twLetters[v[0]-'A']
	sum := n/10 + 9*(n%10) + 8*second + weighted(v[2:], 7, 6, 5, 4, 3, 2, 1, 1)
	if sum%10 != 0 {
		return 0
	}
	return c.printed(0.55)
}
