package piiredactionprocessor

import (
	"context"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/pmetrictest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/ptracetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadata"
)

// The same record is built twice: with the marker and with the token that stands for it. What comes out
// of the first must be the second, so nothing leaks and nothing else changes.
const (
	marker = "jo.doe@example.com"
	token  = "[EMAIL]"
	card   = 4111111111111111
)

// fill puts s into every kind of value and into keys.
func fill(m pcommon.Map, s string, redacted bool) {
	m.PutStr("plain", "mail "+s+" now")
	m.PutStr("json", `{"who":"`+s+`","n":1}`)
	m.PutEmptyBytes("bytes").FromRaw([]byte("\x00\x01 " + s))
	nested := m.PutEmptyMap("map")
	nested.PutStr("a", s)
	nested.PutEmptyMap("deeper").PutStr("b", s)
	nested.PutBool("flag", true)
	list := m.PutEmptySlice("list")
	list.AppendEmpty().SetStr(s)
	list.AppendEmpty().SetInt(7)
	list.AppendEmpty().SetEmptyMap().PutStr("c", s)
	m.PutInt("count", 42)
	m.PutDouble("ratio", 0.25)
	if redacted {
		m.PutStr("number", "[CARD]")
		m.PutStr("float", "[CARD]")
		m.PutStr("password", "[REDACTED]")
		m.PutEmptySlice("http.request.header.authorization").AppendEmpty().SetStr("[REDACTED]")
		secrets := m.PutEmptyMap("credentials")
		secrets.PutStr("left of "+s, "[REDACTED]")
		secrets.PutStr("pin", "[REDACTED]")
		secrets.PutEmptySlice("list").AppendEmpty().SetEmptyMap().PutStr("a", "[REDACTED]")
	} else {
		m.PutInt("number", card)
		m.PutDouble("float", card)
		m.PutStr("password", "correct horse")
		m.PutEmptySlice("http.request.header.authorization").AppendEmpty().SetStr("Basic x")
		secrets := m.PutEmptyMap("credentials")
		secrets.PutStr("left of "+s, "blue")
		secrets.PutInt("pin", 7)
		secrets.PutEmptySlice("list").AppendEmpty().SetEmptyMap().PutStr("a", "green")
	}
	m.PutStr("key "+s, "x")
	nestedKey := m.PutEmptyMap("keys")
	nestedKey.PutStr(s, "x")
}

// describe puts s into a resource's entities, whose ID key is the attribute of fill that holds s in its key.
func describe(res pcommon.Resource, s string) {
	ref := entity.ResourceEntityRefs(res).AppendEmpty()
	ref.SetType("service of " + s)
	ref.SetSchemaUrl("https://example.com/" + s)
	ref.IdKeys().Append("count", "key "+s)
	ref.DescriptionKeys().Append("about " + s)
}

func logsWith(s string, redacted bool) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	fill(rl.Resource().Attributes(), s, redacted)
	describe(rl.Resource(), s)
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("scope " + s)
	sl.Scope().SetVersion("1 " + s)
	fill(sl.Scope().Attributes(), s, redacted)
	bodies := []func(v pcommon.Value){
		func(v pcommon.Value) { v.SetStr("hello " + s) },
		func(v pcommon.Value) { fill(v.SetEmptyMap(), s, redacted) },
		func(v pcommon.Value) { v.SetEmptySlice().AppendEmpty().SetStr(s) },
		func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("raw " + s)) },
		func(v pcommon.Value) {
			if redacted {
				v.SetStr("[CARD]")
			} else {
				v.SetInt(card)
			}
		},
	}
	for _, body := range bodies {
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTraceID([16]byte{1, 2, 3})
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("ERROR " + s)
		lr.SetEventName("event " + s)
		body(lr.Body())
		fill(lr.Attributes(), s, redacted)
	}
	return ld
}

func tracesWith(s string, redacted bool) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	fill(rs.Resource().Attributes(), s, redacted)
	describe(rs.Resource(), s)
	ss := rs.ScopeSpans().AppendEmpty()
	ss.Scope().SetName("scope " + s)
	fill(ss.Scope().Attributes(), s, redacted)
	span := ss.Spans().AppendEmpty()
	span.SetSpanID([8]byte{1})
	span.SetName("GET /users/" + s)
	span.Status().SetMessage("no user " + s)
	span.TraceState().FromRaw("vendor=" + s)
	fill(span.Attributes(), s, redacted)
	e := span.Events().AppendEmpty()
	e.SetName("event " + s)
	fill(e.Attributes(), s, redacted)
	l := span.Links().AppendEmpty()
	l.TraceState().FromRaw("vendor=" + s)
	fill(l.Attributes(), s, redacted)
	return td
}

