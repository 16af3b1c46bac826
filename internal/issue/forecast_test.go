package issue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHourlyLimit(t *testing.T) {
	repeat := func(n int, values ...uint32) (out []uint32) {
		for i := range n {
			out = append(out, values[i%len(values)])
		}
		return out
	}
	f := func(history []uint32, want uint64) {
		t.Helper()
		require.Equal(t, want, hourlyLimit(history, 490000))
	}
	f(nil, 0)
	f([]uint32{7}, 70)
	f(repeat(167, 3, 9, 0), 90)                   // below a week: ten times the highest
	f(repeat(168, 20), 120)                       // steady: 20 + 5 x 20
	f(repeat(336, 0), 10)                         // silent for two weeks
	f(repeat(200, 0, 0, 0, 0, 0, 0, 0, 100), 200) // bursty: cv = 2.65, highest x 2
}

func TestPackHours(t *testing.T) {
	f := func(h []uint32) {
		t.Helper()
		got := unpackHours(packHours(h))
		if len(h) == 0 {
			require.Empty(t, got)
			return
		}
		require.Equal(t, h, got)
	}
	f(nil)
	f([]uint32{0})
	f([]uint32{1, 0, 0, 5, 1<<32 - 1, 0})
	f(make([]uint32, hoursKept))
}

func FuzzDecode(f *testing.F) {
	r := &Record{Issue: Issue{ID: "a", Title: "t", Hours: []uint32{1, 0, 2}}}
	b, err := EncodeRecord(r)
	require.NoError(f, err)
	f.Add(b)
	e, err := EncodeEvent(&Event{ID: "x", Stack: string(make([]byte, 5000))})
	require.NoError(f, err)
	f.Add(e)
	f.Add([]byte{codecVersion, 1, 0xff, 0xff})
	f.Fuzz(func(_ *testing.T, b []byte) {
		_, _ = DecodeRecord(b)
		_, _ = DecodeEvent(b)
		_, _ = DecodeNotice(b)
		decodeUsers(b).count(true)
		unpackHours(b)
	})
}

func TestCompareVersions(t *testing.T) {
	newer := func(a, b string) {
		t.Helper()
		require.Positive(t, compareVersions(a, b), "%s > %s", a, b)
	}
	newer("1.10.0", "1.9.9")
	newer("v2", "1.99")
	newer("1.4.0", "1.4.0-rc1")
	newer("1.4.0-rc2", "1.4.0-rc1")
	newer("1.4.0.1", "1.4")
	newer("9f2c41d", "1.0.0")
	require.Zero(t, compareVersions("1.4.0+a", "v1.4.0+b"))
	require.Negative(t, compareVersions("1.3", "1.4"))
}

func TestUserSet(t *testing.T) {
	s := &userSet{}
	for i := range 50 {
		s.insert(hashUser(string(rune('a' + i))))
		s.insert(hashUser(string(rune('a' + i))))
	}
	require.EqualValues(t, 50, s.count(true))
	require.EqualValues(t, 50, decodeUsers(s.encode()).count(true))
	o := &userSet{}
	for i := range 100000 {
		o.insert(mix(uint64(i) + 12345))
	}
	require.InEpsilon(t, 100000, o.count(true), 0.05)
	require.InEpsilon(t, 100000, decodeUsers(o.encode()).count(true), 0.05)
	s.merge(o)
	require.InEpsilon(t, 100050, s.count(true), 0.05)
	require.Zero(t, decodeUsers([]byte{1, 2, 3}).count(true))
}
