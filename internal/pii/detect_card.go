package pii

// Payment cards: ISO/IEC 7812-1 (Luhn, issuer identification numbers). The ranges are those that the
// networks publish; https://en.wikipedia.org/wiki/Payment_card_number lists them with sources.

func init() {
	register(Detector{
		Name: "credit_card", Kind: "CARD", Groups: []string{"payment"}, Default: true,
		Context: []string{
			"card", "pan", "cc", "credit", "visa", "mastercard", "amex", "payment", "debit", "카드", "カード", "信用卡",
			"card no", "cc num", "ccn", "tarjeta", "carte", "karte", "maestro", "jcb", "discover", "diners",
		},
		Formats: append(formats(cardCheck,
			"D{4}~D{4}~D{4}~D{4}", "D{4}~D{4}~D{4}~D{4}~D{3}", "D{4}~D{6}~D{5}", "D{4}~D{6}~D{4}", "D{13,19}", "D{4}~D{4}~D{4}~D{1,3}", "D{8} D{8}"),
			weak(cardCheck, "D{12}")...),
		Keys: []string{"card number", "credit card number", "cc number", "pan"}, KeyCheck: cardValue,
	})
}

// iin is one range of issuer identification numbers.
type iin struct {
	low, high int // of the first six digits
	lengths   uint32
	weak      bool // only beside a context word
}

func lengths(n ...int) (m uint32) {
	for _, k := range n {
		m |= 1 << k
	}
	return m
}

var (
	len16   = lengths(16)
	len1619 = lengths(16, 17, 18, 19)
	len1219 = lengths(12, 13, 14, 15, 16, 17, 18, 19)
	len1419 = lengths(14, 15, 16, 17, 18, 19)
)

var iins = []iin{
	{400000, 499999, lengths(13, 16, 19), false},                   // Visa
	{510000, 559999, len16, false}, {222100, 272099, len16, false}, // Mastercard
	{340000, 349999, lengths(15), false}, {370000, 379999, lengths(15), false}, // American Express
	{601100, 601199, len1619, false}, {644000, 649999, len1619, false}, {650000, 659999, len1619, false}, // Discover
	{620000, 629999, len1619, false}, {810000, 819999, len1619, false}, // UnionPay
	{352800, 358999, len1619, false},                                                                                                       // JCB
	{300000, 305999, len1419, false}, {309500, 309599, len1419, false}, {360000, 369999, len1419, false}, {380000, 399999, len1419, false}, // Diners
	{501800, 501899, len1219, false}, {502000, 502099, len1219, false}, {503800, 503899, len1219, false}, {589300, 589399, len1219, false},
	{630400, 630499, len1219, false}, {675900, 675999, len1219, false}, {676100, 676399, len1219, false}, // Maestro
	{220000, 220499, len1619, false},                                                                                                                               // Mir
	{600000, 609999, len16, false}, {820000, 829999, len16, false}, {508000, 508999, len16, false}, {353000, 353999, len16, false}, {356000, 356999, len16, false}, // RuPay
	{504100, 504199, len16, false}, {506700, 506799, len16, false}, {509000, 509999, len16, false}, {627700, 627799, len16, false}, {636200, 636399, len16, false}, // Elo
	{506000, 506199, len1619, false},    // Verve
	{100000, 199999, lengths(15), true}, // UATP
	// No longer issued, but valid where they are kept: JCB until 2007, and what Maestro left to banks.
	{213100, 213199, lengths(15), true}, {308800, 309499, len16, true}, {309600, 310299, len16, true}, {311200, 312099, len16, true},
	{315800, 315999, len16, true}, {333700, 334999, len16, true}, {350000, 352799, len16, true},
	{500000, 509999, len1219, true}, {560000, 589999, len1219, true}, {639000, 639099, len1219, true}, {670000, 679999, len1219, true},
}

// byPrefix indexes iins by the first two digits.
var byPrefix = func() (t [100][]iin) {
	for _, r := range iins {
		for p := r.low / 10000; p <= r.high/10000; p++ {
			t[p] = append(t[p], r)
		}
	}
	return t
}()

// cardCheck: issuer, its lengths, Luhn; not a time, not one digit repeated.
func cardCheck(c *Candidate) float64 {
	v := c.Value
	n := len(v)
	first := num2(v, 0)*10000 + num4(v, 2)
	known, weak := false, true
	for _, r := range byPrefix[first/10000] {
		if first >= r.low && first <= r.high && r.lengths&(1<<n) != 0 {
			known, weak = true, weak && r.weak
		}
	}
	if !known || !luhn(v) || allEqual(v) || !cardGroups(c) {
		return 0
	}
	if decimals(c) {
		return 0
	}
	switch {
	case weak && n == 15:
		return 0.4 // UATP, JCB
	case weak:
		return 0.25
	case n == 12 || c.Sep == 0 && epoch(v):
		return 0.3
	}
	if c.Sep == 0 && (n == 13 || n == 14 || n >= 17 && v[0] == '6') {
		return 0.4 // hardly given out any more, and as long as many IDs and article numbers (EAN-13)
	}
	if c.Sep == 0 && (n >= 17 && v[0] != '6' || n > 14 && v[0] == '3' && !(v[1] == '4' || v[1] == '7' || v[1] == '5')) {
		return 0.3 // hardly any card is that long, and many IDs are
	}
	if n == 14 || n == 13 || n >= 17 {
		return 0.6
	}
	if c.Sep == 0 {
		return 0.75
	}
	return 0.85
}

// cardGroups tells whether a card of groups has those of its kind.
func cardGroups(c *Candidate) bool {
	if c.Sep == 0 {
		return true
	}
	n := len(c.Value)
	if c.End-c.Start == len(c.Value)+1 {
		return c.HasContext() || c.Start == 0 && c.End == len(c.Text) // two groups of eight
	}
	six := c.End-c.Start > 6 && isAlnum[c.Text[c.Start+9]] == 1 // the second group has six digits
	if six {
		return n == 15 && c.Value[0] == '3' || n == 14 && c.Value[0] == '3'
	}
	return n == 16 || n == 19 && (c.Value[0] == '4' || c.Value[0] == '6') || n >= 13 && n <= 15 && c.Sep == ' ' && (c.HasContext() || c.Start == 0 && c.End == len(c.Text))
}

// decimals tells whether the number is the fraction of a decimal.
func decimals(c *Candidate) bool {
	return c.Start > 1 && (c.Text[c.Start-1] == '.' || c.Text[c.Start-1] == ',') && isAlnum[c.Text[c.Start-2]] == 1
}

// epoch tells whether digits read as a Unix time between 2000 and 2038 (as far as 32 bits go; beyond, the
// second series of Mastercard begins), in ms, us or ns.
func epoch(v []byte) bool {
	switch len(v) {
	case 13, 16, 19:
		seconds := 0
		for _, c := range v[:10] {
			seconds = seconds*10 + int(c-'0')
		}
		return seconds >= 946684800 && seconds < 1<<31
	}
	return false
}

// cardValue accepts a whole value that can be a card number, whoever issued it.
func cardValue(v string) bool {
	var b [19]byte
	n := 0
	for i := range len(v) {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			if n == len(b) {
				return false
			}
			b[n] = c
			n++
		case c == ' ' || c == '-' || c == '.':
		default:
			return false
		}
	}
	return n >= 12 && luhn(b[:n])
}
