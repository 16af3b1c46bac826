// Package orderedmap stands in for libopenapi's map that keeps the order of its keys; see build/stubs/README.md.
package orderedmap

// Map keeps nothing: the document it would be part of is not rendered.
type Map[K comparable, V any] struct{}

// Pair is a key with its value.
type Pair[K comparable, V any] struct {
	key   K
	value V
}

// New returns a map.
func New[K comparable, V any]() *Map[K, V] { return &Map[K, V]{} }

// Set forgets the pair.
func (*Map[K, V]) Set(K, V) (V, bool) {
	var none V
	return none, false
}

// First returns nil: there are no pairs.
func (*Map[K, V]) First() *Pair[K, V] { return nil }

// Next returns nil.
func (*Pair[K, V]) Next() *Pair[K, V] { return nil }

// Key of the pair.
func (p *Pair[K, V]) Key() K { return p.key }

// Value of the pair.
func (p *Pair[K, V]) Value() V { return p.value }
