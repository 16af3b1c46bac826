package rate

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLimitSuccess(t *testing.T) {
	f := func(text string, want Limit) {
		t.Helper()
		var l Limit
		require.NoError(t, l.UnmarshalText([]byte(text)))
		assert.Equal(t, want, l)
		again, err := l.MarshalText()
		require.NoError(t, err)
		var second Limit
		require.NoError(t, second.UnmarshalText(again))
		assert.Equal(t, want, second)
	}
	f("10/1m", Limit{10, time.Minute})
	f(" 100 / 30s ", Limit{100, 30 * time.Second})
	f("5/h", Limit{5, time.Hour})
	f("0/1m", Limit{0, time.Minute})
	f("off", Limit{})
	f("", Limit{})
}

func TestLimitFailure(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		var l Limit
		require.ErrorContains(t, l.UnmarshalText([]byte(text)), want)
	}
	f("10", `"10" is not a rate`)
	f("x/1m", `such as "10/1m"`)
	f("-1/1m", "is not a rate")
	f("10/0s", "must be a positive length of time")
	f("10/minute", "must be a positive length of time")
	f("10/", "must be a positive length of time")
}

func TestTable(t *testing.T) {
	now := time.Unix(1000, 0)
	tab := NewTable(Limit{2, time.Minute}, 2)
	assert.True(t, tab.Take("a", now))
	assert.True(t, tab.Take("a", now))
	assert.False(t, tab.Take("a", now.Add(59*time.Second)))
	assert.True(t, tab.Take("a", now.Add(time.Minute)), "a new window")
	assert.True(t, tab.Take("b", now))
	assert.True(t, tab.Take("c", now), "the table is full: c and d share a window")
	assert.True(t, tab.Take("d", now))
	assert.False(t, tab.Take("c", now))
	for i := range 1000 {
		tab.Take(strconv.Itoa(i), now.Add(time.Duration(i)*time.Minute))
	}
	assert.LessOrEqual(t, len(tab.windows), 2)
}

// What is read is written so that it is read as the same.
func FuzzLimit(f *testing.F) {
	for _, seed := range []string{"10/1m", "off", "", "0/s", "100/30s", "1/-1s", "9999999999999999999/1m", "1/9999999999h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var l, again Limit
		if l.UnmarshalText([]byte(text)) != nil {
			return
		}
		require.NoError(t, again.UnmarshalText([]byte(l.String())))
		require.Equal(t, l, again)
	})
}
