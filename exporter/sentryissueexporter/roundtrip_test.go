package sentryissueexporter

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/internal/testport"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver"
)

// sdkEvent is what the Python SDK sends.
const sdkEvent = `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":"2026-11-22T10:57:17.500000Z","platform":"python","level":"error","logger":"etl.job",
"transaction":"import","release":"etl@3.1+7","environment":"prod","server_name":"py-1",
"contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef"},"runtime":{"name":"CPython","version":"3.11.7"}},
"exception":{"values":[
 {"type":"KeyError","value":"'amount'","mechanism":{"type":"chained","source":"__cause__","exception_id":1,"parent_id":0},"stacktrace":{"frames":[{"abs_path":"/srv/py.py","filename":"py.py","function":"deep","lineno":4,"in_app":true}]}},
 {"type":"PayError","module":"shop.errors","value":"charge failed","mechanism":{"type":"generic","handled":false,"exception_id":0},"stacktrace":{"frames":[
  {"abs_path":"/srv/main.py","filename":"main.py","function":"<module>","lineno":11,"in_app":true,"vars":{"password":"hunter2"}},{"abs_path":"/srv/py.py","filename":"py.py","function":"charge","lineno":6,"in_app":true}]}}]},
"breadcrumbs":{"values":[{"timestamp":1795345036.25,"category":"auth","level":"info","message":"user logged in","data":{"plan":"pro"}}]},
"user":{"id":"u-77"},"request":{"url":"http://x/y","method":"POST","query_string":"q=1","headers":{"User-Agent":"curl/8"}},"tags":{"team":"etl"},"extra":{"k":"v"}}`

// TestRoundTrip lets an SDK's event through the receiver, recognises and groups it as error_issue does,
// and sends the issue event on: it must arrive as the event that it was.
func TestRoundTrip(t *testing.T) {
	logs := throughReceiver(t, sdkEvent)
	rl := logs.ResourceLogs().At(0)
	rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("user.hash", "9f2c41d0aa") // as pii_redaction does
	rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr("user.id", "[USER]")
	notice := asIssue(t, rl)
	ld := plog.NewLogs()
	out := ld.ResourceLogs().AppendEmpty()
	eventlog.Write(notice, out.Resource(), out.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())

	f := newFakeSentry(t)
	e, _ := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("k", "/1")) })
	require.NoError(t, e.push(t.Context(), ld))
	require.Len(t, f.payloads, 1)
	var got, want map[string]any
	require.NoError(t, json.Unmarshal([]byte(f.payloads[0]), &got))
	require.NoError(t, json.Unmarshal([]byte(sdkEvent), &want))

	for _, key := range []string{"timestamp", "platform", "level", "logger", "transaction", "release", "environment", "server_name"} {
		assert.Equal(t, want[key], got[key], key)
	}
	assert.Equal(t, []any{notice.Issue.ID}, got["fingerprint"])
	assert.Equal(t, map[string]any{"id": "9f2c41d0aa"}, got["user"])
	assert.Equal(t, "etl", got["tags"].(map[string]any)["team"])
	assert.Equal(t, "v", got["extra"].(map[string]any)["k"])
	assert.Equal(t, "http://x/y", got["request"].(map[string]any)["url"])
	assert.Equal(t, want["contexts"].(map[string]any)["trace"], got["contexts"].(map[string]any)["trace"])
	crumb := got["breadcrumbs"].(map[string]any)["values"].([]any)[0].(map[string]any)
	assert.Equal(t, "user logged in", crumb["message"])
	assert.Equal(t, "pro", crumb["data"].(map[string]any)["plan"])
	assert.Equal(t, []string{
		"KeyError: 'amount' (1 of 0 __cause__)", "deep /srv/py.py true",
		"shop.errors.PayError: charge failed (0)", "<module> /srv/main.py true", "charge /srv/py.py true",
	}, outline(t, f.payloads[0]))
}

// outline lists exceptions and frames of an event, in order.
func outline(t *testing.T, payload string) (out []string) {
	t.Helper()
	var e struct {
		Exception struct {
			Values []struct {
				Type, Value, Module string
				Mechanism           struct {
					ID     json.Number `json:"exception_id"`
					Parent json.Number `json:"parent_id"`
					Source string
				}
				Stacktrace struct {
					Frames []struct {
						Function, Filename string
						InApp              bool `json:"in_app"`
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(payload), &e))
	for _, x := range e.Exception.Values {
		name := x.Type
		if x.Module != "" && !strings.HasPrefix(name, x.Module) {
			name = x.Module + "." + name
		}
		line := name + ": " + x.Value + " (" + x.Mechanism.ID.String()
		if x.Mechanism.Parent != "" {
			line += " of " + x.Mechanism.Parent.String() + " " + x.Mechanism.Source
		}
		out = append(out, line+")")
		for _, f := range x.Stacktrace.Frames {
			out = append(out, f.Function+" "+f.Filename+" "+map[bool]string{true: "true", false: "false"}[f.InApp])
		}
	}
	return out
}

// throughReceiver posts an event to the receiver sentry.
func throughReceiver(t *testing.T, event string) plog.Logs {
	t.Helper()
	all := receive(t, [][]byte{[]byte("{}\n{\"type\":\"event\"}\n" + strings.ReplaceAll(event, "\n", ""))})
	require.Len(t, all, 1)
	return all[0]
}

// receive posts envelopes to the receiver sentry and returns what it makes of those that have log records.
func receive(t *testing.T, envelopes [][]byte) []plog.Logs {
	t.Helper()
	address := testport.Free(t)
	factory := sentryreceiver.NewFactory()
	cfg := factory.CreateDefaultConfig().(*sentryreceiver.Config)
	cfg.HTTP.NetAddr.Endpoint = address
	cfg.Projects = map[string]string{"42": "etl"}
	sink := new(consumertest.LogsSink)
	r, err := factory.CreateLogs(t.Context(), receivertest.NewNopSettings(factory.Type()), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	for _, body := range envelopes {
		resp, err := http.Post("http://"+address+"/api/42/envelope/?sentry_key=k", "", bytes.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	require.NoError(t, r.Shutdown(context.Background()))
	return sink.AllLogs()
}

// asIssue recognises and groups a record.
func asIssue(t *testing.T, rl plog.ResourceLogs) issue.Notice {
	t.Helper()
	res := record.NewResource(rl.Resource())
	rules := record.Rules{Severity: plog.SeverityNumberError}
	var failure record.Failure
	sl := rl.ScopeLogs().At(0)
	require.True(t, rules.Log(&res, sl.Scope(), sl.LogRecords().At(0), &failure))
	grouper, err := grouping.New(grouping.Config{})
	require.NoError(t, err)
	result := grouper.Group(&failure.Input)
	var keys record.Keys
	event := failure.Event(keys.Key(&failure, result.ID), &result, nil, nil)
	return issue.Notice{
		Name: issue.EventOccurrence, Time: event.Time, Event: event,
		Issue: issue.Summary{ID: result.ID, Title: result.Title, Culprit: result.Culprit, Service: event.Service, Level: event.Level, State: issue.New, Basis: result.Basis},
	}
}
