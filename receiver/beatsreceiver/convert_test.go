package beatsreceiver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

var testTime = time.Date(2026, 11, 22, 10, 57, 19, 0, time.UTC)

// one converts one event and returns its record and resource.
func one(t *testing.T, event string) (plog.LogRecord, m) {
	t.Helper()
	logs := convert([][]byte{[]byte(event)}, testTime)
	require.Equal(t, 1, logs.LogRecordCount(), event)
	rl := logs.ResourceLogs().At(0)
	return rl.ScopeLogs().At(0).LogRecords().At(0), rl.Resource().Attributes().AsRaw()
}

// Windows of Filebeat 8 and others, one event a line, as they were sent.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "logs", "*", "events.ndjson"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var events [][]byte
			for line := range strings.Lines(string(text)) {
				events = append(events, []byte(line))
			}
			got := convert(events, testTime)
			output := filepath.Join(dir, "output.yaml")
			// golden.WriteLogs(t, output, got)
			want, err := golden.ReadLogs(output)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, got))
		})
	}
}

func TestSeverity(t *testing.T) {
	f := func(event string, number plog.SeverityNumber, text string) {
		t.Helper()
		lr, _ := one(t, event)
		assert.Equal(t, number, lr.SeverityNumber(), event)
		assert.Equal(t, text, lr.SeverityText(), event)
	}
	f(`{"log":{"level":"ERROR"}}`, plog.SeverityNumberError, "ERROR")
	f(`{"log.level":"warning"}`, plog.SeverityNumberWarn, "warning")
	f(`{"log":{"level":"Critical"},"level":"info"}`, plog.SeverityNumberError2, "Critical")
	f(`{"log":{"level":"LOUD"}}`, plog.SeverityNumberUnspecified, "LOUD")
	f(`{"level":"fatal","message":"x"}`, plog.SeverityNumberFatal, "fatal")
	f(`{"json":{"level":"debug","msg":"x"}}`, plog.SeverityNumberDebug, "debug")
	f(`{"log":{"syslog":{"severity":{"code":3}}}}`, plog.SeverityNumberError, "")
	f(`{"log":{"syslog":{"severity":{"code":9}}}}`, plog.SeverityNumberUnspecified, "")
	f(`{"level":"a word that no logger writes"}`, plog.SeverityNumberUnspecified, "")
	f(`{"message":"plain"}`, plog.SeverityNumberUnspecified, "")
}

func TestTrace(t *testing.T) {
	const trace, span, entry = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "b7ad6b7169203331"
	f := func(event, wantTrace, wantSpan string, wantAttributes m) {
		t.Helper()
		lr, _ := one(t, event)
		assert.Equal(t, wantTrace, lr.TraceID().String(), event)
		assert.Equal(t, wantSpan, lr.SpanID().String(), event)
		assert.Equal(t, wantAttributes, lr.Attributes().AsRaw(), event)
	}
	f(`{"trace":{"id":"`+trace+`"},"span":{"id":"`+span+`"}}`, trace, span, m{})
	f(`{"trace.id":"`+trace+`","span.id":"`+span+`","transaction.id":"`+entry+`"}`, trace, span, m{"transaction.id": entry})
	f(`{"trace.id":"`+trace+`","transaction.id":"`+entry+`"}`, trace, entry, m{"transaction.id": entry})
	f(`{"trace.id":"`+trace+`","span.id":"7"}`, trace, "", m{"span.id": "7"})
	f(`{"trace.id":"1-5759e988-bd862e3fe1be46a994272793","span.id":"`+span+`"}`, "", "", m{"trace.id": "1-5759e988-bd862e3fe1be46a994272793", "span.id": span})
	f(`{"trace.id":"00000000000000000000000000000000"}`, "", "", m{"trace.id": "00000000000000000000000000000000"})
	f(`{"span.id":"`+span+`"}`, "", "", m{"span.id": span})
}

