package eventlog

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

var at = time.Date(2026, 3, 4, 5, 6, 7, 890123456, time.UTC)

// fullNotice has a value in each field, so that a field that Write or Read forgets fails the test.
func fullNotice() issue.Notice {
	handled := false
	return issue.Notice{
		Name: issue.EventOccurrence,
		Time: at,
		Issue: issue.Summary{
			ID: "00f1e2d3c4b5a697", Title: "ValueError: bad <str>", Culprit: "charge in billing/pay.py",
			Owner: "team-pay", Service: "billing", Level: "fatal", State: issue.Regressed, Count: 12, Users: 3,
			FirstSeen: at.Add(-time.Hour), LastSeen: at, URL: "http://localhost:4380/issues/00f1e2d3c4b5a697",
			Basis:       grouping.ByStack,
			Fingerprint: []grouping.Part{{Name: "type", Value: "ValueError"}, {Name: "frame", Value: "charge billing.pay"}},
			Releases:    []string{"1.2.3", "1.2.4"}, Services: []string{"billing", "shop"},
		},
		Event: &issue.Event{
			ID: "0123456789ab4def8123456789abcdef", Time: at,
			TraceID: "0102030405060708090a0b0c0d0e0f10", SpanID: "0102030405060708",
			Service: "shop", Environment: "prod", Release: "1.2.4", Level: "error",
			Message: "charge failed", Template: "charge failed for {user}", Logger: "billing.pay", Transaction: "POST /pay",
			Language: stacktrace.Python, Handled: &handled,
			Exceptions: []stacktrace.Exception{
				{Type: "PayError", Message: "no", Module: "billing", Parent: -1, Frames: []stacktrace.Frame{
					{Function: "charge", Module: "billing.pay", File: "billing/pay.py", Line: 7, Column: 3, InApp: true},
					{Function: "run", File: "lib.py"},
				}},
				{Type: "ValueError", Message: "bad x", Relation: stacktrace.Cause, Parent: 0},
				{Type: "OSError", Relation: stacktrace.Member, Parent: 0},
			},
			Stack: "Traceback ...",
			Breadcrumbs: []issue.Breadcrumb{{
				Time: at.Add(-time.Second), Service: "shop", Category: "http", Level: "info",
				Message: "GET /cart", SpanID: "0102030405060709", Data: map[string]string{"status": "200"},
			}},
			Request:  map[string]string{"method": "POST", "url": "http://shop/pay"},
			User:     map[string]string{"hash": "ab12"},
			Tags:     map[string]string{"region": "eu"},
			Resource: map[string]string{"service.name": "shop", "service.version": "1.2.4", "deployment.environment.name": "prod", "host.name": "h1"},
			Extra:    map[string]string{"thread.name": "main"},
		},
	}
}

func TestRoundTrip(t *testing.T) {
	f := func(name string, change func(n *issue.Notice)) {
		t.Helper()
		want := fullNotice()
		change(&want)
		ld, res, lr := record()
		Write(want, res, lr)
		got, ok := Read(res, lr)
		require.True(t, ok, name)
		assert.Equal(t, want, got, name)
		validate(t, ld)
	}
	f("occurrence", func(*issue.Notice) {})
	f("state changed", func(n *issue.Notice) {
		n.Name, n.Previous, n.Reason = issue.EventStateChanged, issue.Ongoing, "resolved by hand"
		n.Issue.State = issue.Resolved
		n.Time = at.Add(time.Minute)
		n.Event.Level = n.Issue.Level
	})
	f("milestone", func(n *issue.Notice) {
		n.Name, n.Milestone, n.Event.Level = issue.EventMilestone, 100, n.Issue.Level
	})
	for _, level := range []string{"fatal", "error", "warning", "info", "debug"} {
		f(level, func(n *issue.Notice) { n.Event.Level = level })
	}
}

func TestWriteWithoutEvent(t *testing.T) {
	n := fullNotice()
	n.Name, n.Previous, n.Event = issue.EventStateChanged, issue.Ongoing, nil
	ld, res, lr := record()
	Write(n, res, lr)
	validate(t, ld)
	got, ok := Read(res, lr)
	require.True(t, ok)
	assert.Equal(t, n.Issue, got.Issue)
	assert.Equal(t, "billing", got.Event.Service)
	assert.Len(t, got.Event.ID, 32)
}

func TestWriteKeepsTheResourceOfTheRecord(t *testing.T) {
	_, res, lr := record()
	res.Attributes().PutInt("process.pid", 42)
	res.Attributes().PutStr("service.name", "from the record")
	Write(fullNotice(), res, lr)
	pid, _ := res.Attributes().Get("process.pid")
	assert.Equal(t, pcommon.ValueTypeInt, pid.Type())
	name, _ := res.Attributes().Get("service.name")
	assert.Equal(t, "from the record", name.Str())
}

