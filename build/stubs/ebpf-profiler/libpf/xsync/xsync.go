// Package xsync stands in for a lock that owns what it protects; see build/stubs/README.md.
package xsync

import "sync"

// RWMutex holds a value that is reached only through the lock.
type RWMutex[T any] struct {
	mu    sync.RWMutex
	value T
}

// NewRWMutex holds value. It must not be copied once it is used.
func NewRWMutex[T any](value T) RWMutex[T] { return RWMutex[T]{value: value} }

// WLock locks for writing and returns the value.
func (m *RWMutex[T]) WLock() *T {
	m.mu.Lock()
	return &m.value
}

// WUnlock unlocks and takes the caller's reference away.
func (m *RWMutex[T]) WUnlock(ref **T) {
	*ref = nil
	m.mu.Unlock()
}
