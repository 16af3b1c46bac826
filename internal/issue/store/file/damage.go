package file

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/boltfile"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/internal/outbox"
)

// lockTimeout is how long another process may take to let the file go: a restart overlaps a little.
const lockTimeout = 3 * time.Second

func openDB(path string) (db *bolt.DB, err error) {
	defer boltfile.Guard(&err)()
	// The list of free pages is kept in the file: without it bbolt looks for them in a goroutine of its own, where
	// nobody can catch its panic over a damaged page.
	db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout, FreelistType: bolt.FreelistMapType})
	switch {
	case err == nil:
		db.AllocSize = 1 << 20 // the file grows by a MiB at a time, not by 16
		return db, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("the issues' file %s is in use by another process: give each collector its own 'store::path', or share one 'redis' store", path)
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, &boltfile.DamagedError{Reason: err.Error()}
	}
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return nil, fmt.Errorf("open the issues' file: %w", err)
	}
	return nil, &boltfile.DamagedError{Reason: err.Error()}
}

// prepare makes the buckets of a new file, and looks at every page of an old one.
func (s *Store) prepare(db *bolt.DB) (err error) {
	defer boltfile.Guard(&err)()
	if err := s.checkLength(db); err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		have := meta.Get(keyFormat)
		if have == nil {
			return meta.Put(keyFormat, []byte{format})
		}
		if len(have) != 1 || have[0] != format {
			return &boltfile.DamagedError{Reason: fmt.Sprintf("written by another version (format %x, this one reads %d)", have, format)}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.View(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketRecords, bucketEvents, bucketBlobs} {
			if err := tx.Bucket(name).ForEach(touch); err != nil {
				return err
			}
		}
		s.journal = 0
		err := tx.Bucket(bucketJournal).ForEach(func(k, v []byte) error {
			s.journal += int64(len(v))
			return touch(k, v)
		})
		if err != nil {
			return err
		}
		return s.readOutbox(tx)
	})
}

// touch reads a value's ends, so that a page that is not there shows now.
func touch(k, v []byte) error {
	if len(k) == 0 || (len(v) > 0 && v[0] == 0xff && v[len(v)-1] == 0xff) {
		return &boltfile.DamagedError{Reason: "an empty key, or a page that was never written"}
	}
	return nil
}

func (s *Store) checkLength(db *bolt.DB) error {
	info, err := os.Stat(s.path)
	if err != nil {
		return fmt.Errorf("look at the issues' file: %w", err)
	}
	return db.View(func(tx *bolt.Tx) error {
		if tx.Size() > info.Size() {
			return &boltfile.DamagedError{Reason: fmt.Sprintf("it is cut off: %d of %d bytes", info.Size(), tx.Size())}
		}
		return nil
	})
}

func (s *Store) readOutbox(tx *bolt.Tx) error {
	if b := tx.Bucket(bucketMeta).Get(keySeq); len(b) == 8 {
		s.seq = binary.BigEndian.Uint64(b)
	}
	clear(s.boxes)
	err := tx.Bucket(bucketConsumers).ForEach(func(name, at []byte) error {
		box := &outbox.Box{}
		if len(at) == 8 {
			box.Seen = time.UnixMilli(int64(binary.BigEndian.Uint64(at)))
		}
		s.boxes[string(name)] = box
		return nil
	})
	if err != nil {
		return err
	}
	for name, box := range s.boxes {
		b := tx.Bucket(bucketOutbox).Bucket([]byte(name))
		if b == nil {
			continue
		}
		err := b.ForEach(func(k, v []byte) error {
			n, err := issue.DecodeNotice(v)
			if err != nil {
				return &boltfile.DamagedError{Reason: err.Error()}
			}
			n.Seq = binary.BigEndian.Uint64(k)
			box.Add(n)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// setAside renames a damaged file.
func (s *Store) setAside(damage error) error {
	to, err := boltfile.SetAside(s.path)
	if err != nil {
		return fmt.Errorf("the issues' file is damaged (%w) and could not be set aside: %w", damage, err)
	}
	s.logger.Error("The issues' file can't be read. It was set aside, nothing of it was removed; the registry starts empty.",
		zap.String("file", s.path), zap.String("set_aside_as", to), zap.Error(damage))
	return nil
}