func TestBody(t *testing.T) {
	f := func(event string, body any, attributes m) {
		t.Helper()
		lr, _ := one(t, event)
		assert.Equal(t, body, lr.Body().AsRaw(), event)
		assert.Equal(t, attributes, lr.Attributes().AsRaw(), event)
	}
	f(`{"message":"x"}`, "x", m{})
	f(`{"message":""}`, "", m{})
	f(`{"message":{"a":1}}`, m{"a": int64(1)}, m{})
	f(`{"line":"x","file":"/a.log","offset":"7"}`, "x", m{"file": "/a.log", "offset": "7"})
	f(`{"msg":"x","line":12}`, "x", m{"line": int64(12)})
	f(`{"message":"x","msg":"y"}`, "x", m{"msg": "y"})
	f(`{"json":{"msg":"x","n":1.5}}`, m{"msg": "x", "n": 1.5}, m{})
	f(`{"order":{"id":7,"lines":[1,null,{"a":null,"b":true}]}}`, nil, m{"order": m{"id": int64(7), "lines": []any{int64(1), nil, m{"b": true}}}})
	f(`{"big":123456789012345678901234567890,"dup":1,"dup":2,"none":null}`, nil, m{"big": 123456789012345678901234567890., "dup": int64(2)})
	f("{\"message\":\"a\xffb\"}", "a\uFFFDb", m{})
	// What is no object is kept as it is.
	f(`plain text`, "plain text", m{})
	f(`{"message":"x"`, `{"message":"x"`, m{})
	f(`{"message":"x"} {}`, `{"message":"x"} {}`, m{})
	f(`[1]`, "[1]", m{})
	f("\xff", "\uFFFD", m{})
	f(``, "", m{})
}

func TestTimestamp(t *testing.T) {
	lr, _ := one(t, `{"@timestamp":"2026-11-22T10:57:18.123456789+01:00"}`)
	assert.Equal(t, "2026-11-22T09:57:18.123456789Z", lr.Timestamp().AsTime().Format(time.RFC3339Nano))
	assert.Equal(t, testTime, lr.ObservedTimestamp().AsTime())
	for _, text := range []string{"yesterday", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"} {
		lr, _ := one(t, `{"@timestamp":"`+text+`"}`)
		assert.Zero(t, lr.Timestamp(), text)
		assert.Equal(t, m{"@timestamp": text}, lr.Attributes().AsRaw())
	}
}

func TestServiceName(t *testing.T) {
	f := func(event, want string) {
		t.Helper()
		_, resource := one(t, event)
		name, _ := resource["service.name"].(string)
		assert.Equal(t, want, name, event)
	}
	f(`{"service":{"name":"a"},"fields":{"service":"b"}}`, "a")
	f(`{"fields":{"service":"b"},"service":{"name":"a"}}`, "a")
	f(`{"service":"s","kubernetes":{"labels":{"app":"c"}}}`, "s")
	f(`{"service.name":"a","service":"s"}`, "a")
	f(`{"fields":{"service":{"name":"b"}},"kubernetes":{"labels":{"app":"c"}}}`, "b")
	f(`{"kubernetes":{"container":{"name":"d"},"labels":{"app":"c","app_kubernetes_io/name":"e"}}}`, "e")
	f(`{"kubernetes":{"labels":{"app":{"kubernetes":{"io/name":"e"}}},"deployment":{"name":"f"}}}`, "e")
	f(`{"kubernetes":{"container":{"name":"d"},"deployment":{"name":"f"}}}`, "f")
	f(`{"container":{"name":"shop_web_1","labels":{"com_docker_compose_service":"web"}}}`, "web")
	f(`{"message":"x"}`, "")
}

