// Package sentry tests the way of errors from real Sentry SDKs through the built collector to a
// Sentry-compatible server.
package sentry

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// personal is what the programs know of their user. The user's ID says nothing by itself, so it stays in the
// house; a Sentry server gets its hash.
var personal = []string{"ana.lima@example.com", "203.0.113.9", "hunter2"}

const userID = "u-77"

// sdkCase is a program and what must come out of the first error that it reports.
type sdkCase struct {
	client   func(t *testing.T) *client
	needs    []string
	project  string
	title    string
	chain    []string // outermost first
	function string   // in which it happened
	release  string
	team     string
	handled  bool // the SDK says whether it was
	asLog    bool // OpenTelemetry reports it as a log record instead of a span event
}

// TestRealSDKs: what a Sentry SDK reports is one good issue on the page and in the server, the same one as what
// OpenTelemetry reports of the same bug.
func TestRealSDKs(t *testing.T) {
	if !harness.HaveBugsink() {
		t.Skip("NOT TESTED: real Sentry SDKs and a Sentry-compatible server; Bugsink is missing: test/backends/build.sh DIR bugsink (needs Python)")
	}
	bugsink := harness.StartBugsink(t)
	c := harness.StartCollector(t, harness.Config("sentry.yaml"), map[string]string{"SENTRY_DSN": bugsink.DSN(), "SENTRY_OTLP_ENDPOINT": silent(t)})

	for name, sdk := range map[string]sdkCase{
		"go": {
			client: goClient, needs: []string{"go"}, project: "43", title: "*main.declinedError: card declined: query users: connection refused",
			chain: []string{"*main.declinedError", "*fmt.wrapError", "*errors.errorString"}, function: "report",
			release: "billing@2.0.1", team: "billing",
		},
		"python": {
			client: pythonClient, needs: []string{"python3"}, project: "44", title: "PaymentError: charge failed for <email>",
			chain: []string{"__main__.PaymentError", "KeyError"}, function: "charge", release: "etl@3.1", team: "etl", handled: true, asLog: true,
		},
		"node": {
			client: nodeClient, needs: []string{"node", "npm"}, project: "42", title: "PaymentError: charge failed",
			chain: []string{"PaymentError", "TypeError"}, function: "charge", release: "checkout@1.4.2", team: "payments", handled: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			have(t, sdk.needs...)
			service := "sentry-" + sdk.project
			if sdk.project == "42" {
				service = "checkout" // as the configuration names it
			}
			otel := sdk.client(t).run(t, "http://any_key@"+c.Sentry+"/"+sdk.project)
			id := checkPage(t, c, service, &sdk)
			sendException(t, c.OTLPHTTP, service, otel, sdk.asLog)
			waitForIssue(t, c, service, &sdk, 2)
			checkBugsink(t, bugsink, id, &sdk)
		})
	}
	assert.Empty(t, harness.Contains(bugsink.Database(t), append(personal, userID)), "personal data in Bugsink")
	assert.Empty(t, harness.Contains(c.Output(), personal), "personal data in the collector's own log")
}

// sendException reports an exception as OpenTelemetry's SDK does, in a trace of its own.
func sendException(t *testing.T, endpoint, service string, x recorded, asLog bool) {
	t.Helper()
	put := func(attrs pcommon.Map) {
		attrs.PutStr("exception.type", x.Type)
		attrs.PutStr("exception.message", x.Message)
		attrs.PutStr("exception.stacktrace", x.Stacktrace)
	}
	now := time.Now()
	trace, id := pcommon.TraceID{7: 1, 15: byte(len(service))}, pcommon.SpanID{7: 1}
	if asLog {
		logs, records := harness.NewLogs(service)
		lr := harness.AddLog(records, plog.SeverityNumberError, "cannot go on")
		lr.SetTraceID(trace)
		lr.SetSpanID(id)
		put(lr.Attributes())
		require.NoError(t, harness.SendLogs(endpoint, logs))
		return
	}
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", service)
	span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID(trace)
	span.SetSpanID(id)
	span.SetName("job import")
	span.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-time.Second)))
	span.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
	span.Status().SetCode(ptrace.StatusCodeError)
	event := span.Events().AppendEmpty()
	event.SetName("exception")
	event.SetTimestamp(pcommon.NewTimestampFromTime(now))
	put(event.Attributes())
	require.NoError(t, harness.SendTraces(endpoint, traces))
}

