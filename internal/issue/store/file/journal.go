package file

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/otel-culprit/culprit/internal/issue"
)

var _ issue.Journal = (*Store)(nil)

// addition is an entry on its way into the journal.
type addition struct {
	issue.Entry
	forget time.Time
	limit  int64
	size   int64 // of the journal afterwards
}

// UpdateWith implements [issue.Journal].
func (s *Store) UpdateWith(_ context.Context, changes []*issue.Tx, entry issue.Entry, forget time.Time, limit int64) error {
	return s.commit(changes, &addition{Entry: entry, forget: forget, limit: limit})
}

// put writes the entry; size is what the journal has so far.
func (a *addition) put(tx *bolt.Tx, size int64) error {
	b := tx.Bucket(bucketJournal)
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	v := append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(a.Data)), uint64(a.Time.UnixMilli())), a.Data...)
	if err := b.Put(binary.BigEndian.AppendUint64(nil, n), v); err != nil {
		return err
	}
	a.size, err = trimJournal(b, size+int64(len(v)), a.forget, a.limit)
	return err
}

// trimJournal removes the entries from before forget, and the oldest while there are more than limit bytes. It returns the
// bytes that are left.
func trimJournal(b *bolt.Bucket, size int64, forget time.Time, limit int64) (int64, error) {
	c := b.Cursor()
	for k, v := c.First(); k != nil && (size > limit || !entryTime(v).After(forget)); k, v = c.First() {
		size -= int64(len(v))
		if err := c.Delete(); err != nil {
			return 0, err
		}
	}
	return size, nil
}

func entryTime(v []byte) time.Time {
	if len(v) < 8 {
		return time.Time{}
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(v)))
}

// Entries implements [issue.Journal].
func (s *Store) Entries(_ context.Context, f func(issue.Entry) bool) error {
	stop := errors.New("enough")
	err := s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketJournal).ForEach(func(_, v []byte) error {
			if len(v) >= 8 && !f(issue.Entry{Time: entryTime(v), Data: v[8:]}) {
				return stop
			}
			return nil
		})
	})
	if errors.Is(err, stop) {
		return nil
	}
	return err
}
