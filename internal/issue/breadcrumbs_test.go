package issue_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestBreadcrumbs(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(1000, 3)
	b.Resize(10, 2) // the greatest counts
	base := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	trace := [16]byte{1, 15: 1}
	require.Nil(t, b.Of(trace))
	for i := range 5 {
		b.Add(trace, &issue.Crumb{Time: base.Add(time.Duration(i) * time.Second), Message: fmt.Sprint(i)})
	}
	b.Add(trace, &issue.Crumb{Time: base.Add(3500 * time.Millisecond), Message: "late"})
	b.Add([16]byte{}, &issue.Crumb{Message: "no trace"})
	var got []string
	for _, c := range b.Of(trace) {
		got = append(got, c.Message)
	}
	require.Equal(t, []string{"3", "late", "4"}, got, "the last three, by time")
	require.Nil(t, b.Of([16]byte{}))
}

func TestBreadcrumbsAreBounded(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(640, 1000)
	kept := 0
	for i := range uint64(5000) {
		var trace [16]byte
		binary.BigEndian.PutUint64(trace[8:], i)
		b.Add(trace, &issue.Crumb{Message: strings.Repeat("x", 10000), Data: []issue.CrumbData{{Key: "k", Value: strings.Repeat("y", 10000)}}})
	}
	for i := range uint64(5000) {
		var trace [16]byte
		binary.BigEndian.PutUint64(trace[8:], i)
		if c := b.Of(trace); c != nil {
			kept++
			require.LessOrEqual(t, len(c[0].Message), 2048)
			require.Empty(t, c[0].Data)
		}
	}
	require.Equal(t, 640, kept)
	one := [16]byte{9}
	for range 1000 {
		b.Add(one, &issue.Crumb{Message: strings.Repeat("x", 1000)})
	}
	require.Less(t, len(b.Of(one)), 40, "bytes of one trace")
}

// TestBreadcrumbsGrow: a bound that is raised later holds for the traces that are there.
func TestBreadcrumbsGrow(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 2)
	for i := range uint64(1000) {
		if i == 500 {
			b.Resize(128, 2)
		}
		var trace [16]byte
		binary.BigEndian.PutUint64(trace[8:], i+1)
		b.Add(trace, &issue.Crumb{Message: "m"})
		require.Len(t, b.Of(trace), 1)
	}
}

func TestBreadcrumbsConcurrently(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 3)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range uint64(2000) {
				var trace [16]byte
				binary.BigEndian.PutUint64(trace[8:], i%200)
				b.Add(trace, &issue.Crumb{Message: fmt.Sprint(g)})
				b.Of(trace)
			}
		})
	}
	wg.Wait()
}

// TestBreadcrumbsComeBackWhole: what is encoded is what is read, also behind records that were dropped.
func TestBreadcrumbsComeBackWhole(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 3)
	trace := [16]byte{1}
	at := time.Date(2026, 11, 20, 9, 0, 0, 5, time.UTC)
	for i := range 50 {
		b.Add(trace, &issue.Crumb{
			Time: at.Add(time.Duration(i)), Service: "shop", Category: "client", Level: "error", Message: strings.Repeat("ü", i*40), SpanID: [8]byte{1, 7: 9},
			Data: []issue.CrumbData{{Key: "http.route", Value: "/pay"}, {Key: "empty"}},
		})
	}
	b.Add([16]byte{2}, &issue.Crumb{})
	got := b.Of(trace)
	require.Len(t, got, 3)
	require.Equal(t, issue.Breadcrumb{
		Time: at.Add(47), Service: "shop", Category: "client", Level: "error", Message: strings.Repeat("ü", 1024), SpanID: "0100000000000009",
	}, got[0], "a message that fills the bound leaves no room for data")
	b.Add(trace, &issue.Crumb{Time: at.Add(60), Service: strings.Repeat("s", 300), Message: "short", Data: []issue.CrumbData{{Key: "http.route", Value: "/pay"}, {Key: "empty"}}})
	require.Equal(t, map[string]string{"http.route": "/pay", "empty": ""}, b.Of(trace)[2].Data)
	require.Equal(t, []issue.Breadcrumb{{}}, b.Of([16]byte{2}))
}

// TestBreadcrumbsAllocateNothing once the traces are as many as are kept.
func TestBreadcrumbsAllocateNothing(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 10)
	crumb := issue.Crumb{Service: "shop", Level: "info", Message: "charging card for order 5512"}
	n := uint64(0)
	add := func() {
		n++
		var trace [16]byte
		binary.BigEndian.PutUint64(trace[8:], n/5)
		b.Add(trace, &crumb)
	}
	for range 2000 {
		add()
	}
	require.Zero(t, testing.AllocsPerRun(2000, add))
}

// TestBreadcrumbsUnsized: the zero value is ready to use, and bounds that make no sense harm nobody.
func TestBreadcrumbsUnsized(t *testing.T) {
	f := func(resize func(b *issue.Breadcrumbs)) {
		t.Helper()
		var b issue.Breadcrumbs
		resize(&b)
		for i := range byte(100) {
			b.Add([16]byte{i, 15: 1}, &issue.Crumb{Message: "m"})
		}
		require.Len(t, b.Of([16]byte{99, 15: 1}), 1)
	}
	f(func(*issue.Breadcrumbs) {})
	f(func(b *issue.Breadcrumbs) { b.Resize(0, 0) })
	f(func(b *issue.Breadcrumbs) { b.Resize(-5, 1) })
}

// TestCrumbWriter: records of traces that take turns come into the table in their order, the last ones of a long run.
func TestCrumbWriter(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 3)
	w := issue.CrumbWriter{To: &b}
	one, two := [16]byte{1}, [16]byte{2}
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for i, trace := range [][16]byte{one, one, two, {}, one, two, two, two, two, two} {
		w.Add(trace, &issue.Crumb{Time: at.Add(time.Duration(i)), Message: fmt.Sprint(i)})
	}
	w.Flush()
	w.Flush()
	said := func(trace [16]byte) (all []string) {
		for _, c := range b.Of(trace) {
			all = append(all, c.Message)
		}
		return all
	}
	require.Equal(t, []string{"0", "1", "4"}, said(one))
	require.Equal(t, []string{"7", "8", "9"}, said(two))
}

// TestCrumbWriterNames: what is the same in most records is encoded once, and what is not comes back all the same.
func TestCrumbWriterNames(t *testing.T) {
	var b issue.Breadcrumbs
	b.Resize(64, 100)
	w := issue.CrumbWriter{To: &b}
	trace := [16]byte{1}
	var want []string
	for range 2 {
		for _, names := range [][3]string{
			{"shop", "client", "info"}, {"shop", "client", "info"}, {"shop", "server", "info"}, {"shop", "client", "error"}, {"", "", ""},
			{"", "", ""}, {"s", "hop", ""}, {"sh", "op", ""}, {"shop", "", "info"}, {strings.Repeat("s", 300), "c", "info"},
		} {
			w.Add(trace, &issue.Crumb{Service: names[0], Category: names[1], Level: names[2], Message: "m"})
			want = append(want, fmt.Sprintf("%.255s|%s|%s|m", names[0], names[1], names[2]))
		}
		w.Flush()
	}
	var got []string
	for _, c := range b.Of(trace) {
		got = append(got, c.Service+"|"+c.Category+"|"+c.Level+"|"+c.Message)
	}
	require.Equal(t, want, got)
}
