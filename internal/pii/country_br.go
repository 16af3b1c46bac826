package pii

// Brazil: CPF and CNPJ (Receita Federal; since July 2026 the first twelve signs of a CNPJ may be letters,
// IN RFB 2.229/2024).

func init() {
	national(nil,
		Detector{
			Name:    "br_cpf",
			Context: []string{"cpf", "cadastro de pessoa"},
			Formats: formats(brCPF, "DDD.DDD.DDD-DD", "D{9}~DD", "DDD~DDD~DDD~DD", "D{11}"),
		},
		Detector{
			Name:    "br_cnpj",
			Context: []string{"cnpj", "cadastro nacional", "empresa"},
			Formats: join(formats(brCNPJ, "AA.AAA.AAA/AAAA-DD", "D{8}/DDDD-DD", "D{14}"), likely(brCNPJ, "A{12}DD", "DD DDD DDD DDDD DD")),
		},
	)
}

func brCPF(c *Candidate) float64 {
	v := c.Value
	if allEqual(v) || weighted(v, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 != c.D(9) || weighted(v, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)*10%11%10 != c.D(10) {
		return 0
	}
	if c.Sep == 0 {
		return 0.5
	}
	return c.bySep(0.5, 0.65, 0.8)
}

func brCNPJ(c *Candidate) float64 {
	v := c.Value
	check := func(sum int) int {
		if r := sum % 11; r >= 2 {
			return 11 - r
		}
		return 0
	}
	if allEqual(v) || check(weighted(v, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) != c.D(12) ||
		check(weighted(v, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) != c.D(13) {
		return 0
	}
	if c.Sep == 0 {
		if c.w.clock(c.Start, c.End) {
			return 0.35 // 20261122230144
		}
		return c.printed(0.5)
	}
	return 0.8
}
