// Package soak kills the collector again and again under load, fills its disk and damages its files, and proves by the numbers
// of the records that nothing that it acknowledged is missing and nothing personal got out.
package soak

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// kills is how often TestSoak kills: SOAK_KILLS, a few without it.
func kills(t *testing.T) int {
	text := os.Getenv("SOAK_KILLS")
	if text == "" {
		return 5
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "SOAK_KILLS must be a number")
	return n
}

// limit ends the kills of the long form in time for a soak of 15 minutes.
const limit = 10 * time.Minute

// TestSoak kills the collector at random moments, also while it starts, under load that is acknowledged. Its three backends
// (two that we are, one real Loki) fail, throttle, are slow, and restart. Senders repeat what was not acknowledged, as SDKs do.
func TestSoak(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	t.Logf("seed %d", seed)
	loki := harness.StartLoki(t)
	sinks := []*harness.Sink{harness.StartSink(t, planted...), harness.StartSink(t, planted...)}
	c := harness.StartCollector(t, harness.Testdata(t, "soak.yaml"), map[string]string{
		"LOKI_ENDPOINT": loki.Push(), "SINK_A": sinks[0].URL, "SINK_B": sinks[1].URL,
	})
	began, total := time.Now(), kills(t) // before the first record: Loki is asked for what is younger
	load := startLoad(t, c.OTLPHTTP)
	weather := startWeather(t, sinks, seed)
	killed, early := 0, 0
	for ; killed < total && time.Since(began) < limit; killed++ {
		// One kill of four comes while the collector starts.
		life := 500*time.Millisecond + time.Duration(random.Int64N(int64(5*time.Second)))
		if random.IntN(4) == 0 {
			life = time.Duration(random.Int64N(int64(time.Second)))
			early++
		}
		time.Sleep(life)
		require.False(t, c.Ended(), "the collector ended by itself:\n%s", c.Tail(3000))
		c.Kill()
		if killed%10 == 0 {
			searchFiles(t, c.State)
		}
		c.Launch(t)
		if killed%30 == 3 {
			loki.Stop()
			loki.Restart(t)
		}
	}
	c.WaitReady(t, c.Health, time.Minute)
	weather.end(t)
	n := load.end(t)

	for i, s := range sinks {
		harness.Eventually(t, 2*time.Minute, func() error {
			if which, missing := s.Missing(n); missing > 0 {
				return fmt.Errorf("sink %d: %d of %d acknowledged records are missing, such as %v", i, missing, n, which)
			}
			return nil
		})
		records, copies := s.Seen()
		share := 100 * float64(copies) / float64(records)
		t.Logf("sink %d: %d records, %d copies (%.2f %%), %d requests refused", i, records, copies, share, s.Refused())
		if total >= 50 { // with fewer kills chance decides
			assert.Less(t, share, 5.0, "copies in percent")
		}
		assert.Empty(t, s.Leaked(), "personal data in sink %d", i)
		assert.Empty(t, s.Problems(), "sink %d", i)
	}
	checkLoki(t, loki, began, n)
	for _, issue := range c.ListIssues(t) {
		text := harness.Get(t, c.Issues+"/api/issues/"+issue.ID) + harness.Get(t, c.Issues+"/issues/"+issue.ID)
		assert.Empty(t, harness.Contains(text, planted), "personal data on the page")
	}
	c.Stop()
	assert.Zero(t, c.ExitCode())
	searchFiles(t, c.State)
	assert.Empty(t, harness.Contains(c.Output(), planted), "personal data in the collector's own log")
	aside, err := filepath.Glob(filepath.Join(c.State, "*", "*damaged*"))
	require.NoError(t, err)
	assert.Empty(t, aside, "no kill damaged a file")
	t.Logf("%d kills (%d within a second after the start) in %s; %d records acknowledged, %d requests repeated; none missing, none leaked",
		killed, early, time.Since(began).Round(time.Second), n, load.repeated.Load())
	t.Log(windows(c.Output()))
	if killed < total {
		t.Errorf("%d of %d kills within %s", killed, total, limit)
	}
}

// checkLoki: each record is there. Loki drops exact copies by itself.
func checkLoki(t *testing.T, loki *harness.Loki, since time.Time, n int64) {
	t.Helper()
	harness.Eventually(t, 3*time.Minute, func() error {
		seen := map[string]bool{}
		for _, e := range loki.All(t, `{service_name="soak"}`, since) {
			seen[e.Labels["record_number"]] = true
			if found := harness.Contains(e.Line+fmt.Sprint(e.Labels), planted); len(found) > 0 {
				t.Errorf("personal data in Loki: %v", found)
			}
		}
		var missing []int64
		for i := range n {
			if !seen[strconv.FormatInt(i, 10)] {
				missing = append(missing, i)
			}
		}
		if len(missing) > 0 {
			found := loki.All(t, fmt.Sprintf(`{service_name="soak"} |= "record %d "`, missing[0]), since)
			return fmt.Errorf("loki lacks %d of %d records: %v; asked for the first of them it has %v", len(missing), n, missing[:min(len(missing), 60)], found)
		}
		return nil
	})
}

// TestKillWhileReopening kills the collector in the moment in which its queue puts back what was being sent, again and again.
func TestKillWhileReopening(t *testing.T) {
	sink := harness.StartSink(t, planted...)
	sink.Answer(harness.Manner{Status: http.StatusServiceUnavailable})
	c := harness.StartCollector(t, harness.Testdata(t, "soak.yaml"), map[string]string{"SINK_A": sink.URL, "SINK_B": "http://" + harness.Address(t), "LOKI_ENDPOINT": "http://" + harness.Address(t)})
	var n int64
	for range 40 { // of 25 records of 20 KB: some batches
		batch := newBatch(n, 20_000)
		harness.Eventually(t, 30*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, batch) })
		n += int64(batch.LogRecordCount())
	}
	const rounds = 12
	aimed := 0
	for round := range rounds {
		time.Sleep(300 * time.Millisecond) // the queue's consumers take what waits
		c.Kill()
		from := len(c.Output())
		c.Launch(t)
		deadline := time.Now().Add(20 * time.Second)
		for time.Now().Before(deadline) {
			if what := windowIn(c.Output()[from:]); what == ended {
				break
			} else if what == open {
				time.Sleep(time.Duration(round) * 25 * time.Millisecond) // at all moments of it
				c.Kill()
				if windowIn(c.Output()[from:]) == open {
					aimed++
				}
				c.Launch(t)
				break
			}
			time.Sleep(100 * time.Microsecond)
		}
		c.WaitReady(t, c.Health, time.Minute)
	}
	sink.Answer(harness.Manner{})
	harness.Eventually(t, time.Minute, func() error {
		if which, missing := sink.Missing(n); missing > 0 {
			return fmt.Errorf("%d of %d acknowledged records are missing, such as %v", missing, n, which)
		}
		return nil
	})
	_, copies := sink.Seen()
	assert.Zero(t, copies, "nothing was delivered before the last start: no kill may leave a batch in the queue twice")
	t.Logf("%d kills, %d of them in the window; %d records, none missing, %d copies; %s", 2*rounds, aimed, n, copies, windows(c.Output()))
}
