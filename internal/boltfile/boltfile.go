// Package boltfile looks at bbolt files that a process is about to use: whether they can be read to their end, and sets
// aside those that cannot. bbolt itself answers damage with a panic, in places in goroutines of its own where nobody can
// catch it, or with a fault of its memory map.
package boltfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// DamagedError says that a file is not what bbolt wrote.
type DamagedError struct{ Reason string }

func (e *DamagedError) Error() string { return e.Reason }

// ErrInUse says that another process has the file.
var ErrInUse = bolterrors.ErrTimeout

// Guard turns a panic, or a fault of a memory-mapped file that is shorter than it says, into a [DamagedError] in *err. Use:
//
//	defer Guard(&err)()
func Guard(err *error) func() {
	old := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(old)
		if p := recover(); p != nil {
			*err = &DamagedError{fmt.Sprint(p)}
		}
	}
}

// Check reads every page of a file that holds keys, and both ends of every value. The error is a [*DamagedError], or wraps
// [ErrInUse] when another process does not let go of it within wait, or is one of the file system. A file
// that is missing or empty is in order.
func Check(path string, wait time.Duration) (err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Size() == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	defer Guard(&err)()
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: wait, ReadOnly: true})
	if err != nil {
		var pathError *fs.PathError
		if errors.Is(err, ErrInUse) || errors.As(err, &pathError) {
			return err
		}
		return &DamagedError{err.Error()}
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bolt.Tx) error {
		if tx.Size() > info.Size() {
			return &DamagedError{fmt.Sprintf("it is cut off: %d of %d bytes", info.Size(), tx.Size())}
		}
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error { return read(b) })
	})
}

func read(b *bolt.Bucket) error {
	var last []byte
	var ends byte // keeps the reads of the values' ends
	err := b.ForEach(func(k, v []byte) error {
		if len(k) == 0 || bytes.Compare(last, k) >= 0 && last != nil {
			return &DamagedError{"keys are empty or out of order"}
		}
		last = k
		if v == nil {
			if child := b.Bucket(k); child != nil {
				return read(child)
			}
			return nil
		}
		if len(v) > 0 {
			ends ^= v[0] ^ v[len(v)-1]
		}
		return nil
	})
	_ = ends
	return err
}

// SetAside renames a file to one beside it and returns the new name: name.damaged-<time>.
func SetAside(path string) (string, error) {
	to := fmt.Sprintf("%s.damaged-%s", path, time.Now().UTC().Format("20060102T150405.000Z"))
	return to, os.Rename(path, to)
}
