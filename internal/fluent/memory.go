package fluent

import (
	"errors"
	"sync/atomic"
)

// ErrMemory tells that all connections together hold too much.
var ErrMemory = errors.New("too much is held of all clients together")

// Memory bounds what the records of all connections take until they are handed over.
type Memory struct {
	left atomic.Int64
}

// NewMemory returns memory for so many bytes.
func NewMemory(limit int64) *Memory {
	m := &Memory{}
	m.left.Store(limit)
	return m
}

// take takes n bytes, or returns [ErrMemory] without waiting: two records that wait for each other would wait for ever.
func (m *Memory) take(n int64) error {
	if m.left.Add(-n) < 0 {
		m.left.Add(n)
		return ErrMemory
	}
	return nil
}

func (m *Memory) give(n int64) { m.left.Add(n) }
