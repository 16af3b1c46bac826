package pii

// Korean identifiers besides registration numbers: business registration numbers (Value-Added Tax Act),
// corporate registration numbers (Act on Registration of Corporations), passports, driver's licences
// (https://www.safedriving.or.kr: region, year, serial, check), health insurance.

func init() {
	national(nil,
		Detector{
			Name:    "kr_brn",
			Context: []string{"사업자", "사업자등록번호", "brn", "business registration"},
			Formats: join(formats(krBusiness, "DDD-DD-D{5}"), likely(krBusiness, "D{10}", "DDD DD D{5}")),
		},
		Detector{
			Name:    "kr_corporate",
			Context: []string{"법인", "법인등록번호", "corporate", "corporation registration"},
			Formats: weak(krCorporate, "D{6}-D{7}", "D{13}"),
		},
		Detector{
			Name:    "kr_passport",
			Context: []string{"여권", "여권번호", "passport"},
			Formats: join(formats(krPassport, "LDDDLDDDD"), weak(krPassport, "LD{8}")),
		},
		Detector{
			Name:    "kr_driver_license",
			Context: []string{"면허", "운전면허", "면허번호", "driver", "license", "licence", "driving"},
			Formats: join(formats(krLicense, "DD-DD-D{6}-DD", "DD DD D{6} DD"), likely(krLicense, "D{12}")),
		},
		Detector{
			Name:    "kr_health_insurance",
			Context: []string{"건강보험", "의료보험", "보험증", "health insurance"},
			Formats: weak(passed, "D{11}", "D-D{10}"),
		},
	)
}

func krBusiness(c *Candidate) float64 {
	v := c.Value
	sum := weighted(v, 1, 3, 7, 1, 3, 7, 1, 3, 5) + c.D(8)*5/10
	if (10-sum%10)%10 != c.D(9) || number(v, 0, 3) < 101 {
		return 0
	}
	return c.bySep(0.4, 0.4, 0.65)
}

func krCorporate(c *Candidate) float64 {
	if c.Sep == 0 && c.names(jpCorporateID()) {
		return 0 // "corporate number" is theirs
	}
	if (10-weighted(c.Value, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)%10)%10 != c.D(12) || allEqual(c.Value) {
		return 0
	}
	return 0.35
}

func krPassport(c *Candidate) float64 {
	switch c.Value[0] {
	case 'M', 'S', 'R', 'O', 'G', 'D':
		if letterAt(c.Value, 4) {
			return c.plain(0.5)
		}
		return 0.3
	}
	return 0
}

func krLicense(c *Candidate) float64 {
	region := num2(c.Value, 0)
	if region < 11 || region > 28 || region == 27 || string(c.Value) == "123456789012" {
		return 0
	}
	return c.bySep(0.4, 0.5, 0.65)
}
