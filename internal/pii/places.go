package pii

import "math/bits"

// Triggers that a scanner listens to: the handlers of enabled detectors.
const (
	onChain    = 1 << iota // numbers: chains of groups
	onWord                 // words of letters and digits
	onIBAN                 // LLDD at the beginning of a word
	onPair                 // key: value, key=value
	onToken                // a run of 14 letters, digits, _ and -
	onPEM                  // five dashes
	onAt                   // @
	onPlus                 // + or ( before a digit
	onColons               // :: or many colons: IPv6, MAC
	onDots                 // xxxx.xxxx: MAC
	onUserinfo             // @ of a URL
	onIPv4                 // four groups of a chain
	onPlate                // one to three letters between two numbers
	onCapitals             // words of eight and more capitals
)

// wanted are the triggers as masks: all bits or none.
type wanted struct {
	chain, word, iban, pair, token, dashes, colons, dots, plate, capitals uint64
}

func newWanted(triggers uint32) wanted {
	all := func(trigger uint32) uint64 {
		if triggers&trigger == 0 {
			return 0
		}
		return ^uint64(0)
	}
	return wanted{
		chain: all(onChain), word: all(onWord), iban: all(onIBAN), pair: all(onPair), token: all(onToken),
		dashes: all(onPEM), colons: all(onColons | onDots), dots: all(onDots), plate: all(onPlate), capitals: all(onCapitals),
	}
}

// places are those of a block at which handlers are called, one bit a byte.
type places struct {
	chain  uint64 // a number begins
	token  uint64 // a long run of letters, digits, _ and - begins
	pair   uint64 // the sign of key=value
	rare   uint64 // @ % < backslash, 0x80-0xff, + and ( before a digit
	colons uint64 // not 0: colons that may be an address's
	groups uint64 // colons five bytes before another
	dots   uint64 // dots five bytes before another
	dashes uint64 // five dashes begin
	flags  uint64 // two dashes before a letter
	short  uint64 // a dash between a blank and a letter
	spaced uint64 // a dash between blanks before a digit
	caps   uint64 // a word of eight and more signs with capitals at both ends of the eight
	mixed  uint64 // a letter and a digit side by side
	plate  uint64 // a separator between a digit and letters with a digit behind them, or six digits behind two letters
	iban   uint64 // two letters and two digits at a word's beginning
}

// carry is what the last bytes of the block before say, each in its lowest bit.
type carry struct {
	digit, word, chain, token, dashes, sep uint64
	letters                                uint64 // the last four
}

// ahead returns m moved so that bit i tells of byte i+k.
func ahead(cur, next uint64, k uint) uint64 { return cur>>k | next<<(64-k) }

