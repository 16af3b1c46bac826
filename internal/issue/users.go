package issue

import (
	"encoding/binary"
	"slices"

	"github.com/axiomhq/hyperloglog"
	"github.com/cespare/xxhash/v2"
)

// userSet counts distinct users: exactly while they are few, with HyperLogLog beyond. It knows hashes only.
type userSet struct {
	few    []uint64
	sketch *hyperloglog.Sketch
	fresh  int    // inserts since the last estimate
	last   uint64 // estimate
}

const (
	exactUsers = 64
	// smallSet marks the stored form of a set without a sketch; the library's forms begin with 1 or 2.
	smallSet = 0xf5
)

func (s *userSet) empty() bool { return s.sketch == nil && len(s.few) == 0 }

// insert adds a user's hash.
func (s *userSet) insert(h uint64) {
	if s.sketch != nil {
		s.sketch.InsertHash(h)
		s.fresh++
		return
	}
	if slices.Contains(s.few, h) {
		return
	}
	if len(s.few) < exactUsers {
		s.few = append(s.few, h)
		return
	}
	s.toSketch()
	s.sketch.InsertHash(h)
	s.fresh++
}

func (s *userSet) toSketch() {
	s.sketch = newSketch()
	for _, h := range s.few {
		s.sketch.InsertHash(h)
	}
	s.few, s.fresh = nil, 1<<30
}

// count returns the users. An estimate costs as much as the sketch is long, so while nobody asks exactly it is made
// after every 32 inserts only.
func (s *userSet) count(exactly bool) uint64 {
	if s.sketch == nil {
		return uint64(len(s.few))
	}
	if s.fresh >= 32 || (exactly && s.fresh > 0) {
		s.last, s.fresh = s.sketch.Estimate(), 0
	}
	return s.last
}

// merge adds all of another set.
func (s *userSet) merge(o *userSet) {
	if o.sketch == nil {
		for _, h := range o.few {
			s.insert(h)
		}
		return
	}
	if s.sketch == nil {
		s.toSketch()
	}
	if s.sketch.Merge(o.sketch) == nil { // sets of one precision always merge
		s.fresh = 1 << 30
	}
}

func (s *userSet) clone() *userSet {
	c := *s
	c.few = slices.Clone(s.few)
	if s.sketch != nil {
		c.sketch = s.sketch.Clone()
	}
	return &c
}

// encode returns the stored form; nil for no user.
func (s *userSet) encode() []byte {
	if s.sketch != nil {
		b, err := s.sketch.MarshalBinary()
		if err != nil {
			return nil
		}
		return b
	}
	if len(s.few) == 0 {
		return nil
	}
	b := make([]byte, 1, 1+8*len(s.few))
	b[0] = smallSet
	for _, h := range s.few {
		b = binary.BigEndian.AppendUint64(b, h)
	}
	return b
}

// decodeUsers reads a stored form; a damaged one is an empty set, not worth an issue.
func decodeUsers(b []byte) *userSet {
	s := &userSet{}
	if len(b) == 0 {
		return s
	}
	if b[0] == smallSet {
		for b = b[1:]; len(b) >= 8 && len(s.few) < exactUsers; b = b[8:] {
			s.few = append(s.few, binary.BigEndian.Uint64(b))
		}
		return s
	}
	sketch := newSketch()
	if sketch.UnmarshalBinary(b) == nil {
		s.sketch, s.fresh = sketch, 1<<30
	}
	return s
}

func newSketch() *hyperloglog.Sketch {
	s, err := hyperloglog.NewSketch(sketchPrecision, true)
	if err != nil {
		return hyperloglog.New() // the precision is a constant in range
	}
	return s
}

func hashUser(user string) uint64 { return mix(xxhash.Sum64String(user)) }

// mix spreads the bits of a hash (the finaliser of splitmix64): HyperLogLog wants all of them uniform.
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}