func TestReadHandMade(t *testing.T) {
	_, res, lr := record()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
	lr.Attributes().PutStr("issue.id", "abc")
	lr.Attributes().PutStr("issue.state", "regressed")
	lr.Attributes().PutStr("issue.count", "17")
	lr.Attributes().PutStr("exception.type", "ValueError")
	lr.Attributes().PutStr("exception.message", "bad")
	lr.Attributes().PutStr("http.route", "/pay")
	lr.Body().SetStr("it broke\nbadly")
	res.Attributes().PutStr("service.name", "shop")

	n, ok := Read(res, lr)
	require.True(t, ok)
	assert.Equal(t, issue.EventOccurrence, n.Name)
	assert.Equal(t, "ValueError: bad", n.Issue.Title)
	assert.Equal(t, issue.Regressed, n.Issue.State)
	assert.Equal(t, uint64(17), n.Issue.Count)
	assert.Equal(t, "shop", n.Issue.Service)
	assert.Equal(t, at, n.Issue.LastSeen)
	assert.Equal(t, []stacktrace.Exception{{Type: "ValueError", Message: "bad", Parent: -1}}, n.Event.Exceptions)
	assert.Equal(t, "it broke\nbadly", n.Event.Message)
	assert.Equal(t, map[string]string{"http.route": "/pay"}, n.Event.Extra)
	assert.Equal(t, "error", n.Event.Level)

	again, _ := Read(res, lr)
	assert.Equal(t, n.Event.ID, again.Event.ID, "a resent record has the same event ID")
	assert.Regexp(t, "^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$", n.Event.ID)
}

func TestReadParsesTheStack(t *testing.T) {
	_, res, lr := record()
	lr.Attributes().PutStr("issue.id", "abc")
	lr.Attributes().PutStr("exception.message", "bad")
	lr.Attributes().PutStr("exception.stacktrace", "java.lang.IllegalStateException: worse\n\tat com.acme.Shop.buy(Shop.java:12)\n"+
		"Caused by: java.io.IOException: gone\n\tat com.acme.Disk.read(Disk.java:3)\n")
	n, ok := Read(res, lr)
	require.True(t, ok)
	require.Len(t, n.Event.Exceptions, 2)
	assert.Equal(t, "java.lang.IllegalStateException", n.Event.Exceptions[0].Type)
	assert.Equal(t, "bad", n.Event.Exceptions[0].Message, "the attribute counts")
	assert.Equal(t, "buy", n.Event.Exceptions[0].Frames[0].Function)
	assert.Equal(t, stacktrace.Cause, n.Event.Exceptions[1].Relation)
	assert.Equal(t, stacktrace.Java, n.Event.Language)
}

func TestReadRefuses(t *testing.T) {
	_, res, lr := record()
	_, ok := Read(res, lr)
	assert.False(t, ok, "no issue.id")
	lr.Attributes().PutStr("issue.id", "abc")
	lr.Attributes().PutBool("issue.repeat", true)
	_, ok = Read(res, lr)
	assert.False(t, ok, "a repeat is no event of its own")
}

func TestReadWrongTypes(t *testing.T) {
	_, res, lr := record()
	lr.Attributes().PutInt("issue.id", 7)
	lr.Attributes().PutInt("issue.count", -3)
	lr.Attributes().PutStr("issue.first_seen", "yesterday")
	body := lr.Body().SetEmptyMap()
	body.PutStr("exceptions", "none")
	body.PutInt("user", 1)
	list := body.PutEmptySlice("breadcrumbs")
	list.AppendEmpty().SetInt(1)
	list.AppendEmpty().SetEmptyMap().PutInt("message", 5)
	n, ok := Read(res, lr)
	require.True(t, ok)
	assert.Equal(t, "7", n.Issue.ID)
	assert.Zero(t, n.Issue.Count)
	assert.Len(t, n.Event.Breadcrumbs, 1)
	assert.Equal(t, "5", n.Event.Breadcrumbs[0].Message)
}

func record() (plog.Logs, pcommon.Resource, plog.LogRecord) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	return ld, rl.Resource(), rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
}

// validate checks the first record of ld against the published schema.
func validate(t *testing.T, ld plog.Logs) {
	t.Helper()
	const path = "../../../docs/issue-event.schema.json"
	_, err := os.Stat(path)
	require.NoError(t, err)
	schema, err := jsonschema.NewCompiler().Compile(path)
	require.NoError(t, err)
	rl := ld.ResourceLogs().At(0)
	lr := rl.ScopeLogs().At(0).LogRecords().At(0)
	doc := map[string]any{
		"event_name":      lr.EventName(),
		"timestamp":       lr.Timestamp().AsTime().Format(time.RFC3339Nano),
		"severity_number": int(lr.SeverityNumber()),
		"severity_text":   lr.SeverityText(),
		"trace_id":        lr.TraceID().String(),
		"span_id":         lr.SpanID().String(),
		"resource":        rl.Resource().Attributes().AsRaw(),
		"attributes":      lr.Attributes().AsRaw(),
		"body":            lr.Body().AsRaw(),
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	var value any
	require.NoError(t, json.Unmarshal(text, &value))
	require.NoError(t, schema.Validate(value), string(text))
}