// find fills p for the block cur with next behind it; it tells whether there is anything.
//
// It calls nothing and keeps little between its parts, so that what it works with stays in registers.
func (p *places) find(cur, next *masks, b *carry, on *wanted) bool {
	digit, letter := cur.digit, cur.letter
	word, nword := digit|letter, next.digit|next.letter
	behind := digit<<1 | b.digit // behind a digit

	// Tokens: 14 letters, digits, _ and - in a row.
	tok, ntok := word|cur.join, nword|next.join
	t1, u1 := tok&ahead(tok, ntok, 1), ntok&(ntok>>1)
	t2, u2 := t1&ahead(t1, u1, 2), u1&(u1>>2)
	t4, u4 := t2&ahead(t2, u2, 4), u2&(u2>>4)
	run := t4 & ahead(t4, u4, 6)
	p.token = run &^ (run<<1 | b.token) & on.token
	b.token = run >> 63
	p.caps = t4 & cur.upper & ahead(cur.upper, next.upper, 7) &^ (word<<1 | b.word) & on.capitals

	// key=value and key: value; the colons of times stand behind digits.
	p.pair = cur.pair &^ behind & on.pair
	any := p.token | p.pair | p.caps

	p.rare = cur.rare
	if cur.open != 0 {
		p.rare |= cur.open & ahead(digit, next.digit, 1)
	}
	any |= p.rare

	p.colons, p.groups = 0, 0
	if cur.pair&on.colons != 0 {
		inner := (word<<1 | b.word) & ahead(word, nword, 1)
		colons := cur.pair & inner
		if cur.pair&ahead(cur.pair, next.pair, 1) != 0 || colons != 0 &&
			bits.OnesCount64(colons)+bits.OnesCount64(next.pair&(nword<<1|word>>63)&(nword>>1)) >= 5 {
			p.colons = cur.pair
		}
		p.groups = colons & ahead(cur.pair, next.pair, 5)
		any |= p.colons | p.groups
	}

	p.dots = cur.dot & ahead(cur.dot, next.dot, 5) & on.dots
	any |= p.dots

	p.dashes, p.flags, p.spaced = 0, 0, 0
	behindSep := cur.sep<<1 | b.sep
	if p.short = cur.join & behindSep &^ (cur.join << 1); p.short != 0 {
		p.spaced = p.short & ahead(cur.sep, next.sep, 1) & ahead(digit, next.digit, 2) & on.chain
		p.short &= ahead(letter, next.letter, 1) & on.pair
		any |= p.short | p.spaced
	}
	if two := cur.join & ahead(cur.join, next.join, 1) & on.dashes; two != 0 {
		four := two & ahead(two, next.join&(next.join>>1), 2)
		five := four & ahead(cur.join, next.join, 4)
		p.dashes = five &^ (five<<1 | b.dashes)
		b.dashes = five >> 63
		p.flags = two & ahead(letter, next.letter, 2) & on.pair
		any |= p.dashes | p.flags
	} else {
		b.dashes = 0
	}

	p.chain, p.mixed, p.plate, p.iban = 0, 0, 0, 0
	if digit|next.digit<<61|b.digit != 0 {
		// Numbers: digits joined by single separators, at least 7 bytes.
		nearDigit, nearLetter := ahead(digit, next.digit, 1), ahead(letter, next.letter, 1)
		split := cur.sep & behind // separators behind a digit
		chain := digit | split&nearDigit
		nchain := next.digit | next.sep&(next.digit<<1|digit>>63)&(next.digit>>1)
		c1, n1 := chain&ahead(chain, nchain, 1), nchain&(nchain>>1)
		c2, n2 := c1&ahead(c1, n1, 2), n1&(n1>>2)
		run := c2 & ahead(c2, n2, 3)
		p.chain = run &^ (run<<1 | b.chain) & on.chain
		b.chain = run >> 63

		p.mixed = (letter&nearDigit | digit&nearLetter) & on.word

		// 34 ABC 12: a separator behind a digit, one to three letters, a separator before a digit.
		if split &= nearLetter & on.plate; split != 0 {
			close := cur.sep & (letter << 1) & nearDigit
			nclose := next.sep & (next.letter<<1 | letter>>63) & (next.digit >> 1)
			p.plate = split & (ahead(close, nclose, 2) | ahead(close, nclose, 3) | ahead(close, nclose, 4))
		}
		// AB 123456 C: shorter than a number, behind two letters and a separator.
		if six := c2 & ahead(c1, n1, 4) &^ run & behindSep & on.plate; six != 0 {
			p.plate |= six & (letter<<2 | b.letters>>2) & (letter<<3 | b.letters>>1) &^ (letter<<4 | b.letters)
		}
		if first := letter & nearLetter &^ (word<<1 | b.word) & on.iban; first != 0 {
			p.iban = first & ahead(digit, next.digit, 2) & ahead(digit, next.digit, 3)
		}
		any |= p.chain | p.mixed | p.plate | p.iban
	} else {
		b.chain = 0
	}
	b.digit, b.word, b.sep, b.letters = digit>>63, word>>63, cur.sep>>63, letter>>60
	return any != 0
}
