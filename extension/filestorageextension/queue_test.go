package filestorageextension

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Two files of the same queue in two clients, as after a kill.
func copied(t *testing.T, dir string) storage.Client {
	t.Helper()
	b, err := os.ReadFile(file(dir))
	require.NoError(t, err)
	other := t.TempDir()
	require.NoError(t, os.WriteFile(file(other), b, 0o600))
	e, _, err := start(t, other, nil)
	require.NoError(t, err)
	c := open(t, e)
	t.Cleanup(func() { _ = c.Close(t.Context()) })
	return c
}

// TestKillWhileReopening: at every moment of upstream's way to put back a batch that was being sent, the file holds it.
func TestKillWhileReopening(t *testing.T) {
	dir := t.TempDir()
	e, _, err := start(t, dir, nil)
	require.NoError(t, err)
	c := open(t, e)
	require.NoError(t, c.Batch(t.Context(), storage.SetOperation("meta", []byte("sending 1")), storage.SetOperation("1", []byte("batch"))))

	require.NoError(t, c.Batch(t.Context(), storage.DeleteOperation("1")))
	require.Equal(t, "batch", get(t, copied(t, dir), "1"), "not yet put back")
	require.NoError(t, c.Batch(t.Context(), storage.SetOperation("meta", []byte("sending 1, new 2")), storage.SetOperation("2", []byte("batch"))))
	require.Equal(t, "batch", get(t, copied(t, dir), "1"), "there may be others to put back")
	next := storage.GetOperation("2")
	require.NoError(t, c.Batch(t.Context(), storage.SetOperation("meta", []byte("sending 2")), next))
	require.Equal(t, "batch", string(next.Value))
	require.Empty(t, get(t, copied(t, dir), "1"), "gone with the first that is read")
	require.NoError(t, c.Close(t.Context()))
}

// TestPutBackAtOnce: batches that are put back are in the file once, under their old keys or under their new ones, whenever
// the process is killed; a new batch that comes before the last is in the file at once.
func TestPutBackAtOnce(t *testing.T) {
	state := storage.SetOperation("state", []byte("x"))
	for name, test := range map[string]struct {
		back  []string // which of the batches 1, 2 and 3 are put back
		other bool     // then a new one comes
	}{
		"all":                             {back: []string{"1", "2", "3"}},
		"the queue can't read the first":  {back: []string{"2", "3"}},
		"the queue can't read the last":   {back: []string{"1", "2"}},
		"a new one between":               {back: []string{"1"}, other: true},
		"a new one, none is put back yet": {other: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e, _, err := start(t, dir, nil)
			require.NoError(t, err)
			c := open(t, e)
			for _, key := range []string{"1", "2", "3"} {
				require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation(key, []byte("batch "+key))))
			}
			require.NoError(t, c.Close(t.Context()))
			c = open(t, e)
			_ = get(t, c, "state")
			require.NoError(t, c.Batch(t.Context(), storage.GetOperation("1"), storage.GetOperation("2"), storage.GetOperation("3")))
			require.NoError(t, c.Batch(t.Context(), storage.DeleteOperation("1"), storage.DeleteOperation("2"), storage.DeleteOperation("3")))
			for i, key := range test.back {
				require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation("1"+key, []byte("batch "+key))))
				if i+1 < len(test.back) || key != "3" {
					killed := copied(t, dir)
					require.Equal(t, "batch 3", get(t, killed, "3"))
					require.Empty(t, get(t, killed, "1"+key), "else it is there twice")
				}
			}
			if test.other {
				require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation("20", []byte("new"))))
				killed := copied(t, dir)
				require.Equal(t, "new", get(t, killed, "20"), "it was acknowledged")
				require.Equal(t, "batch 3", get(t, killed, "3"), "it is not back yet")
			}
			require.NoError(t, c.Batch(t.Context(), state, storage.GetOperation("11"))) // the queue is open
			killed := copied(t, dir)
			for _, key := range []string{"1", "2", "3"} {
				require.Empty(t, get(t, killed, key), "removed")
			}
			for _, key := range test.back {
				require.Equal(t, "batch "+key, get(t, killed, "1"+key))
				require.Equal(t, "batch "+key, get(t, c, "1"+key))
			}
			require.NoError(t, c.Close(t.Context()))
		})
	}
}