// Events of one sender share a resource, however they describe it; nothing of one event gets into another.
func TestResources(t *testing.T) {
	events := []string{
		`{"message":"1","host":{"name":"a"},"service":{"name":"s"}}`,
		`{"message":"2","host":{"name":"b"},"service":{"name":"s"}}`,
		`{"service":{"name":"s"},"host":{"name":"a"},"message":"3","log.level":"error","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736"}`,
		`{"message":"4","host.name":"a","service.name":"s"}`,
		`{"message":"5","host":{"name":"a"},"fields":{"service":"s"}}`,
		`{"message":"6","host":{"name":"a"},"fields":{"service":"t"}}`,
		`{"message":"7","host":"a"}`,
		`{"message":"8"}`,
		`broken`,
	}
	in := make([][]byte, len(events))
	for i, e := range events {
		in[i] = []byte(e)
	}
	got := map[string][]string{}
	logs := convert(in, testTime)
	for _, rl := range logs.ResourceLogs().All() {
		name := ""
		for _, key := range []string{"host.name", "service.name"} {
			if v, ok := rl.Resource().Attributes().Get(key); ok {
				name += v.Str()
			}
		}
		for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
			got[name] = append(got[name], lr.Body().Str())
			assert.Equal(t, lr.Body().Str() == "3", lr.SeverityNumber() == plog.SeverityNumberError && !lr.TraceID().IsEmpty())
		}
	}
	assert.Equal(t, map[string][]string{"as": {"1", "3", "4", "5"}, "bs": {"2"}, "at": {"6"}, "a": {"7"}, "": {"8", "broken"}}, got)
	assert.Equal(t, 5, logs.ResourceLogs().Len())
}

func TestBounds(t *testing.T) {
	var many strings.Builder
	for i := range maxMembers + 10 {
		many.WriteString(`"k` + strings.Repeat("x", i) + `":1,`)
	}
	lr, _ := one(t, `{`+many.String()+`"message":"x"}`)
	assert.Equal(t, maxMembers, lr.Attributes().Len())
	assert.EqualValues(t, 10, lr.DroppedAttributesCount())
	assert.Equal(t, "x", lr.Body().Str())

	lr, _ = one(t, `{"deep":`+strings.Repeat(`{"a":`, 500)+`1`+strings.Repeat(`}`, 500)+`,"error":`+strings.Repeat(`{"a":`, 500)+`1`+strings.Repeat(`}`, 501))
	assert.Equal(t, 2, lr.Attributes().Len())

	lr, _ = one(t, `{"list":[`+strings.Repeat("1,", 100_000)+`1]}`)
	v, _ := lr.Attributes().Get("list")
	assert.Less(t, v.Slice().Len(), maxValues+1)

	long := strings.Repeat("k", 300)
	lr, _ = one(t, `{"error":{"`+long+`":{"a":1}}}`)
	assert.Equal(t, m{"error." + long: m{"a": int64(1)}}, lr.Attributes().AsRaw())

	one(t, strings.Repeat(`[`, 100_000)) // no stack overflow
	one(t, `{"a":`+strings.Repeat(`[`, 100_000))
}

// FuzzConvert converts anything: nothing may panic, nothing is lost, and what comes out is valid OTLP.
func FuzzConvert(f *testing.F) {
	f.Add([]byte(`{"@timestamp":"2026-11-22T10:57:18.123Z","message":"x","log":{"level":"error","file":{"path":"/x"}},"host":{"name":"h"},"kubernetes":{"labels":{"app":"a"}},"tags":["a"],"trace.id":"4bf92f3577b34da6a3ce929d0e0e4736"}`))
	f.Add([]byte(`{"json":{"a":[1,2.5,null,true,"x"]},"fields":{"service":"s"}}`))
	f.Add([]byte(`text`))
	f.Fuzz(func(t *testing.T, event []byte) {
		logs := convert([][]byte{event, event}, testTime)
		if logs.LogRecordCount() != 2 || logs.ResourceLogs().Len() != 1 {
			t.Fatalf("%d records of %d resources", logs.LogRecordCount(), logs.ResourceLogs().Len())
		}
		if _, err := new(plog.ProtoMarshaler).MarshalLogs(logs); err != nil {
			t.Fatal(err)
		}
	})
}
