package issue_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
)

// TestEverythingAtOnce: pipelines judge, resend and report while people list, resolve, merge and mute, and the
// registry writes and ages. Every occurrence is counted once.
func TestEverythingAtOnce(t *testing.T) {
	store, err := file.Open(t.TempDir(), nil)
	require.NoError(t, err)
	core := issue.NewCore(issue.Options{
		Store: store, MaxNew: -1, Flush: 20 * time.Millisecond, FlushNew: 5 * time.Millisecond, HotIssues: 20,
		Rules: issue.Rules{AliveInterval: 10 * time.Millisecond},
	})
	require.NoError(t, core.Start(t.Context()))
	const pipelines, batches, each = 4, 60, 25
	id := func(n int) string { return fmt.Sprintf("%016x", n%60+1) }
	var judges, people sync.WaitGroup
	done := make(chan struct{})
	for p := range pipelines {
		judges.Go(func() {
			random := rand.New(rand.NewPCG(uint64(p), 1))
			for b := range batches {
				batch := make([]issue.Occurrence, each)
				for i := range batch {
					n := uint64(p)<<32 | uint64(b)<<16 | uint64(i) + 1
					o := &batch[i]
					*o = issue.Occurrence{
						Issue: id(random.IntN(1000)), Title: "t", Service: "billing", Signal: issue.LogRecord, Time: time.Now(),
						User: fmt.Sprint(n % 50), Release: "1.0", Tags: map[string]string{"a": "b"},
						Sample: func() *issue.Event { return &issue.Event{Service: "billing", Time: time.Now()} },
					}
					binary.BigEndian.PutUint64(o.Key[:], n)
					if i%2 == 0 {
						binary.BigEndian.PutUint64(o.TraceID[:], n)
					}
				}
				core.Judge(context.Background(), batch, nil)
				core.Judge(context.Background(), batch, nil) // sent again
				core.Report([]issue.ServiceReport{{Service: "billing", Errors: each}})
			}
		})
	}
	for p := range 2 {
		people.Go(func() {
			random := rand.New(rand.NewPCG(uint64(p), 2))
			ctx := context.Background()
			for {
				select {
				case <-done:
					return
				default:
				}
				a, b := id(random.IntN(60)), id(random.IntN(60))
				switch random.IntN(8) {
				case 0:
					_, _ = core.Resolve(ctx, a, issue.Resolve{})
				case 1:
					_, _ = core.Mute(ctx, a, issue.MuteFor{Count: 5})
				case 2:
					if p == 0 {
						_, _ = core.Merge(ctx, a, []string{b})
					}
				case 3:
					_ = core.SetTicket(ctx, "jira", a, issue.Ticket{ExternalID: "x"})
				case 4:
					_, _ = core.Services(ctx)
				default:
					_, _ = core.List(ctx, issue.Query{Limit: 20})
					_, _ = core.Get(ctx, a)
				}
			}
		})
	}
	judges.Wait()
	close(done)
	people.Wait()
	page, err := core.List(t.Context(), issue.Query{Limit: 500})
	require.NoError(t, err)
	total := uint64(0)
	for _, i := range page.Issues {
		got, err := core.Get(t.Context(), i.ID)
		require.NoError(t, err)
		total += got.Count
	}
	require.EqualValues(t, pipelines*batches*each, total)
	require.NoError(t, core.Shutdown(context.Background()))
}

// TestDiskIsBounded: endless new issues with large events stay below max_bytes.
func TestDiskIsBounded(t *testing.T) {
	dir := t.TempDir()
	store, err := file.Open(dir, nil)
	require.NoError(t, err)
	const maxBytes = 24 << 20
	core := issue.NewCore(issue.Options{Store: store, MaxNew: -1, MaxBytes: maxBytes, Rules: issue.Rules{AliveInterval: time.Hour}})
	require.NoError(t, core.Start(t.Context()))
	noise := make([]byte, 20000)
	largest := int64(0)
	for n := range 3000 {
		for i := range noise {
			noise[i] = byte('a' + rand.IntN(26))
		}
		text := string(noise)
		o := issue.Occurrence{
			Issue: fmt.Sprintf("%016x", n), Title: "t", Service: "billing", Signal: issue.LogRecord, Time: time.Now(),
			Sample: func() *issue.Event { return &issue.Event{Service: "billing", Stack: text} },
		}
		binary.BigEndian.PutUint64(o.Key[:], uint64(n+1))
		core.Judge(t.Context(), []issue.Occurrence{o}, nil)
		if n%100 == 99 {
			_, err := core.Get(t.Context(), o.Issue) // writes
			require.NoError(t, err)
			core.Care(t.Context())
			info, err := os.Stat(filepath.Join(dir, file.Name))
			require.NoError(t, err)
			largest = max(largest, info.Size())
		}
	}
	t.Logf("%d MiB at most", largest>>20)
	require.Less(t, largest, int64(maxBytes))
	require.Positive(t, core.Size())
	require.NoError(t, core.Shutdown(context.Background()))
}