func metricsWith(s string, redacted bool) pmetric.Metrics {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	fill(rm.Resource().Attributes(), s, redacted)
	describe(rm.Resource(), s)
	sm := rm.ScopeMetrics().AppendEmpty()
	sm.Scope().SetName("scope " + s)
	fill(sm.Scope().Attributes(), s, redacted)
	add := func(kind string) pmetric.Metric {
		m := sm.Metrics().AppendEmpty()
		m.SetName(kind + " " + s)
		m.SetDescription("of " + s)
		m.SetUnit("by " + s)
		fill(m.Metadata(), s, redacted)
		return m
	}
	exemplar := func(e pmetric.ExemplarSlice) { fill(e.AppendEmpty().FilteredAttributes(), s, redacted) }
	g := add("gauge").SetEmptyGauge().DataPoints().AppendEmpty()
	fill(g.Attributes(), s, redacted)
	exemplar(g.Exemplars())
	sum := add("sum").SetEmptySum().DataPoints().AppendEmpty()
	fill(sum.Attributes(), s, redacted)
	exemplar(sum.Exemplars())
	h := add("histogram").SetEmptyHistogram().DataPoints().AppendEmpty()
	fill(h.Attributes(), s, redacted)
	exemplar(h.Exemplars())
	x := add("exponential").SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
	fill(x.Attributes(), s, redacted)
	exemplar(x.Exemplars())
	fill(add("summary").SetEmptySummary().DataPoints().AppendEmpty().Attributes(), s, redacted)
	return md
}

func testConfig(change func(*Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Audit = AuditOff
	if change != nil {
		change(cfg)
	}
	return cfg
}

func TestNothingLeaksFromLogs(t *testing.T) {
	out := redactLogs(t, testConfig(nil), logsWith(marker, false))
	require.NoError(t, plogtest.CompareLogs(logsWith(token, true), out))
	assert.Equal(t, resourceOf(t, logsWith(token, true)), resourceOf(t, out))
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(out)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "jo.doe")
	assert.NotContains(t, string(text), "4111111111111111")
}

// resourceOf writes the entities of the first resource, which pdatatest does not compare.
func resourceOf(t *testing.T, ld plog.Logs) string {
	t.Helper()
	only := plog.NewLogs()
	res := only.ResourceLogs().AppendEmpty().Resource()
	entity.ResourceEntityRefs(ld.ResourceLogs().At(0).Resource()).CopyTo(entity.ResourceEntityRefs(res))
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(only)
	require.NoError(t, err)
	return string(text)
}

// A version is what looks like one: there four numbers are no address, and everything else is read like any text.
func TestScopeVersions(t *testing.T) {
	for version, want := range map[string]string{
		"6.1.1.2": "6.1.1.2", "v1.20.3.4-rc.1": "v1.20.3.4-rc.1", "2024.11.22": "2024.11.22",
		"4111111111111111": "[CARD]", "512-45-6789": "[US_SSN]", "built by jo.doe@example.com": "built by [EMAIL]",
		"for 203.99.17.4 only": "for [IP] only", "1.2.3-jo.doe@example.com": "[EMAIL]",
	} {
		ld := plog.NewLogs()
		sl := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
		sl.Scope().SetVersion(version)
		sl.LogRecords().AppendEmpty()
		out := redactLogs(t, testConfig(nil), ld)
		assert.Equal(t, want, out.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Version(), version)
	}
}

func TestNothingLeaksFromTraces(t *testing.T) {
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(metadata.Type), testConfig(nil), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.ConsumeTraces(context.Background(), tracesWith(marker, false)))
	require.NoError(t, p.Shutdown(context.Background()))
	require.NoError(t, ptracetest.CompareTraces(tracesWith(token, true), sink.AllTraces()[0]))
	text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(sink.AllTraces()[0])
	require.NoError(t, err)
	assert.NotContains(t, string(text), "jo.doe")
}

func TestNothingLeaksFromMetrics(t *testing.T) {
	sink := new(consumertest.MetricsSink)
	p, err := NewFactory().CreateMetrics(context.Background(), processortest.NewNopSettings(metadata.Type), testConfig(nil), sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.ConsumeMetrics(context.Background(), metricsWith(marker, false)))
	require.NoError(t, p.Shutdown(context.Background()))
	require.NoError(t, pmetrictest.CompareMetrics(metricsWith(token, true), sink.AllMetrics()[0]))
	text, err := (&pmetric.JSONMarshaler{}).MarshalMetrics(sink.AllMetrics()[0])
	require.NoError(t, err)
	assert.NotContains(t, string(text), "jo.doe")
}

// redactLogs sends one batch through a processor of the public factory.
func redactLogs(t *testing.T, cfg *Config, ld plog.Logs) plog.Logs {
	t.Helper()
	require.NoError(t, cfg.Validate())
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, p.ConsumeLogs(context.Background(), ld))
	require.NoError(t, p.Shutdown(context.Background()))
	return sink.AllLogs()[0]
}
