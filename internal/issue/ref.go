package issue

import (
	"encoding/binary"
	"encoding/hex"
	"sync"

	"github.com/cespare/xxhash/v2"
)

// ref stands for an issue's ID without a pointer: there are hundreds of thousands of them, which the garbage collector
// need not look at. IDs are 16 lower-case hex digits; any other text is kept aside, under its hash.
type ref struct {
	bits uint64
	odd  bool // bits are a hash
}

// oddIDs are those that are no 16 hex digits. There should be none; they are bounded all the same.
type oddIDs struct {
	sync.RWMutex
	text map[uint64]string
}

const maxOddIDs = 10000

// hexDigits has the value of a lower-case hex digit, and 0xff for all other bytes.
var hexDigits = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range []byte("0123456789abcdef") {
		t[c] = byte(i)
	}
	return t
}()

func (c *Core) refOf(id string) ref {
	if len(id) == 16 {
		var n uint64
		bad := byte(0)
		for i := range len(id) {
			d := hexDigits[id[i]]
			bad |= d
			n = n<<4 | uint64(d)
		}
		if bad < 16 {
			return ref{bits: n}
		}
	}
	h := xxhash.Sum64String(id)
	c.odd.Lock()
	defer c.odd.Unlock()
	if c.odd.text == nil || (len(c.odd.text) >= maxOddIDs && c.odd.text[h] == "") {
		c.odd.text = map[uint64]string{}
	}
	c.odd.text[h] = id
	return ref{h, true}
}

// id returns the text of a ref; that of its issue where there is one, which costs no memory.
func (c *Core) id(r ref) string {
	if r.odd {
		c.odd.RLock()
		defer c.odd.RUnlock()
		return c.odd.text[r.bits]
	}
	var raw [8]byte
	var text [16]byte
	binary.BigEndian.PutUint64(raw[:], r.bits)
	hex.Encode(text[:], raw[:])
	sh := &c.shards[xxhash.Sum64(text[:])%uint64(len(c.shards))]
	sh.Lock()
	e := sh.issues[string(text[:])]
	sh.Unlock()
	if e != nil {
		return e.id
	}
	return string(text[:])
}
