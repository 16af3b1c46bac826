package soak

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// planted is in every record.
var planted = []string{"ana.lima@example.com", "4111 1111 1111 1111", "DE89370400440532013000", "hunter2-secret"}

// newBatch makes 25 records, numbered from n. One of them is an error.
func newBatch(n int64, padding int) plog.Logs {
	logs, records := harness.NewLogs("soak")
	for i := n; i < n+25; i++ {
		severity, text := plog.SeverityNumberInfo, "payment of "+planted[0]+" with card "+planted[1]
		if i%25 == 0 {
			severity, text = plog.SeverityNumberError, fmt.Sprintf("cannot charge account %s in shop %d", planted[2], i%7)
		}
		// Loki takes records of one time and one text for one: the number makes them differ.
		lr := harness.AddLog(records, severity, fmt.Sprintf("%s record %d %s", text, i, strings.Repeat("x", padding)))
		lr.Attributes().PutInt(harness.RecordID, i)
		lr.Attributes().PutStr("user.email", planted[0])
		lr.Attributes().PutStr("password", planted[3])
	}
	return logs
}

// load sends records until it is told to end.
type load struct {
	next, repeated atomic.Int64
	stop           chan struct{}
	failed         chan error
	senders        sync.WaitGroup
}

// startLoad starts two senders. Each sends a batch until it is acknowledged, then the next: about 1,000 records a second. What was
// on its way at a kill may be in some queues already and is sent again, so a share of the copies is the senders'.
func startLoad(t *testing.T, endpoint string) *load {
	t.Helper()
	l := &load{stop: make(chan struct{}), failed: make(chan error, 2)}
	for range 2 {
		l.senders.Go(func() {
			for {
				select {
				case <-l.stop:
					return
				case <-time.After(25 * time.Millisecond):
				}
				batch := newBatch(l.next.Add(25)-25, 300)
				deadline := time.Now().Add(2 * time.Minute)
				for err := harness.SendLogs(endpoint, batch); err != nil; err = harness.SendLogs(endpoint, batch) {
					if time.Now().After(deadline) {
						l.failed <- fmt.Errorf("a batch was not acknowledged for two minutes: %w", err)
						return
					}
					l.repeated.Add(1)
					time.Sleep(50 * time.Millisecond)
				}
			}
		})
	}
	return l
}

// end stops the senders when all they sent is acknowledged, and tells how many records that are.
func (l *load) end(t *testing.T) int64 {
	t.Helper()
	close(l.stop)
	l.senders.Wait()
	select {
	case err := <-l.failed:
		t.Fatal(err)
	default:
	}
	return l.next.Load()
}

// weather makes backends fail, throttle, slow down and go away.
type weather struct {
	sinks []*harness.Sink
	stop  chan struct{}
	all   sync.WaitGroup
}

func startWeather(t *testing.T, sinks []*harness.Sink, seed uint64) *weather {
	t.Helper()
	w := &weather{sinks: sinks, stop: make(chan struct{})}
	// The refusals are those after which OTLP/HTTP clients send again; after 500 they must not
	// (https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes).
	manners := []harness.Manner{
		{}, {}, {}, {},
		{Status: http.StatusBadGateway},
		{Status: http.StatusGatewayTimeout},
		{Status: http.StatusServiceUnavailable, RetryAfter: "1"},
		{Status: http.StatusTooManyRequests, RetryAfter: "1"},
		{Delay: 150 * time.Millisecond},
	}
	for i, s := range sinks {
		random := rand.New(rand.NewPCG(seed, uint64(2+i)))
		w.all.Go(func() {
			for {
				if random.IntN(6) == 0 {
					s.Away()
				} else {
					s.Open(t)
					s.Answer(manners[random.IntN(len(manners))])
				}
				select {
				case <-w.stop:
					return
				case <-time.After(300*time.Millisecond + time.Duration(random.Int64N(int64(2*time.Second)))):
				}
			}
		})
	}
	return w
}

// end makes it fine again.
func (w *weather) end(t *testing.T) {
	t.Helper()
	close(w.stop)
	w.all.Wait()
	for _, s := range w.sinks {
		s.Open(t)
		s.Answer(harness.Manner{})
	}
}

// searchFiles looks for planted values in every file of the state: queues, positions, the registry.
func searchFiles(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if found := harness.Contains(string(text), planted); len(found) > 0 {
			t.Errorf("personal data in %s: %v", path, found)
		}
		return err
	}))
}
