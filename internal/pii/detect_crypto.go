package pii

import (
	"crypto/sha256"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"
)

// Addresses of crypto currencies, by their checksums: Base58Check, Bech32 (BIP-173, BIP-350), EIP-55,
// Monero's Base58 with Keccak.

var (
	btcID = func() int {
		register(Detector{Name: "crypto_btc", Groups: []string{"payment", "crypto"}, trigger: onToken})
		return find("crypto_btc").id
	}()
	ethID = func() int {
		register(Detector{
			Name: "crypto_eth", Groups: []string{"payment", "crypto"}, trigger: onToken,
			Context: []string{"address", "wallet", "eth", "ethereum", "erc20"},
		})
		return find("crypto_eth").id
	}()
	xmrID = func() int {
		register(Detector{Name: "crypto_xmr", Groups: []string{"payment", "crypto"}, trigger: onToken})
		return find("crypto_xmr").id
	}()
)

// cryptoAddress handles a run of token characters that may be an address.
func (w *Worker) cryptoAddress(at, end int) bool {
	s := w.text
	v := s[at:end]
	n := len(v)
	if n > 106 || at > 0 && (s[at-1] == '/' && at > 1 && isAlnum[s[at-2]] != 0 && n > 62) {
		return false
	}
	switch {
	case (v[0] == 'b' || v[0] == 'B') && (n == 42 || n == 62) && w.s.on.has(btcID) && bech32(v):
		w.add(btcID, at, end, 0.9)
	case n == 42 && v[0] == '0' && v[1]|0x20 == 'x' && w.s.on.has(ethID) && hexOnly(v[2:]):
		switch {
		case strings.ToLower(v[2:]) == v[2:] || strings.ToUpper(v[2:]) == v[2:]:
			w.report(ethID, at, end, 0.35)
		case eip55(v[2:]):
			w.add(ethID, at, end, 0.9)
		}
	case n <= 35 && (v[0] == '1' || v[0] == '3') && w.s.on.has(btcID) && base58Check(v):
		w.add(btcID, at, end, 0.9)
	case (n == 95 || n == 106) && (v[0] == '4' || v[0] == '8') && w.s.on.has(xmrID) && monero(v):
		w.add(xmrID, at, end, 0.9)
	default:
		return false
	}
	return true
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58Check decodes v and compares the first four bytes of its double SHA-256.
func base58Check(v string) bool {
	var x big.Int
	var d big.Int
	fiftyEight := big.NewInt(58)
	for i := range len(v) {
		k := strings.IndexByte(base58, v[i])
		if k < 0 {
			return false
		}
		x.Mul(&x, fiftyEight)
		x.Add(&x, d.SetInt64(int64(k)))
	}
	b := x.Bytes()
	if len(b) > 25 {
		return false
	}
	var raw [25]byte
	copy(raw[25-len(b):], b)
	if raw[0] != 0 && raw[0] != 5 {
		return false
	}
	h := sha256.Sum256(raw[:21])
	h = sha256.Sum256(h[:])
	return string(h[:4]) == string(raw[21:])
}

const bech32Chars = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 checks an address that begins with bc1: one case, version, constant of its encoding.
func bech32(v string) bool {
	l := strings.ToLower(v)
	if l != v && strings.ToUpper(v) != v || !strings.HasPrefix(l, "bc1") {
		return false
	}
	chk := uint32(1)
	step := func(x uint32) {
		top := chk >> 25
		chk = chk&0x1ffffff<<5 ^ x
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				chk ^= g
			}
		}
	}
	for _, c := range []byte("bc") {
		step(uint32(c >> 5))
	}
	step(0)
	for _, c := range []byte("bc") {
		step(uint32(c & 31))
	}
	version := strings.IndexByte(bech32Chars, l[3])
	for i := 3; i < len(l); i++ {
		k := strings.IndexByte(bech32Chars, l[i])
		if k < 0 {
			return false
		}
		step(uint32(k))
	}
	if version == 0 {
		return chk == 1
	}
	return version <= 16 && chk == 0x2bc830a3
}

func keccak(b []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	h.Write(b)
	return h.Sum(nil)
}

// eip55: the case of each letter is a bit of the hash of the address in lower case.
func eip55(v string) bool {
	h := keccak([]byte(strings.ToLower(v)))
	for i := range len(v) {
		c := v[i]
		if c < 'A' {
			continue
		}
		high := h[i/2]>>(4*(1-i%2))&8 != 0
		if high != (c < 'a') {
			return false
		}
	}
	return true
}

// monero decodes blocks of eleven characters to eight bytes and compares the last four with the Keccak of the rest.
func monero(v string) bool {
	var raw []byte
	for i := 0; i < len(v); i += 11 {
		block := v[i:min(len(v), i+11)]
		size, ok := map[int]int{11: 8, 7: 5}[len(block)]
		if !ok {
			return false
		}
		var x, d big.Int
		for k := range len(block) {
			n := strings.IndexByte(base58, block[k])
			if n < 0 {
				return false
			}
			x.Mul(&x, big.NewInt(58))
			x.Add(&x, d.SetInt64(int64(n)))
		}
		b := x.Bytes()
		if len(b) > size {
			return false
		}
		for range size - len(b) {
			raw = append(raw, 0)
		}
		raw = append(raw, b...)
	}
	n := len(raw)
	if n != 69 && n != 77 {
		return false
	}
	return string(keccak(raw[:n-4])[:4]) == string(raw[n-4:])
}
