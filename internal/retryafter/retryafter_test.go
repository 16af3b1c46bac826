package retryafter

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func TestParse(t *testing.T) {
	f := func(value string, want time.Duration, ok bool) {
		t.Helper()
		got, gotOK := Parse(value, now)
		assert.Equal(t, want, got, value)
		assert.Equal(t, ok, gotOK, value)
	}
	f("12", 12*time.Second, true)
	f(" 12 ", 12*time.Second, true)
	f("0", 0, true)
	f("0.5", 500*time.Millisecond, true)
	f("1e300", Longest, true)
	f("+Inf", Longest, true)
	f("99999999999999999999", Longest, true)
	f("Wed, 04 Mar 2026 05:07:07 GMT", time.Minute, true)
	f("Wednesday, 04-Mar-26 05:07:07 GMT", time.Minute, true) // the obsolete forms of RFC 9110, 5.6.7
	f("Wed Mar  4 05:07:07 2026", time.Minute, true)
	f("Wed, 04 Mar 2026 05:00:00 GMT", 0, true)
	f("Fri, 31 Dec 9999 23:59:59 GMT", Longest, true)
	f("", 0, false)
	f("soon", 0, false)
	f("-3", 0, false)
	f("NaN", 0, false)
	f("-Inf", 0, false)
	f("12s", 0, false)
}

func TestSeconds(t *testing.T) {
	assert.Equal(t, 1500*time.Millisecond, Seconds(1.5))
	assert.Equal(t, time.Duration(0), Seconds(math.NaN()))
	assert.Equal(t, time.Duration(0), Seconds(-1))
	assert.Equal(t, Longest, Seconds(math.MaxFloat64))
}

// FuzzParse never leaves its bounds.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"12", "-1", "0x1p-2", "1e9999", "Wed, 04 Mar 2026 05:07:07 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		d, ok := Parse(value, now)
		if d < 0 || d > Longest || d > 0 && !ok {
			t.Fatalf("%q: %s, %t", value, d, ok)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Parse("12", now)
	}
}
