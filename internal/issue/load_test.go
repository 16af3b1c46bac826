package issue_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// feed makes realistic occurrences: each has a trace, a user, tags and a sample with a stack of 30 frames.
type feed struct {
	n      uint64
	issues uint64
	ids    []string
	tags   []map[string]string
	users  []string
	stack  []stacktrace.Exception
}

func newFeed(issues int) *feed {
	f := &feed{issues: uint64(issues)}
	for i := range issues {
		f.ids = append(f.ids, fmt.Sprintf("%016x", i*2654435761))
	}
	for i := range 20 {
		f.tags = append(f.tags, map[string]string{
			"http.route": fmt.Sprint("/api/v1/resource/", i), "http.request.method": "POST", "host.name": fmt.Sprint("node-", i%5),
			"k8s.namespace.name": "shop", "http.response.status_code": "500",
		})
	}
	for i := range 1000 {
		f.users = append(f.users, fmt.Sprint("user-", i))
	}
	x := stacktrace.Exception{Type: "ValueError", Message: "invalid literal for int() with base 10: 'x'", Parent: -1}
	for i := range 30 {
		x.Frames = append(x.Frames, stacktrace.Frame{Function: fmt.Sprint("function_", i), Module: "billing.pay", File: "/srv/app/billing/pay.py", Line: 10 * i, InApp: i < 5})
	}
	f.stack = []stacktrace.Exception{x}
	return f
}

func (f *feed) next(batch []issue.Occurrence, now time.Time) {
	for i := range batch {
		f.n++
		n := f.n
		o := &batch[i]
		*o = issue.Occurrence{
			Issue: f.ids[n*7919%f.issues], Title: "ValueError: invalid literal for int() with base 10: <str>", Culprit: "charge in billing/pay.py",
			Level: "error", Basis: grouping.ByStack, Service: "billing", Environment: "production", Release: "1.4.2", Signal: issue.LogRecord, Time: now,
			User: f.users[n%1000], Tags: f.tags[n%20], Root: []uint64{n * 7919 % f.issues},
		}
		binary.BigEndian.PutUint64(o.Key[:], n)
		binary.BigEndian.PutUint64(o.TraceID[8:], n)
		binary.BigEndian.PutUint64(o.SpanID[:], n)
		key := o.Key
		o.Sample = func() *issue.Event {
			return &issue.Event{
				ID: key.String(), Time: now, Service: "billing", Release: "1.4.2", Level: "error", Exceptions: f.stack,
				Stack: strings.Repeat("  File \"/srv/app/billing/pay.py\", line 10, in charge\n", 30), Tags: f.tags[0],
			}
		}
	}
}