// TestDeletedIsGone: for whoever asks through the client, a key is gone at once.
func TestDeletedIsGone(t *testing.T) {
	e, _, err := start(t, t.TempDir(), nil)
	require.NoError(t, err)
	c := open(t, e)
	require.NoError(t, c.Set(t.Context(), "a", []byte("1")))
	require.NoError(t, c.Delete(t.Context(), "a"))
	require.Empty(t, get(t, c, "a"))
	require.NoError(t, c.Set(t.Context(), "a", []byte("2")))
	require.NoError(t, c.Delete(t.Context(), "a"))
	require.NoError(t, c.Set(t.Context(), "a", []byte("3")))
	require.Equal(t, "3", get(t, c, "a"))
	require.NoError(t, c.Close(t.Context()))
}

// TestFull: with no room for another batch new ones are refused, those that wait are read and removed, and it is told once.
func TestFull(t *testing.T) {
	dir := t.TempDir()
	e, logs, err := start(t, dir, func(c *Config) { c.MaxSize = 1 << 20 })
	require.NoError(t, err)
	c := open(t, e)
	meta := storage.SetOperation("meta", make([]byte, 300_000)) // so large that it finds no room either
	small := storage.SetOperation("meta", []byte("x"))
	for _, key := range []string{"0", "1", "2"} {
		require.NoError(t, c.Batch(t.Context(), small, storage.SetOperation(key, []byte(strings.Repeat(key, 90_000)))))
	}
	require.ErrorIs(t, c.Batch(t.Context(), meta, storage.SetOperation("3", make([]byte, 900_000))), storage.ErrStorageFull)
	big := storage.SetOperation("meta", make([]byte, 900_000))
	next := storage.GetOperation("0")
	require.NoError(t, c.Batch(t.Context(), big, next))
	require.Equal(t, strings.Repeat("0", 90_000), string(next.Value))
	require.NoError(t, c.Batch(t.Context(), big, storage.DeleteOperation("0")))
	require.Equal(t, 1, logs.FilterMessageSnippet("No room for the queue").Len())
	require.NoError(t, c.Batch(t.Context(), small, storage.DeleteOperation("1")))
	require.Equal(t, 1, logs.FilterMessageSnippet("There is room for the queue again").Len())
	require.NoError(t, c.Close(t.Context()))

	e, _, err = start(t, dir, nil)
	require.NoError(t, err)
	c = open(t, e)
	require.Empty(t, get(t, c, "0"), "removed when there was room")
	require.Empty(t, get(t, c, "1"))
	require.NotEmpty(t, get(t, c, "2"))
	require.NoError(t, c.Close(t.Context()))
}

// TestFullWhileReopening: on a full disk nothing can be put back. What was being sent is read all the same, the file keeps it until
// it is sent, and new data is refused meanwhile.
func TestFullWhileReopening(t *testing.T) {
	dir := t.TempDir()
	e, _, err := start(t, dir, func(c *Config) { c.MaxSize = 1 << 20 })
	require.NoError(t, err)
	c := open(t, e)
	state := storage.SetOperation("state", []byte("x"))
	value := func(key string) string { return strings.Repeat(key, 300_000) }
	for _, key := range []string{"0", "1"} {
		require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation(key, []byte(value(key)))))
	}
	require.NoError(t, c.Batch(t.Context(), storage.DeleteOperation("0"), storage.DeleteOperation("1")))
	for from, to := range map[string]string{"0": "2", "1": "3"} {
		require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation(to, []byte(value(from)))))
	}
	for from, to := range map[string]string{"0": "2", "1": "3"} {
		next := storage.GetOperation(to)
		require.NoError(t, c.Batch(t.Context(), state, next))
		require.Equal(t, value(from), string(next.Value))
		require.ErrorIs(t, c.Batch(t.Context(), state, storage.SetOperation("4", make([]byte, 500_000))), storage.ErrStorageFull)
		require.Equal(t, value("0"), get(t, copied(t, dir), "0"), "on disk until all are sent")
	}
	for _, key := range []string{"2", "3"} {
		require.NoError(t, c.Batch(t.Context(), state, storage.DeleteOperation(key)))
	}
	for _, key := range []string{"0", "1", "2", "3"} {
		require.Empty(t, get(t, c, key))
		require.Empty(t, get(t, copied(t, dir), key))
	}
	require.NoError(t, c.Batch(t.Context(), state, storage.SetOperation("4", make([]byte, 200_000))))
	require.NoError(t, c.Close(t.Context()))
}
