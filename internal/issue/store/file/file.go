// Package file keeps issues in one file on disk (bbolt). What [Store.Update] has returned for survives a
// kill of the process and of the machine, as far as the disk keeps what it acknowledged.
package file

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/boltfile"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/internal/outbox"
)

// Name of the file in the configured folder.
const Name = "issues.db"

var (
	bucketMeta      = []byte("meta")
	bucketRecords   = []byte("records")   // id -> version (8 bytes), encoded record
	bucketEvents    = []byte("events")    // id, 0, slot -> encoded event
	bucketOutbox    = []byte("outbox")    // a bucket for each consumer: sequence number (8 bytes) -> encoded notice
	bucketConsumers = []byte("consumers") // name -> unix milliseconds (8 bytes) of the last claim
	bucketBlobs     = []byte("blobs")
	bucketJournal   = []byte("journal") // number (8 bytes) -> unix milliseconds (8 bytes), entry
	buckets         = [][]byte{bucketMeta, bucketRecords, bucketEvents, bucketOutbox, bucketConsumers, bucketBlobs, bucketJournal}

	keyFormat = []byte("format")
	keySeq    = []byte("seq")
)

// format of the file. Another one is set aside like a damaged file.
const format = 1

// Store is an [issue.Store] in a file. One process at a time can have it open.
type Store struct {
	path   string
	logger *zap.Logger

	write   sync.Mutex // one writer: Update, Delete, Compact
	journal int64      // bytes of the journal; under write

	mu sync.RWMutex // db is replaced under it
	db *bolt.DB

	state  sync.Mutex // of the maps below; they need not survive the process
	claims map[string]bool
	leases map[string]lease
	boxes  map[string]*outbox.Box
	seq    uint64
}

type lease struct {
	owner string
	until time.Time
}

var _ issue.Store = (*Store)(nil)

