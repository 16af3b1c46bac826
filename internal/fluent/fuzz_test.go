package fluent

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Nothing panics, all memory is given back, and pieces of any size say the same.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"\x93" + tag + entry[1:], "\x93" + tag + "\x92" + entry + entry + "\x81\xa5chunk\xa2c1", "\x92" + tag + bin(entry), "\x92" + tag + bin(zipped(entry)),
		"\x92" + tag + bin(zstandard(entry)), "\x93" + tag + "\x01\x81\xa1v\x92\x81\xa1a\xc0" + strings.Repeat("\x91", 80) + "\x01",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		whole, _, err := all(t, bytes.NewReader(in), NewMemory(1<<30))
		require.Error(t, err)
		pieces, _, again := all(t, onebyte{bytes.NewReader(in)}, NewMemory(1<<30))
		require.Len(t, pieces, len(whole))
		require.Equal(t, err.Error() == io.EOF.Error(), again.Error() == io.EOF.Error())
		for i := range whole {
			require.Equal(t, text(whole[i]), text(pieces[i]))
		}
	})
}

func text(r plog.LogRecord) string {
	logs := plog.NewLogs()
	r.CopyTo(logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	out, _ := new(plog.ProtoMarshaler).MarshalLogs(logs)
	return string(out)
}
