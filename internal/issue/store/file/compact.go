package file

import (
	"context"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/otel-culprit/culprit/internal/issue"
)

const (
	compactSuffix = ".compact"
	// A file is compacted when a quarter of it, and at least this much, is free.
	compactFree = 2 << 20
	compactTx   = 1 << 20
)

// Size implements [issue.Store]: the bytes of pages in use. The file has free pages besides, a quarter of it
// at most after [Store.Compact].
func (s *Store) Size(context.Context) (int64, error) {
	used, _, err := s.sizes()
	return used, err
}

func (s *Store) sizes() (used, free int64, _ error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return 0, 0, issue.ErrClosed
	}
	var total, page int64
	err := s.db.View(func(tx *bolt.Tx) error {
		total, page = tx.Size(), int64(s.db.Info().PageSize) // Info is safe while a transaction holds the map
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	st := s.db.Stats()
	free = int64(st.FreePageN+st.PendingPageN) * page
	return total - free, free, nil
}

// Compact implements [issue.Store]. Reading goes on meanwhile, writing waits. A process that dies here leaves the old
// file as it was.
func (s *Store) Compact(context.Context) error {
	used, free, err := s.sizes()
	if err != nil || free < compactFree || free < used/3 {
		return err
	}
	s.write.Lock()
	defer s.write.Unlock()
	tmp := s.path + compactSuffix
	if err := s.copyTo(tmp); err != nil {
		_ = os.Remove(tmp)
		return fmt.Errorf("compact the issues' file: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		_ = os.Remove(tmp)
		return issue.ErrClosed
	}
	if err := os.Rename(tmp, s.path); err != nil {
		return fmt.Errorf("compact the issues' file: %w", err)
	}
	// The old one still works, under no name; a new process would find the new one.
	old := s.db
	db, err := openDB(s.path)
	if err != nil {
		// The copy is good on disk, but can't be opened now: there is nothing left to write to.
		s.db = nil
		_ = old.Close()
		return fmt.Errorf("open the compacted file: %w", err)
	}
	s.db = db
	return old.Close()
}

func (s *Store) copyTo(path string) error {
	dst, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout, NoSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	s.mu.RLock()
	src := s.db
	s.mu.RUnlock()
	if src == nil {
		_ = dst.Close()
		return issue.ErrClosed
	}
	// Close waits for the lock for writing, which Compact has: src stays open.
	if err := bolt.Compact(dst, src, compactTx); err != nil {
		_ = dst.Close()
		return err
	}
	if err := dst.Sync(); err != nil {
		_ = dst.Close()
		return err
	}
	return dst.Close()
}