// Open opens or makes the file issues.db in a folder, which is made too. A file that is damaged is renamed
// and told of in the log, never removed. It fails when another process has the file, or the folder
// can't be written.
func Open(dir string, logger *zap.Logger) (*Store, error) {
	if logger == nil {
		logger = zap.NewNop()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the issues: %w", err)
	}
	s := &Store{
		path: filepath.Join(dir, Name), logger: logger, claims: map[string]bool{}, leases: map[string]lease{}, boxes: map[string]*outbox.Box{},
	}
	_ = os.Remove(s.path + compactSuffix) // of a process that died while compacting
	err := s.open()
	var damage *boltfile.DamagedError
	if errors.As(err, &damage) {
		if err = s.setAside(damage); err == nil {
			err = s.open()
		}
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) open() error {
	db, err := openDB(s.path)
	if err != nil {
		return err
	}
	if err := s.prepare(db); err != nil {
		_ = db.Close()
		return err
	}
	s.db = db
	return nil
}

// Open implements [issue.Store].
func (s *Store) Open(_ context.Context, ids []string, claim bool) ([]issue.Opened, error) {
	out := make([]issue.Opened, len(ids))
	err := s.view(func(tx *bolt.Tx) error {
		records := tx.Bucket(bucketRecords)
		for i, id := range ids {
			v := records.Get([]byte(id))
			if v == nil {
				continue
			}
			r, err := decode(v)
			if err != nil {
				return fmt.Errorf("issue %s: %w", id, err)
			}
			out[i].Record = r
		}
		return nil
	})
	if err != nil || !claim {
		return out, err
	}
	s.state.Lock()
	defer s.state.Unlock()
	for i, id := range ids {
		if out[i].Record == nil && !s.claims[id] {
			s.claims[id], out[i].Born = true, true
		}
	}
	return out, nil
}

// Update implements [issue.Store]: all changes are committed together.
func (s *Store) Update(_ context.Context, txs []*issue.Tx) error {
	return s.commit(txs, nil)
}

// commit makes changes, and adds to the journal, in one transaction.
func (s *Store) commit(txs []*issue.Tx, add *addition) error {
	s.write.Lock()
	defer s.write.Unlock()
	var done []*issue.Record
	var notices []issue.Notice
	s.state.Lock()
	seq := s.seq
	consumers := make([]string, 0, len(s.boxes))
	for name := range s.boxes {
		consumers = append(consumers, name)
	}
	s.state.Unlock()
	err := s.update(func(tx *bolt.Tx) error {
		for _, t := range txs {
			recs, out, err := apply(tx, t)
			done = append(done, recs...) // also where it failed: their version is taken back
			if err != nil {
				return err
			}
			for _, n := range out {
				seq++
				n.Seq = seq
				notices = append(notices, n)
				if err := putNotice(tx, n, consumers); err != nil {
					return err
				}
			}
		}
		if add != nil {
			if err := add.put(tx, s.journal); err != nil {
				return err
			}
		}
		if len(notices) == 0 {
			return nil
		}
		return tx.Bucket(bucketMeta).Put(keySeq, binary.BigEndian.AppendUint64(nil, seq))
	})
	if err != nil {
		for _, r := range done {
			r.Version-- // it is not stored
		}
		return err
	}
	if add != nil {
		s.journal = add.size
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.seq = seq
	for _, r := range done {
		delete(s.claims, r.ID)
	}
	for _, n := range notices {
		for _, b := range s.boxes {
			b.Add(n)
		}
	}
	return nil
}

// apply makes one change and returns the records that it wrote.
func apply(tx *bolt.Tx, t *issue.Tx) (written []*issue.Record, _ []issue.Notice, _ error) {
	records := tx.Bucket(bucketRecords)
	recs := make([]*issue.Record, len(t.IDs))
	for i, id := range t.IDs {
		v := records.Get([]byte(id))
		switch {
		case len(v) < 8:
			recs[i] = &issue.Record{Issue: issue.Issue{ID: id}}
		case t.Known != nil && t.Known[i] != nil && t.Known[i].Version == binary.BigEndian.Uint64(v):
			recs[i] = t.Known[i]
		default:
			r, err := decode(v)
			if err != nil {
				return nil, nil, fmt.Errorf("issue %s: %w", id, err)
			}
			recs[i] = r
		}
	}
	notices := t.Apply(recs)
	for _, r := range recs {
		if r.Empty() {
			continue
		}
		r.Version++
		written = append(written, r)
		if err := put(tx, records, r); err != nil {
			return written, nil, err
		}
	}
	return written, notices, nil
}

func put(tx *bolt.Tx, records *bolt.Bucket, r *issue.Record) error {
	v, err := issue.AppendRecord(binary.BigEndian.AppendUint64(make([]byte, 0, 1024), r.Version), r)
	if err != nil {
		return err
	}
	if err := records.Put([]byte(r.ID), v); err != nil {
		return fmt.Errorf("write issue %s: %w", r.ID, err)
	}
	events := tx.Bucket(bucketEvents)
	puts := r.TakePuts()
	for slot, e := range puts {
		key := eventKey(r.ID, slot)
		if e == nil {
			err = events.Delete(key)
		} else if v, err = issue.EncodeEvent(e); err == nil {
			err = events.Put(key, v)
		}
		if err != nil {
			for slot, e := range puts {
				r.PutEvent(slot, e) // for the next try
			}
			return fmt.Errorf("write event of issue %s: %w", r.ID, err)
		}
	}
	return nil
}

func eventKey(id string, slot uint8) []byte { return append(append([]byte(id), 0), slot) }

func decode(v []byte) (*issue.Record, error) {
	if len(v) < 8 {
		return nil, errors.New("too short")
	}
	return issue.DecodeRecord(v[8:])
}

// Delete implements [issue.Store].
func (s *Store) Delete(_ context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	s.write.Lock()
	defer s.write.Unlock()
	err := s.update(func(tx *bolt.Tx) error {
		records, events := tx.Bucket(bucketRecords), tx.Bucket(bucketEvents)
		for _, id := range ids {
			if err := records.Delete([]byte(id)); err != nil {
				return err
			}
			from := eventKey(id, 0)
			c := events.Cursor()
			for k, _ := c.Seek(from); k != nil && bytes.HasPrefix(k, from[:len(from)-1]); k, _ = c.Seek(from) {
				if err := c.Delete(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	s.state.Lock()
	defer s.state.Unlock()
	for _, id := range ids {
		delete(s.claims, id)
	}
	return err
}

// Scan implements [issue.Store].
func (s *Store) Scan(_ context.Context, f func(*issue.Record) bool) error {
	stop := errors.New("enough")
	err := s.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketRecords).ForEach(func(k, v []byte) error {
			r, err := decode(v)
			if err != nil {
				s.logger.Warn("An issue can't be read and is left out.", zap.ByteString("id", k), zap.Error(err))
				return nil
			}
			if !f(r) {
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

// Events implements [issue.Store].
func (s *Store) Events(_ context.Context, id string) (map[uint8]*issue.Event, error) {
	out := map[uint8]*issue.Event{}
	err := s.view(func(tx *bolt.Tx) error {
		events := tx.Bucket(bucketEvents)
		for slot := range issue.SampleSlots {
			v := events.Get(eventKey(id, uint8(slot)))
			if v == nil {
				continue
			}
			e, err := issue.DecodeEvent(v)
			if err != nil {
				return fmt.Errorf("event of issue %s: %w", id, err)
			}
			out[uint8(slot)] = e
		}
		return nil
	})
	return out, err
}

func (s *Store) view(f func(*bolt.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return issue.ErrClosed
	}
	return s.db.View(f)
}

// update wants the lock for writing.
func (s *Store) update(f func(*bolt.Tx) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.db == nil {
		return issue.ErrClosed
	}
	return s.db.Update(f)
}

// Close implements [issue.Store].
func (s *Store) Close() error {
	s.write.Lock()
	defer s.write.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	db := s.db
	s.db = nil
	if err := db.Close(); err != nil {
		return fmt.Errorf("close the issues' file: %w", err)
	}
	return nil
}
