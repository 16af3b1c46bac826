package lumberjack

import (
	"context"
	"sync"
)

// Memory bounds what the windows of all connections take together. Windows grow while they are read, and
// two that wait for each other would never end; so nobody waits inside a window: a new window is only
// begun while less than half of the memory is in use, and one that cannot grow any more is given up.
type Memory struct {
	limit int64

	mu    sync.Mutex // protects the two below
	used  int64
	freed chan struct{} // closed when used falls; nil while nobody waits
}

// NewMemory returns memory for so many bytes.
func NewMemory(limit int64) *Memory { return &Memory{limit: limit} }

// Used is the number of bytes that are taken.
func (m *Memory) Used() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.used
}

// take takes n bytes, or returns [ErrMemory] without waiting.
func (m *Memory) take(n int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n > m.limit-m.used {
		return ErrMemory
	}
	m.used += n
	return nil
}

func (m *Memory) give(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used -= n
	if m.freed != nil {
		close(m.freed)
		m.freed = nil
	}
}

// wait waits until a new window may begin.
func (m *Memory) wait(ctx context.Context) error {
	for {
		m.mu.Lock()
		if m.used <= m.limit/2 {
			m.mu.Unlock()
			return nil
		}
		if m.freed == nil {
			m.freed = make(chan struct{})
		}
		freed := m.freed
		m.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
