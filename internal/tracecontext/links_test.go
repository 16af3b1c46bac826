package tracecontext

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLinks(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	one, two := [16]byte{1, 15: 1}, [16]byte{2, 15: 2}
	l := NewLinks(1000, time.Minute)
	f := func(scope, id string, at time.Time, want [16]byte) {
		t.Helper()
		got, ok := l.Lookup(scope, id, at)
		require.Equal(t, want != [16]byte{}, ok)
		require.Equal(t, want, got)
	}
	require.False(t, l.Learn("", "a", one, now))
	f("", "a", now, one)
	f("", "b", now, [16]byte{})
	f("other", "a", now, [16]byte{})
	f("", "a", now.Add(61*time.Second), [16]byte{})

	// Seen again: kept longer.
	l.Learn("", "a", one, now.Add(50*time.Second))
	f("", "a", now.Add(100*time.Second), one)

	// Two traces: none, until it is forgotten.
	require.True(t, l.Learn("", "a", two, now.Add(60*time.Second)))
	require.False(t, l.Learn("", "a", one, now.Add(100*time.Second)), "told twice")
	f("", "a", now.Add(100*time.Second), [16]byte{})
	l.Learn("", "a", two, now.Add(200*time.Second))
	f("", "a", now.Add(200*time.Second), two)

	// The 64-bit form of a trace is the same trace, and gives way to the whole.
	whole, half := trace128(7, 9), trace128(0, 9)
	l.Learn("", "h", half, now)
	require.False(t, l.Learn("", "h", whole, now))
	f("", "h", now, whole)
	require.False(t, l.Learn("", "h", half, now))
	f("", "h", now, whole)
}

func TestLinksBounded(t *testing.T) {
	const size = 1000
	l := NewLinks(size, time.Minute)
	now := time.Now()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 20_000 {
				l.Learn("", fmt.Sprint(g, "-", i), trace128(1, uint64(i+1)), now)
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, l.Len(), size)
	require.Greater(t, l.Len(), size*9/10)
	_, last := l.Lookup("", "3-19999", now)
	_, first := l.Lookup("", "0-0", now)
	require.True(t, last || !first, "the oldest go first")
}

func TestWeak(t *testing.T) {
	f := func(want bool, ids ...string) {
		t.Helper()
		for _, id := range ids {
			require.Equal(t, want, Weak(id), id)
		}
	}
	f(true, "1", "42", "req-1", "req-1a", "request:77", "", "abc", "1234567890")
	f(false, "f47ac10b-58cc-4372-a567-0e02b2c3d479", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "9m4e2mr0ui3e8a215n4g", "V1StGXR8_Z5jdHi6B-myT", "0HMVD9N2A1B2C:00000001", "4bf92f3577b34da6a3ce929d0e0e4736", "order-2026-11-03-0001")
}

func TestShapes(t *testing.T) {
	f := func(text string, want Shape, fixed string) {
		t.Helper()
		id, _ := hexTrace(text)
		require.Equal(t, want, ShapeOf(id), text)
		if got, ok := Repair(id); fixed != "" {
			require.True(t, ok)
			require.Equal(t, fixed, hexOf(got))
		} else {
			require.False(t, ok)
		}
	}
	f("4bf92f3577b34da6a3ce929d0e0e4736", ShapeValid, "")
	f("0000000000000000a3ce929d0e0e4736", ShapeValid, "")
	f("00000000000000000000000000000000", ShapeZero, "")
	f("a3ce929d0e0e47360000000000000000", ShapeShort, "0000000000000000a3ce929d0e0e4736")
	f("01020304050607080000000000000000", ShapeValid, "") // a test's ID
	f("01000000000000000000000000000000", ShapeValid, "")
	f("61336365393239643065306534373336", ShapeText, "0000000000000000a3ce929d0e0e4736")
	f("5759e988bd862e3fe1be46a994272793", ShapeValid, "")
}

func BenchmarkLinks(b *testing.B) {
	l := NewLinks(100_000, time.Minute)
	now := time.Now()
	id := "f47ac10b-58cc-4372-a567-0e02b2c3d479"
	b.ReportAllocs()
	for b.Loop() {
		l.Learn("", id, [16]byte{1}, now)
		l.Lookup("", id, now)
	}
}
