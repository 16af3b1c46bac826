package stress

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// numbered makes count records of about size bytes, numbered from n.
func numbered(service string, n, count int64, size int) plog.Logs {
	logs, records := harness.NewLogs(service)
	for i := n; i < n+count; i++ {
		lr := harness.AddLog(records, plog.SeverityNumberInfo, fmt.Sprintf("record %d %s", i, strings.Repeat("x", size)))
		lr.Attributes().PutInt(harness.RecordID, i)
	}
	return logs
}

// TestOverload: twenty-four senders without pause offer more than ten times what the backend takes. They are refused with an answer
// after which they send again; the heap stays below the limit of memory_limiter and a fifth; all that was acknowledged
// arrives; as soon as the flood ends, everything is taken again.
func TestOverload(t *testing.T) {
	const limit = 128 << 20 // of overload.yaml
	slow, quick, events := harness.StartSink(t), harness.StartSink(t), harness.StartSink(t)
	slow.Answer(harness.Manner{Delay: 2 * time.Second})
	c, self := harness.StartObserved(t, harness.Testdata(t, "overload.yaml"), map[string]string{
		"SLOW": slow.URL, "QUICK": quick.URL, "EVENTS": events.URL, "QUEUE_SIZE": "5000000", "BEATS_ENDPOINT": harness.Address(t),
	}, "")
	var next, refused, offered atomic.Int64
	var mu sync.Mutex // protects accepted
	var accepted []int64
	var flood sync.WaitGroup
	stop := make(chan struct{})
	for range 24 {
		flood.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := next.Add(1000) - 1000
				offered.Add(1)
				switch status := harness.TrySendLogs(t, c.OTLPHTTP, numbered("flood", n, 1000, 1000)); status {
				case http.StatusOK:
					mu.Lock()
					accepted = append(accepted, n)
					mu.Unlock()
				case http.StatusServiceUnavailable, http.StatusTooManyRequests:
					refused.Add(1)
				default:
					t.Errorf("answer %d: senders would not send again", status)
					return
				}
			}
		})
	}
	var peak, resident int64
	began := time.Now()
	enough := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return time.Since(began) > 6*time.Second && offered.Load() > int64(11*len(accepted)+24)
	}
	for !enough() && time.Since(began) < 25*time.Second {
		peak = max(peak, heap(t, self))
		resident = max(resident, own(t, self, "otelcol_process_memory_rss"))
		time.Sleep(100 * time.Millisecond)
	}
	close(stop)
	flood.Wait()
	require.False(t, c.Ended(), c.Tail(3000))
	t.Logf("%d batches of 1 MB offered in %s, %d accepted, %d refused; heap at most %d MiB of %d, RSS at most %d", offered.Load(), time.Since(began).Round(time.Second),
		len(accepted), refused.Load(), peak>>20, limit>>20, resident>>20)
	assert.Greater(t, offered.Load(), int64(10*len(accepted)), "more than ten times what was taken")
	assert.Less(t, peak, int64(limit)*12/10)
	assert.Contains(t, c.Output(), "Memory usage is above soft limit", "memory_limiter had to help")

	slow.Answer(harness.Manner{})
	harness.Eventually(t, 30*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, numbered("after", -1000, 1000, 1000)) })
	accepted = append(accepted, -1000)
	harness.Eventually(t, 60*time.Second, func() error {
		for _, n := range accepted {
			for _, s := range []*harness.Sink{slow, quick} {
				if !s.Has(n) || !s.Has(n+999) {
					return fmt.Errorf("batch %d was acknowledged and is missing", n)
				}
			}
		}
		return nil
	})
}

// heap reads the collector's own metric.
func heap(t *testing.T, self string) int64 {
	return own(t, self, "otelcol_process_runtime_heap_alloc_bytes")
}

func own(t *testing.T, self, metric string) int64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + metric + `\S* (\S+)$`).FindStringSubmatch(harness.Get(t, "http://"+self+"/metrics"))
	require.NotNil(t, found, "%s is among the own metrics", metric)
	n, err := strconv.ParseFloat(found[1], 64)
	require.NoError(t, err)
	return int64(n)
}