// waitForIssue waits until the error is one issue with so many occurrences.
func waitForIssue(t *testing.T, c *harness.Collector, service string, sdk *sdkCase, count uint64) harness.Issue {
	t.Helper()
	var found []harness.Issue
	harness.Eventually(t, 30*time.Second, func() error {
		found = found[:0]
		all := ""
		for _, i := range c.ListIssues(t) {
			if i.Service != service {
				continue
			}
			all += fmt.Sprintf("\n%d x %s (%s)", i.Count, i.Title, i.Culprit)
			if i.Title == sdk.title {
				found = append(found, i)
			}
		}
		if len(found) != 1 || found[0].Count != count {
			return fmt.Errorf("want one issue %q with %d occurrences:%s", sdk.title, count, all)
		}
		return nil
	})
	return found[0]
}

// checkPage waits for the SDK's issue and looks at it; it returns its ID.
func checkPage(t *testing.T, c *harness.Collector, service string, sdk *sdkCase) string {
	t.Helper()
	issue := waitForIssue(t, c, service, sdk, 1)
	assert.Contains(t, issue.Culprit, sdk.function)
	detail, err := json.Marshal(c.GetIssue(t, issue.ID))
	require.NoError(t, err)
	text := string(detail)
	for _, want := range append([]string{"user logged in", sdk.team, sdk.function}, sdk.chain...) {
		assert.Contains(t, text, want)
	}
	assert.Empty(t, harness.Contains(text, personal), "personal data on the page")
	return issue.ID
}

// sentryEvent is what the tests read of an event.
type sentryEvent struct {
	Data struct {
		Logger      string
		Release     string
		Environment string
		Fingerprint []string
		Tags        map[string]string
		User        map[string]any
		Contexts    struct {
			Trace map[string]string
		}
		Exception struct {
			Values []struct {
				Type       string
				Mechanism  struct{ Handled *bool }
				Stacktrace struct {
					Frames []struct {
						Function string
						Line     int  `json:"lineno"`
						InApp    bool `json:"in_app"`
					}
				}
			}
		}
		Breadcrumbs struct {
			Values []struct {
				Category, Message, Level, Timestamp string
			}
		}
	}
}

// checkBugsink: the server has one issue with both events, and the SDK's is as good as if it came directly.
func checkBugsink(t *testing.T, bugsink *harness.Bugsink, id string, sdk *sdkCase) {
	t.Helper()
	var events []string
	harness.Eventually(t, 30*time.Second, func() error {
		with := 0
		for _, i := range bugsink.Issues(t) {
			list := bugsink.Events(t, i.ID)
			if len(list) > 0 && strings.Contains(list[0], id) {
				with, events = with+1, list
			}
		}
		if with != 1 || len(events) != 2 {
			return fmt.Errorf("issue %s is %d issues in Bugsink, with %d events; want one with both", id, with, len(events))
		}
		return nil
	})
	fromSDK := 0
	for _, text := range events {
		var e sentryEvent
		require.NoError(t, json.Unmarshal([]byte(text), &e))
		d := &e.Data
		assert.Equal(t, []string{id}, d.Fingerprint)
		values := d.Exception.Values
		require.NotEmpty(t, values)
		outer := values[len(values)-1]
		assert.Equal(t, sdk.chain[0], outer.Type)
		require.NotEmpty(t, outer.Stacktrace.Frames)
		crash := ""
		for _, f := range outer.Stacktrace.Frames {
			if f.InApp {
				crash = f.Function
				assert.Positive(t, f.Line)
			}
		}
		assert.Equal(t, sdk.function, crash, "the last frame of the user's own code")
		if d.Release == "" {
			continue // OpenTelemetry's: the tests send no resource
		}
		fromSDK++
		require.Len(t, values, len(sdk.chain), "the chain")
		for i, x := range values {
			assert.Equal(t, sdk.chain[len(sdk.chain)-1-i], x.Type)
		}
		if sdk.handled && assert.NotNil(t, outer.Mechanism.Handled) {
			assert.True(t, *outer.Mechanism.Handled)
		}
		assert.Equal(t, sdk.release, d.Release)
		assert.NotEmpty(t, d.Environment)
		assert.Empty(t, d.Logger, "the SDK named none")
		assert.Equal(t, sdk.team, d.Tags["team"])
		assert.Regexp(t, `^[0-9a-f]{32}$`, d.User["id"], "the user is a hash")
		assert.Equal(t, "[EMAIL]", d.User["email"])
		assert.Regexp(t, `^[0-9a-f]{32}$`, d.Contexts.Trace["trace_id"])
		assert.Regexp(t, `^[0-9a-f]{16}$`, d.Contexts.Trace["span_id"])
		crumbs := map[string]string{}
		for _, c := range d.Breadcrumbs.Values {
			crumbs[c.Message] = c.Category
			assert.NotEmpty(t, c.Timestamp)
		}
		assert.Equal(t, "auth", crumbs["user logged in"], "breadcrumbs: %v", crumbs)
	}
	assert.Equal(t, 1, fromSDK)
}
