// Package bytesize is the `64MiB` of configurations: a number of bytes.
package bytesize

import (
	"encoding"
	"fmt"
	"strconv"
	"strings"
)

// Size is a number of bytes, written as a number or with a unit: 512KiB, 64MiB, 1GB.
type Size int64

var _ encoding.TextUnmarshaler = (*Size)(nil)

var units = []struct {
	suffix string
	bytes  int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
}

// UnmarshalText reads a size of less than 2^62 bytes.
func (s *Size) UnmarshalText(text []byte) error {
	for _, u := range units {
		digits, ok := strings.CutSuffix(strings.TrimSpace(string(text)), u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > (1<<62)/u.bytes {
			break
		}
		*s = Size(n * u.bytes)
		return nil
	}
	return fmt.Errorf("%q is no size: write bytes or a number with KiB, MiB or GiB, e.g. 64MiB", text)
}