// TestRefusals: with a full queue each input refuses in the way that makes its clients send again.
func TestRefusals(t *testing.T) {
	slow, quick, events := harness.StartSink(t), harness.StartSink(t), harness.StartSink(t)
	slow.Answer(harness.Manner{Status: http.StatusServiceUnavailable})
	beats := harness.Address(t)
	c := harness.StartCollector(t, harness.Testdata(t, "overload.yaml"), map[string]string{"SLOW": slow.URL, "QUICK": quick.URL, "EVENTS": events.URL, "BEATS_ENDPOINT": beats, "QUEUE_SIZE": "300000"})
	for n := int64(0); harness.TrySendLogs(t, c.OTLPHTTP, numbered("fill", n, 10, 5000)) == http.StatusOK; n += 10 {
		require.Less(t, n, int64(1000), "a full queue does not refuse")
	}

	t.Run("otlp http", func(t *testing.T) {
		body, err := plogotlp.NewExportRequestFromLogs(numbered("more", 0, 10, 5000)).MarshalProto()
		require.NoError(t, err)
		resp, err := http.Post(c.OTLPHTTP+"/v1/logs", "application/x-protobuf", bytes.NewReader(body))
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
		assert.Equal(t, "1", resp.Header.Get("Retry-After"))
	})
	t.Run("otlp grpc", func(t *testing.T) {
		conn, err := grpc.NewClient(c.OTLPGRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
		require.NoError(t, err)
		defer conn.Close()
		_, err = plogotlp.NewGRPCClient(conn).Export(context.Background(), plogotlp.NewExportRequestFromLogs(numbered("more", 0, 10, 5000)))
		assert.Equal(t, codes.Unavailable, status.Code(err), "%v", err)
		assert.Contains(t, fmt.Sprint(status.Convert(err).Proto().GetDetails()), "google.rpc.RetryInfo")
	})
	t.Run("sentry", func(t *testing.T) {
		event := `{"message":"boom ` + strings.Repeat("x", 200_000) + `"}`
		body := fmt.Sprintf("{}\n{\"type\":\"event\",\"length\":%d}\n%s\n", len(event), event)
		for range 20 { // the spool takes the first
			resp, err := http.Post("http://"+c.Sentry+"/api/1/envelope/?sentry_key=public", "application/x-sentry-envelope", strings.NewReader(body))
			require.NoError(t, err)
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				continue
			}
			assert.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
			assert.NotEmpty(t, resp.Header.Get("Retry-After"))
			assert.NotEmpty(t, resp.Header.Get("X-Sentry-Rate-Limits"))
			return
		}
		t.Error("the spool is never full")
	})
	t.Run("beats", func(t *testing.T) {
		client, err := lumber.SyncDial(beats, lumber.Timeout(10*time.Second))
		require.NoError(t, err)
		defer client.Close()
		n, err := client.Send([]any{map[string]any{"message": strings.Repeat("x", 50_000)}})
		assert.Zero(t, n, "not acknowledged")
		var timeout net.Error
		require.Error(t, err)
		assert.False(t, errors.As(err, &timeout) && timeout.Timeout(), "the connection is closed, so that the client sends again: %v", err)
	})
	require.False(t, c.Ended())
}

// TestSlowBackend: a backend that takes nothing does not keep the others from getting everything, until its queue is full; then
// senders are refused, and what they send again is counted once.
func TestSlowBackend(t *testing.T) {
	slow, quick, events := harness.StartSink(t), harness.StartSink(t), harness.StartSink(t)
	c := harness.StartCollector(t, harness.Testdata(t, "overload.yaml"), map[string]string{"SLOW": slow.URL, "QUICK": quick.URL, "EVENTS": events.URL, "BEATS_ENDPOINT": harness.Address(t), "QUEUE_SIZE": "600000"})
	batch := func(n int64) plog.Logs {
		logs := numbered("shop", n, 20, 1000)
		for _, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
			lr.SetSeverityNumber(plog.SeverityNumberError)
			lr.Body().SetStr("cannot open ledger " + strings.Repeat("x", 1000))
		}
		return logs
	}
	var n int64
	// pace tells how long ten batches took to be acknowledged, and to arrive at the quick backend: medians.
	pace := func() string {
		var acknowledged, arrived []time.Duration
		for range 10 {
			began := time.Now()
			require.NoError(t, harness.SendLogs(c.OTLPHTTP, batch(n)))
			acknowledged = append(acknowledged, time.Since(began))
			n += 20
			for !quick.Has(n-1) && time.Since(began) < time.Minute {
				time.Sleep(time.Millisecond)
			}
			arrived = append(arrived, time.Since(began))
		}
		slices.Sort(acknowledged)
		slices.Sort(arrived)
		return fmt.Sprintf("acknowledged after %s, with the quick backend after %s", acknowledged[5].Round(time.Millisecond/10), arrived[5].Round(time.Millisecond))
	}
	t.Logf("both take all: %s", pace())
	slow.Answer(harness.Manner{Status: http.StatusServiceUnavailable})
	t.Logf("one takes nothing: %s", pace())
	var stuck plog.Logs
	from := n
	for ; ; n += 20 {
		if stuck = batch(n); harness.TrySendLogs(t, c.OTLPHTTP, stuck) != http.StatusOK {
			break
		}
		require.Less(t, n, int64(5000))
	}
	require.Greater(t, n, from, "its queue takes a while to fill")
	harness.Eventually(t, 20*time.Second, func() error {
		if which, missing := quick.Missing(n); missing > 0 {
			return fmt.Errorf("the quick backend lacks %d of %d records, such as %v", missing, n, which)
		}
		return nil
	})
	_, copies := quick.Seen()
	assert.Zero(t, copies, "nothing was refused yet, so nothing is there twice")
	for range 5 {
		require.Equal(t, http.StatusServiceUnavailable, harness.TrySendLogs(t, c.OTLPHTTP, stuck))
	}
	slow.Answer(harness.Manner{})
	harness.Eventually(t, 20*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, stuck) })
	n += 20
	for _, s := range []*harness.Sink{slow, quick} {
		harness.Eventually(t, 20*time.Second, func() error {
			if which, missing := s.Missing(n); missing > 0 {
				return fmt.Errorf("%d of %d records are missing, such as %v", missing, n, which)
			}
			return nil
		})
	}
	_, copies = slow.Seen()
	assert.Zero(t, copies, "the slow backend has each once")
	issues := c.ListIssues(t)
	require.Len(t, issues, 1)
	assert.Equal(t, uint64(n), issues[0].Count, "counted once, although the batch was sent seven times")
}

