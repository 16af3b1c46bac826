package stress

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// mark is a planted value that tells where it was put.
func mark(place string) string { return "leaky." + place + "@example.com" }

// others are planted values of other kinds.
var others = []string{
	"4111111111111111", "5555 5555 5555 4444", "DE89370400440532013000", "536-22-8726", "900101-1234568", "010-1234-5678", "203.0.113.77",
	"AKIAZ7VRSQTNXL4LMPOQ", "leakypassword1", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
}

// kinds is a text with all of them.
func kinds() string {
	return "card " + others[0] + ", card: " + others[1] + ", iban " + others[2] + ", ssn " + others[3] + ", 주민등록번호 " + others[4] +
		", phone " + others[5] + ", from " + others[6] + ", key " + others[7] + ", password=" + others[8] + ", token " + others[9]
}

// leaks looks for planted values, also escaped and encoded, and returns each with what stands around it.
func leaks(text string) []string {
	var out []string
	for _, needle := range append([]string{"leaky.", "leaky%2e"}, others...) {
		at := strings.Index(text, needle)
		if at >= 0 {
			out = append(out, fmt.Sprintf("%q", text[max(0, at-120):min(len(text), at+120)]))
		}
	}
	return out
}

// TestNothingPersonal: values are planted in every place of every input; none is in any output, on the page, in the API and its stream,
// in the collector's own log at level debug, in what it prints when it crashes, in its own metrics, its zpages and profiles, in queues on
// disk, in the registry's file.
func TestNothingPersonal(t *testing.T) {
	taker, scraped, jira := startTaker(t), startScraped(t), harness.StartTrackers(t).Service(t, "jira-cloud")
	startProcess(t)
	sink := harness.StartSink(t, append([]string{"leaky."}, others...)...)
	logFile := filepath.Join(t.TempDir(), "app.log")
	diagnoses, profiles := harness.Address(t), harness.Address(t)
	in := inputs{beats: harness.Address(t), zipkin: harness.Address(t), jaeger: harness.Address(t), loki: harness.Address(t), fluent: harness.Address(t), syslog: harness.Address(t), file: logFile}
	sink.Answer(harness.Manner{Status: http.StatusServiceUnavailable}) // so that all of it lies on disk for a while
	c, self := harness.StartObserved(t, harness.Testdata(t, "privacy.yaml"), map[string]string{
		"SINK": sink.URL, "TAKER": taker.URL, "TAKER_GRPC": taker.grpc, "JIRA": jira.URL, "SENTRY_DSN": strings.Replace(taker.URL, "http://", "http://publickey@", 1) + "/1",
		"JAEGER_ENDPOINT": in.jaeger, "SCRAPED": scraped, "ZPAGES": diagnoses, "PPROF": profiles, "BEATS_ENDPOINT": in.beats, "ZIPKIN_ENDPOINT": in.zipkin, "LOKI_PUSH_ENDPOINT": in.loki, "FLUENT_ENDPOINT": in.fluent,
		"SYSLOG_ENDPOINT": in.syslog, "LOG_FILES": logFile,
	}, "")
	in.otlp, in.grpc, in.sentry = c.OTLPHTTP, c.OTLPGRPC, c.Sentry
	stream := watch(t, c.Issues+"/api/stream")
	in.sendAll(t)
	// A stranger's requests: what is refused may not be told with its content either.
	for _, url := range []string{c.Issues + "/issues/" + mark("page-path"), c.Issues + "/api/issues?query=" + mark("page-query"), "http://" + c.Sentry + "/api/1/envelope/?sentry_key=" + mark("key")} {
		resp, err := http.Post(url, "application/json", strings.NewReader(`{"broken": "`+mark("broken-body")))
		require.NoError(t, err)
		resp.Body.Close()
	}

	places := map[string]string{}
	harness.Eventually(t, 30*time.Second, func() error { // all inputs have arrived
		text, err := os.ReadFile(filepath.Join(c.State, "out.json"))
		if err != nil {
			return err
		}
		places["the file exporter"] = string(text)
		for _, name := range arrivals {
			if !strings.Contains(string(text), name) {
				return fmt.Errorf("nothing of %s has come out", name)
			}
		}
		return nil
	})
	harness.Eventually(t, 30*time.Second, func() error {
		for name, word := range map[string]string{"loki": "arrived-otlp-log", "webhook": "", "api": "", "sentry": "arrived-otlp-log", "write": "arrived_prometheus", "grpc": "arrived-jaeger", "own": ""} {
			if places["what "+name+" got"] = taker.Got(name); places["what "+name+" got"] == "" || !strings.Contains(places["what "+name+" got"], word) {
				return fmt.Errorf("nothing was sent to %s", name)
			}
		}
		tickets := jira.Tickets(t)
		if places["Jira"] = fmt.Sprintf("%+v", tickets); len(tickets) == 0 {
			return errors.New("no ticket")
		}
		return nil
	})
	// Own spans tell how a request came, before any pipeline: docs/security.md.
	for _, place := range []string{"sentry-useragent", "sentry-slug", "sentry-project", "page-path", "page-query", "key"} {
		places["what own got"] = strings.ReplaceAll(places["what own got"], mark(place), "")
	}
	assert.Empty(t, taker.Got("problems"))
	issues := c.ListIssues(t)
	require.NotEmpty(t, issues)
	places["the page"] = harness.Get(t, c.Issues+"/")
	places["the API"] = harness.Get(t, c.Issues+"/api/issues")
	for _, i := range issues {
		places["the page of issue "+i.ID] = harness.Get(t, c.Issues+"/issues/"+i.ID)
		places["the API's issue "+i.ID] = harness.Get(t, c.Issues+"/api/issues/"+i.ID)
	}
	places["own metrics"] = harness.Get(t, "http://"+self+"/metrics")
	places["the prometheus exporter"] = harness.Get(t, c.Metrics+"/metrics")
	for _, api := range []string{"/api/services", "/api/coverage", "/api/redaction"} {
		if resp, err := http.Get(c.Issues + api); err == nil && resp.StatusCode == http.StatusOK {
			resp.Body.Close()
			places[api] = harness.Get(t, c.Issues+api)
		}
	}
	for _, page := range []string{"servicez", "pipelinez", "extensionz", "featurez", "tracez", "tracez?zspanname=receiver/otlp/LogsReceived&ztype=1&zsubtype=0"} {
		places["/debug/"+page] = harness.Get(t, "http://"+diagnoses+"/debug/"+page)
	}
	for _, profile := range []string{"goroutine?debug=2", "heap?debug=1", "allocs", "cmdline"} {
		places["profile "+profile] = harness.Get(t, "http://"+profiles+"/debug/pprof/"+profile)
	}
	places["the API's stream"] = stream()
	require.Contains(t, places["the API's stream"], "event: issue")
	c.Crash() // with everything that the sink has not taken still in the queue
	require.NoError(t, filepath.WalkDir(c.State, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			places["the file "+strings.TrimPrefix(path, c.State)] = string(text)
		}
		return err
	}))
	require.Contains(t, places, "the file /issues.db")
	text, compressed := values(t, filepath.Join(c.State, "issues.db"))
	require.Positive(t, compressed, "what is compressed was read, too")
	require.Contains(t, text, "[EMAIL]")
	places["the values of /issues.db"] = text
	require.Contains(t, places["the file /queue/exporter_otlp_http__logs"], "[EMAIL]", "the queue is on disk")
	places["own log"] = c.Output()
	require.Contains(t, places["own log"], "\tdebug\t")
	require.Contains(t, places["own log"], "SIGQUIT: quit")

	for _, place := range slices.Sorted(func(yield func(string) bool) {
		for p := range places {
			if !yield(p) {
				return
			}
		}
	}) {
		assert.NotEmpty(t, places[place], place)
		for _, found := range leaks(places[place]) {
			t.Errorf("%s has %s", place, found)
		}
	}
	sink.Answer(harness.Manner{})
	c.Restart(t)
	harness.Eventually(t, 30*time.Second, func() error {
		for _, service := range []string{"otlp-logs", "sentry-1"} {
			if sink.OfService(service) == 0 {
				return fmt.Errorf("nothing of %s in the sink", service)
			}
		}
		return nil
	})
	c.Stop()
	assert.Empty(t, sink.Leaked())
	assert.Empty(t, leaks(c.Output()), "own log after the restart")
	t.Logf("%d places searched, %d issues, %d bytes of own log, kinds found: %v", len(places), len(issues), len(c.Output()),
		slices.Compact(slices.Sorted(slices.Values(regexp.MustCompile(`\[[A-Z_]{2,20}\]`).FindAllString(places["the file exporter"], -1)))))
}
