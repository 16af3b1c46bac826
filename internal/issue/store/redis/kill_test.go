package redis_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/redis"
)

const killAddress, killPrefix = "CULPRIT_TEST_KILL_REDIS", "culprit-kill"

// killBatch is the batch number n of a process: failures as their callers tell of them, and in the next one as they were.
// All are counted for the deeper service's issues.
func killBatch(process, n int) []issue.Occurrence {
	const failures, issues = 20, 5
	var batch []issue.Occurrence
	for i := range failures {
		trace := uint64(process)<<40 | uint64(n/2*failures+i)
		service, id, span, roots := "shop", idOf(100+i%issues), byte(1), []uint64{2, uint64(i)}
		var parent byte
		if n%2 == 1 {
			service, id, span, parent, roots = "billing", idOf(i%issues+1), 2, 1, []uint64{uint64(i)}
		}
		batch = append(batch, occurrence(trace<<1|uint64(n%2), id, func(o *issue.Occurrence) {
			binary.BigEndian.PutUint64(o.TraceID[8:], trace+1)
			o.SpanID[0], o.ParentSpanID[0], o.Signal, o.Service, o.Root = span, parent, issue.SpanEvent, service, roots
			o.Time = time.Unix(1.7e9, int64(trace)) // of the same batch sent again it is the same
		}))
	}
	return batch
}

func killCore(address string) *issue.Core {
	return issue.NewCore(issue.Options{
		Store: redis.New(redis.Options{Address: address, Prefix: killPrefix, Timeout: 10 * time.Second}), MaxNew: -1, Dead: time.Second,
	})
}

// TestKillChild is the process that TestKill kills. It tells which batches it is given, and which it has judged.
func TestKillChild(t *testing.T) {
	address := os.Getenv(killAddress)
	if address == "" {
		t.Skip("NOT TESTED here: this is the process that TestKill starts")
	}
	core := killCore(address)
	require.NoError(t, core.Start(context.Background()))
	for n := 0; ; n++ {
		core.Judge(context.Background(), killBatch(os.Getpid(), n), nil)
		fmt.Printf("judged %d of %d\n", n+1, os.Getpid())
		time.Sleep(time.Millisecond)
	}
}

// TestKill kills processes at any moment. Their senders send what was not answered, and a little more, to the others;
// everything is counted once.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: what kill -9 leaves in Redis; it takes some seconds, run without -short")
	}
	server := Server(t)
	one, two := killCore(server.Address), killCore(server.Address)
	for _, c := range []*issue.Core{one, two} {
		require.NoError(t, c.Start(t.Context()))
		defer func() { _ = c.Shutdown(context.Background()) }()
	}
	failures := 0
	for round := range 4 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKillChild$", "-test.timeout=60s")
		cmd.Env = append(os.Environ(), killAddress+"="+server.Address)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		cmd.Stderr = os.Stderr
		require.NoError(t, cmd.Start())
		judged, process := 0, cmd.Process.Pid
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			n, pid := 0, 0
			if _, err := fmt.Sscanf(lines.Text(), "judged %d of %d", &n, &pid); err != nil {
				continue
			}
			require.Equal(t, process, pid)
			if judged = n; n == 1 {
				go func() {
					time.Sleep(time.Duration(200+rand.IntN(800)) * time.Millisecond)
					_ = cmd.Process.Kill()
				}()
			}
		}
		_ = cmd.Wait()
		require.Positive(t, judged)
		end := (judged + 2) / 2 * 2
		for n := max(judged-6, 0); n < end; n++ {
			[]*issue.Core{one, two}[(n+round)%2].Judge(t.Context(), killBatch(process, n), nil)
		}
		failures += end / 2 * 20
	}
	for _, c := range []*issue.Core{one, two} {
		require.EventuallyWithT(t, func(t *assertT) {
			page, err := c.List(context.Background(), issue.Query{})
			require.NoError(t, err)
			total := 0
			for _, i := range page.Issues {
				total += int(i.Count)
			}
			require.Equal(t, failures, total)
			require.Len(t, page.Issues, 5)
		}, 30*time.Second, 100*time.Millisecond)
	}
	require.Eventually(t, func() bool { return raw(t, server.Address, "HLEN {"+killPrefix+"}:ledgers") == ":2\r\n" }, 30*time.Second,
		100*time.Millisecond, "ledgers of the dead are left")
	t.Logf("%d failures, all counted once", failures)
}

// TestTakenForDead: a process that is cut off from Redis is taken for dead; when it comes back nothing is counted twice, and
// what it counted alone is not lost.
func TestTakenForDead(t *testing.T) {
	server := Server(t)
	cut := newProxy(t, server.Address)
	cut.calm()
	start := func(address string, flush time.Duration) *issue.Core {
		core := issue.NewCore(issue.Options{
			Store: redis.New(redis.Options{Address: address, Prefix: "dead", Timeout: 5 * time.Second}), Dead: time.Second, Flush: flush, FlushNew: flush,
		})
		require.NoError(t, core.Start(t.Context()))
		return core
	}
	one, two := start(cut.address, time.Hour), start(server.Address, 100*time.Millisecond)
	defer func() { _ = two.Shutdown(context.Background()) }()
	judge := func(c *issue.Core, from, n int) {
		for k := range n {
			c.Judge(t.Context(), []issue.Occurrence{occurrence(uint64(from+k), idA), occurrence(uint64(from+k+1e6), idB)}, nil)
		}
	}
	look := func(want int) {
		t.Helper()
		for _, id := range []string{idA, idB} {
			require.EventuallyWithT(t, func(t *assertT) {
				i, err := two.Get(context.Background(), id)
				require.NoError(t, err)
				require.EqualValues(t, want, i.Count)
			}, 30*time.Second, 50*time.Millisecond)
		}
	}
	judge(one, 1, 100)
	judge(two, 1000, 10)
	look(10)
	cut.away.Store(true)
	judge(one, 2000, 50) // alone
	look(110)
	i, err := two.Get(t.Context(), idA)
	require.NoError(t, err)
	require.EqualValues(t, 10, i.Users)
	require.EqualValues(t, 110, i.Services["billing"])
	cut.away.Store(false)
	// It is written when the process hears from Redis again.
	require.Eventually(t, func() bool {
		_, err := one.Resolve(t.Context(), "0000000000000000", issue.Resolve{})
		return err != nil && !errors.Is(err, issue.ErrUnavailable)
	}, 30*time.Second, 100*time.Millisecond)
	judge(one, 3000, 5)
	require.NoError(t, one.Shutdown(t.Context()))
	look(165)
	time.Sleep(1500 * time.Millisecond) // a second count would be there by now
	look(165)
}
