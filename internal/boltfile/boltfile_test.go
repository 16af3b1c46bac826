package boltfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"github.com/otel-culprit/culprit/internal/boltfile"
)

// small is the content of a file with a few keys, a nested bucket and a value of several pages.
func small(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "small.db")
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoFreelistSync: true, InitialMmapSize: 1})
	require.NoError(t, err)
	db.AllocSize = 1
	require.NoError(t, db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucket([]byte("default"))
		if err != nil {
			return err
		}
		inner, err := b.CreateBucket([]byte("inner"))
		if err != nil {
			return err
		}
		return errors.Join(b.Put([]byte("1"), make([]byte, 10_000)), b.Put([]byte("2"), []byte("x")), inner.Put([]byte("k"), []byte("v")))
	}))
	require.NoError(t, db.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}

func TestCheck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	require.NoError(t, boltfile.Check(path, 0), "missing")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, boltfile.Check(path, 0), "empty")
	require.NoError(t, os.WriteFile(path, small(t), 0o600))
	require.NoError(t, boltfile.Check(path, 0))
	require.NoError(t, os.WriteFile(path, []byte("something else, and long enough to hold a page: no"), 0o600))
	var damage *boltfile.DamagedError
	require.ErrorAs(t, boltfile.Check(path, 0), &damage)
	to, err := boltfile.SetAside(path)
	require.NoError(t, err)
	require.FileExists(t, to)
	require.NoFileExists(t, path)
}

// FuzzCheck: bytes are written somewhere into a good file. Whatever Check says, it comes back.
func FuzzCheck(f *testing.F) {
	text := small(f)
	f.Add(uint32(0), []byte{0})
	f.Add(uint32(4096), []byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add(uint32(2*4096+8), []byte{1, 0, 0xff, 0xff})
	f.Add(uint32(3*4096+16), []byte{0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		damaged := append([]byte{}, text...)
		copy(damaged[int(at)%len(damaged):], with)
		path := filepath.Join(t.TempDir(), "a.db")
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		_ = boltfile.Check(path, 0)
	})
}