// TestNoisyNeighbours: a service whose every error is a new one, and one error that explodes, take nothing from fifty others: each
// of their issues is there with its exact count, and each is told of.
func TestNoisyNeighbours(t *testing.T) {
	sinks := [3]*harness.Sink{harness.StartSink(t), harness.StartSink(t), harness.StartSink(t)}
	c := harness.StartCollector(t, harness.Testdata(t, "overload.yaml"), map[string]string{
		"SLOW": sinks[0].URL, "QUICK": sinks[1].URL, "EVENTS": sinks[2].URL, "BEATS_ENDPOINT": harness.Address(t), "QUEUE_SIZE": "200000000",
	})
	errors := func(service string, count int, text func(i int) (kind, message string)) {
		logs, records := harness.NewLogs(service)
		for i := range count {
			kind, message := text(i)
			lr := harness.AddLog(records, plog.SeverityNumberError, message)
			lr.Attributes().PutStr("exception.type", kind)
			lr.Attributes().PutStr("exception.message", message)
			lr.Attributes().PutInt(harness.RecordID, int64(i)) // tells records of one text apart
			lr.SetTimestamp(lr.Timestamp() + 1000*1000)
		}
		harness.Eventually(t, 20*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, logs) })
	}
	const noise, explosion, services, each = 3000, 20_000, 50, 3
	for i := range 10 {
		errors("noisy", noise/10, func(k int) (string, string) {
			word := letters(i*1000 + k)
			return "Error" + word, "broken " + word
		})
		errors("exploding", explosion/10, func(int) (string, string) { return "TimeoutError", "the ledger does not answer" })
		for s := i * services / 10; s < (i+1)*services/10; s++ {
			errors(fmt.Sprintf("quiet-%02d", s), each, func(int) (string, string) { return "QuietError", "rarely" })
		}
	}
	counts := map[string]uint64{}
	number := map[string]int{}
	for _, i := range c.ListIssues(t) {
		counts[i.Service] += i.Count
		number[i.Service]++
	}
	assert.Equal(t, uint64(noise), counts["noisy"], "all are counted")
	assert.LessOrEqual(t, number["noisy"], 101, "max_new_per_service and one for the rest")
	assert.Equal(t, 1, number["exploding"])
	assert.Equal(t, uint64(explosion), counts["exploding"])
	for s := range services {
		name := fmt.Sprintf("quiet-%02d", s)
		assert.Equal(t, uint64(each), counts[name], name)
		harness.Eventually(t, 20*time.Second, func() error {
			if sinks[2].OfService(name) == 0 {
				return fmt.Errorf("nobody was told of %s", name)
			}
			return nil
		})
	}
	assert.Less(t, sinks[2].OfService("exploding"), 100, "an explosion is told of, not forwarded")
	t.Logf("noisy: %d issues; events: noisy %d, exploding %d of %d", number["noisy"], sinks[2].OfService("noisy"), sinks[2].OfService("exploding"), explosion)
}

// letters writes a number in letters, so that no template takes it for one.
func letters(n int) string {
	var b bytes.Buffer
	for n += 26 * 26 * 26; n > 0; n /= 26 {
		b.WriteByte(byte('a' + n%26))
	}
	return b.String()
}
