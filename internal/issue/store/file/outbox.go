package file

import (
	"context"
	"encoding/binary"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/internal/outbox"
)

// putNotice writes a notice for every consumer, in the transaction of its change.
func putNotice(tx *bolt.Tx, n issue.Notice, consumers []string) error {
	if len(consumers) == 0 {
		return nil
	}
	b, err := issue.EncodeNotice(n)
	if err != nil {
		return err
	}
	key := binary.BigEndian.AppendUint64(nil, n.Seq)
	for _, c := range consumers {
		box, err := tx.Bucket(bucketOutbox).CreateBucketIfNotExists([]byte(c))
		if err != nil {
			return err
		}
		if err := box.Put(key, b); err != nil {
			return err
		}
		if n.Seq%64 == 0 {
			if err := trim(box); err != nil {
				return err
			}
		}
	}
	return nil
}

// trim removes the oldest notices above the bound.
func trim(box *bolt.Bucket) error {
	over := box.Inspect().KeyN - outbox.Max
	c := box.Cursor()
	for k, _ := c.First(); k != nil && over > 0; k, _ = c.Next() {
		if err := c.Delete(); err != nil {
			return err
		}
		over--
	}
	return nil
}

// Subscribe implements [issue.Store].
func (s *Store) Subscribe(_ context.Context, consumer string, now time.Time) error {
	s.write.Lock()
	defer s.write.Unlock()
	if err := s.seen(consumer, now); err != nil {
		return err
	}
	s.state.Lock()
	defer s.state.Unlock()
	if s.boxes[consumer] == nil {
		s.boxes[consumer] = &outbox.Box{}
	}
	s.boxes[consumer].Seen = now
	return nil
}

func (s *Store) seen(consumer string, now time.Time) error {
	return s.update(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketConsumers).Put([]byte(consumer), binary.BigEndian.AppendUint64(nil, uint64(now.UnixMilli())))
	})
}

// Unsubscribe implements [issue.Store].
func (s *Store) Unsubscribe(_ context.Context, consumer string) error {
	s.write.Lock()
	defer s.write.Unlock()
	err := s.update(func(tx *bolt.Tx) error {
		if tx.Bucket(bucketOutbox).Bucket([]byte(consumer)) != nil {
			if err := tx.Bucket(bucketOutbox).DeleteBucket([]byte(consumer)); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketConsumers).Delete([]byte(consumer))
	})
	s.state.Lock()
	defer s.state.Unlock()
	delete(s.boxes, consumer)
	return err
}

// Consumers implements [issue.Store].
func (s *Store) Consumers(context.Context) (map[string]time.Time, error) {
	s.state.Lock()
	defer s.state.Unlock()
	out := make(map[string]time.Time, len(s.boxes))
	for name, b := range s.boxes {
		out[name] = b.Seen
	}
	return out, nil
}

// seenEvery is how often a consumer's claims are written down.
const seenEvery = time.Hour

// Claim implements [issue.Store]. Who holds what ends with the process: nobody else could hold it then.
func (s *Store) Claim(_ context.Context, consumer string, limit int, now time.Time, lease time.Duration) ([]issue.Notice, error) {
	s.state.Lock()
	b := s.boxes[consumer]
	if b == nil {
		s.state.Unlock()
		return nil, nil
	}
	write := now.Sub(b.Seen) > seenEvery
	out := b.Claim(limit, now, lease)
	s.state.Unlock()
	if write {
		s.write.Lock()
		defer s.write.Unlock()
		return out, s.seen(consumer, now)
	}
	return out, nil
}

// Done implements [issue.Store].
func (s *Store) Done(_ context.Context, consumer string, seqs []uint64) error {
	if len(seqs) == 0 {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	err := s.update(func(tx *bolt.Tx) error {
		box := tx.Bucket(bucketOutbox).Bucket([]byte(consumer))
		if box == nil {
			return nil
		}
		for _, n := range seqs {
			if err := box.Delete(binary.BigEndian.AppendUint64(nil, n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.state.Lock()
	defer s.state.Unlock()
	if b := s.boxes[consumer]; b != nil {
		b.Done(seqs)
	}
	return nil
}

// Lease implements [issue.Store]. Leases end with the process: no other one has the file open.
func (s *Store) Lease(_ context.Context, name, owner string, now time.Time, ttl time.Duration) (bool, error) {
	s.state.Lock()
	defer s.state.Unlock()
	if l, ok := s.leases[name]; ok && l.owner != owner && now.Before(l.until) {
		return false, nil
	}
	s.leases[name] = lease{owner, now.Add(ttl)}
	for n, l := range s.leases {
		if now.After(l.until) {
			delete(s.leases, n)
		}
	}
	return true, nil
}

// Unlease implements [issue.Store].
func (s *Store) Unlease(_ context.Context, name, owner string) error {
	s.state.Lock()
	defer s.state.Unlock()
	if s.leases[name].owner == owner {
		delete(s.leases, name)
	}
	return nil
}

// PutBlob implements [issue.Store].
func (s *Store) PutBlob(_ context.Context, key string, value []byte) error {
	s.write.Lock()
	defer s.write.Unlock()
	return s.update(func(tx *bolt.Tx) error {
		if value == nil {
			return tx.Bucket(bucketBlobs).Delete([]byte(key))
		}
		return tx.Bucket(bucketBlobs).Put([]byte(key), value)
	})
}

// Blobs implements [issue.Store].
func (s *Store) Blobs(_ context.Context, prefix string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := s.view(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketBlobs).Cursor()
		for k, v := c.Seek([]byte(prefix)); k != nil && strings.HasPrefix(string(k), prefix); k, v = c.Next() {
			out[string(k)] = append([]byte(nil), v...)
		}
		return nil
	})
	return out, err
}
