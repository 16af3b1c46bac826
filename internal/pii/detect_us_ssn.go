package pii

// US social security numbers: https://www.ssa.gov/employer/randomization.html for what is not given out.

func init() {
	national(nil, Detector{
		Name: "us_ssn", Default: true,
		Context: []string{"ssn", "social is", "social security", "social sec", "social no", "social number", "ss no", "ssnum"},
		Formats: append(formats(ssnCheck, "DDD~DD~DDDD", "DDD.DD.DDDD"), weak(ssnCheck, "D{9}")...),
	})
}

func ssnCheck(c *Candidate) float64 {
	v := c.Value
	area, group, serial := c.D(0)*100+num2(v, 1), num2(v, 3), num4(v, 5)
	switch {
	case area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0 || allEqual(v):
		return 0
	case string(v) == "078051120" || string(v) == "219099999": // printed on cards and in advertisements
		return 0
	}
	switch c.Sep {
	case '-':
		return 0.7
	case 0:
		return 0.3
	default:
		return 0.5
	}
}
