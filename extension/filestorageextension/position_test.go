package filestorageextension

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// What a kill leaves of a position is from ten seconds ago; what an orderly end leaves is the last one.
func TestPositions(t *testing.T) {
	dir := t.TempDir()
	e, _, err := start(t, dir, nil)
	require.NoError(t, err)
	id := component.MustNewID("file_log")
	client, err := e.GetClient(t.Context(), component.KindReceiver, id, "")
	require.NoError(t, err)
	c := client.(*positionClient)
	at := time.Now()
	c.now = func() time.Time { return at }
	const key = "file_input.knownFiles"
	disk := func() string { return get(t, c.Client, key) }

	require.NoError(t, c.Batch(t.Context(), storage.SetOperation(key, []byte("begin"))))
	require.Equal(t, "begin", disk(), "where reading begins")
	for i := range 500 { // every 200 ms
		at = at.Add(200 * time.Millisecond)
		require.NoError(t, c.Batch(t.Context(), storage.SetOperation(key, fmt.Append(nil, i))))
		require.Equal(t, fmt.Sprint(i), get(t, c, key))
		if i < 40 {
			require.Equal(t, "begin", disk())
		}
		require.LessOrEqual(t, len(c.notes), 12)
	}
	var written int
	_, err = fmt.Sscan(disk(), &written)
	require.NoError(t, err)
	require.GreaterOrEqual(t, 499-written, 50, "ten seconds")
	require.LessOrEqual(t, 499-written, 60)

	// Other keys and changes are not touched.
	require.NoError(t, c.Set(t.Context(), "other", []byte("1")))
	require.Equal(t, "1", get(t, c.Client, "other"))
	require.NoError(t, c.Batch(t.Context(), storage.SetOperation("a", []byte("2")), storage.DeleteOperation("other")))
	require.Empty(t, get(t, c.Client, "other"))

	require.NoError(t, c.Close(t.Context()))
	client, err = e.GetClient(t.Context(), component.KindReceiver, id, "")
	require.NoError(t, err)
	require.Equal(t, "499", get(t, client, key))
	c = client.(*positionClient)
	require.NoError(t, c.Batch(t.Context(), storage.SetOperation(key, []byte("500"))))
	require.Equal(t, "499", get(t, c.Client, key), "there is one from before")
	require.NoError(t, c.Close(t.Context()))
	require.NoError(t, e.Shutdown(t.Context()))
}