// TestMillion: a million occurrences of 10,000 issues stay within the bounds of memory and disk. What it measures is
// logged, not asserted: another machine has other numbers.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: a million occurrences, because of -short")
	}
	const issues, occurrences, maxBytes = 10000, million, 256 << 20
	dir := t.TempDir()
	store, err := file.Open(dir, nil)
	require.NoError(t, err)
	core := issue.NewCore(issue.Options{Store: store, MaxNew: -1, MaxBytes: maxBytes, Rules: issue.Rules{AliveInterval: time.Second}})
	require.NoError(t, core.Start(t.Context()))
	f := newFeed(issues)
	batch := make([]issue.Occurrence, 200)
	out := make([]issue.Verdict, 0, len(batch))
	before := heap()
	start, cpuBefore := time.Now(), cpuTime()
	for range occurrences / len(batch) {
		f.next(batch, time.Now())
		out = core.Judge(t.Context(), batch, out[:0])
	}
	took, cpu := time.Since(start), cpuTime()-cpuBefore
	used := heap() - before
	page, err := core.List(t.Context(), issue.Query{})
	require.NoError(t, err)
	require.Equal(t, issues, page.Total)
	var lists []time.Duration
	for _, q := range []issue.Query{{}, {Text: "valueerror pay.py"}, {Service: "billing", Sort: issue.ByCount, Limit: 100}, {After: page.Next}} {
		from := time.Now()
		_, err := core.List(t.Context(), q)
		require.NoError(t, err)
		lists = append(lists, time.Since(from))
	}
	require.NoError(t, core.Shutdown(context.Background()))
	info, err := os.Stat(filepath.Join(dir, file.Name))
	require.NoError(t, err)
	t.Logf("%.2f us per occurrence (%.2f us of CPU, writes and garbage collection included), %d MiB of memory, %d MiB on disk, lists %v", float64(took.Microseconds())/occurrences, float64(cpu.Microseconds())/occurrences, used>>20, info.Size()>>20, lists)
	require.Less(t, used, int64(400<<20))
	require.Less(t, info.Size(), int64(maxBytes))

	store, err = file.Open(dir, nil)
	require.NoError(t, err)
	core = issue.NewCore(issue.Options{Store: store})
	from := time.Now()
	require.NoError(t, core.Start(t.Context()))
	t.Logf("restart in %s", time.Since(from))
	page, err = core.List(t.Context(), issue.Query{Limit: 500})
	require.NoError(t, err)
	require.Equal(t, issues, page.Total)
	for _, i := range page.Issues {
		require.EqualValues(t, occurrences/issues, i.Count)
	}
	require.NoError(t, core.Shutdown(context.Background()))
}

// cpuTime is what this process has used, on all cores.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkJudge(b *testing.B) {
	for name, store := range map[string]func() issue.Store{
		"memory": func() issue.Store { return memory.New() },
		"file": func() issue.Store {
			s, err := file.Open(b.TempDir(), nil)
			require.NoError(b, err)
			return s
		},
	} {
		for _, issues := range []int{100, 10000} {
			b.Run(fmt.Sprintf("%s/issues=%d", name, issues), func(b *testing.B) {
				core := issue.NewCore(issue.Options{Store: store(), MaxNew: -1})
				require.NoError(b, core.Start(context.Background()))
				defer func() { require.NoError(b, core.Shutdown(context.Background())) }()
				f := newFeed(issues)
				batch := make([]issue.Occurrence, 100)
				out := make([]issue.Verdict, 0, len(batch))
				for range issues / 50 {
					f.next(batch, time.Now())
					core.Judge(context.Background(), batch, out)
				}
				b.ReportAllocs()
				b.ResetTimer()
				n := 0
				for b.Loop() {
					f.next(batch, time.Now())
					out = core.Judge(context.Background(), batch, out[:0])
					n += len(batch)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/occurrence")
			})
		}
	}
}

func BenchmarkList(b *testing.B) {
	for _, issues := range []int{100, 10000, 100000} {
		b.Run(fmt.Sprintf("issues=%d", issues), func(b *testing.B) {
			core := issue.NewCore(issue.Options{Store: memory.New(), MaxNew: -1})
			require.NoError(b, core.Start(context.Background()))
			defer func() { require.NoError(b, core.Shutdown(context.Background())) }()
			f := newFeed(issues)
			batch := make([]issue.Occurrence, 100)
			for range issues / 50 {
				f.next(batch, time.Now())
				core.Judge(context.Background(), batch, nil)
			}
			b.ReportAllocs()
			for b.Loop() {
				_, err := core.List(context.Background(), issue.Query{Text: "valueerror", Limit: 50})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkBreadcrumbs(b *testing.B) {
	var crumbs issue.Breadcrumbs
	crumb := issue.Crumb{Time: time.Now(), Service: "billing", Category: "app", Level: "info", Message: "charging card for order 5512"}
	var trace [16]byte
	b.ReportAllocs()
	n := uint64(0)
	for b.Loop() {
		n++
		binary.BigEndian.PutUint64(trace[8:], n/20)
		crumbs.Add(trace, &crumb)
	}
}
