package traceidprocessor

import (
	"context"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.yaml.in/yaml/v3"
)

const (
	traceA = "4bf92f3577b34da6a3ce929d0e0e4736"
	traceB = "0af7651916cd43dd8448eb211c80319c"
	spanA  = "00f067aa0ba902b7"
	uuidA  = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
)

// parse reads a configuration as the collector does.
func parse(text string) (*Config, error) {
	raw := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &raw); err != nil {
		return nil, err
	}
	cfg := createDefaultConfig().(*Config)
	if err := confmap.NewFromStringMap(raw).Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

// rig is a processor under test: all signals of one component ID.
type rig struct {
	t      *testing.T
	tel    *componenttest.Telemetry
	logs   processor.Logs
	traces processor.Traces
	metric processor.Metrics
	outL   *consumertest.LogsSink
	outT   *consumertest.TracesSink
	outM   *consumertest.MetricsSink
}

type host struct {
	exts map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.exts }

func newRig(t *testing.T, config string) *rig {
	t.Helper()
	return newRigHost(t, config, componenttest.NewNopHost())
}

func newRigHost(t *testing.T, config string, h component.Host) *rig {
	t.Helper()
	cfg, err := parse(config)
	require.NoError(t, err)
	r := &rig{t: t, tel: componenttest.NewTelemetry(), outL: new(consumertest.LogsSink), outT: new(consumertest.TracesSink), outM: new(consumertest.MetricsSink)}
	factory := NewFactory()
	set := processortest.NewNopSettings(factory.Type())
	set.TelemetrySettings = r.tel.NewTelemetrySettings()
	ctx := context.Background()
	r.logs, err = factory.CreateLogs(ctx, set, cfg, r.outL)
	require.NoError(t, err)
	r.traces, err = factory.CreateTraces(ctx, set, cfg, r.outT)
	require.NoError(t, err)
	r.metric, err = factory.CreateMetrics(ctx, set, cfg, r.outM)
	require.NoError(t, err)
	all := []component.Component{r.logs, r.traces, r.metric}
	for _, c := range all {
		require.NoError(t, c.Start(ctx, h))
	}
	t.Cleanup(func() {
		for _, c := range append(all, all...) { // twice is allowed
			require.NoError(t, c.Shutdown(ctx))
		}
		require.NoError(t, r.tel.Shutdown(ctx))
	})
	return r
}

// rec is a log record for a test.
type rec struct {
	service string
	trace   string // hex; "" = none
	body    any
	attrs   map[string]any
}

func makeLogs(t *testing.T, recs ...rec) plog.Logs {
	t.Helper()
	ld := plog.NewLogs()
	for _, in := range recs {
		rl := ld.ResourceLogs().AppendEmpty()
		if in.service != "" {
			rl.Resource().Attributes().PutStr("service.name", in.service)
		}
		lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		if in.trace != "" {
			lr.SetTraceID(traceOf(t, in.trace))
		}
		require.NoError(t, lr.Body().FromRaw(in.body))
		require.NoError(t, lr.Attributes().FromRaw(in.attrs))
	}
	return ld
}

// send sends one batch and returns the records that come out.
func (r *rig) send(recs ...rec) []plog.LogRecord {
	r.t.Helper()
	r.outL.Reset()
	require.NoError(r.t, r.logs.ConsumeLogs(context.Background(), makeLogs(r.t, recs...)))
	var out []plog.LogRecord
	for _, ld := range r.outL.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					out = append(out, lr)
				}
			}
		}
	}
	return out
}

func (r *rig) sendSpans(td ptrace.Traces) ptrace.SpanSlice {
	r.t.Helper()
	r.outT.Reset()
	require.NoError(r.t, r.traces.ConsumeTraces(context.Background(), td))
	if len(r.outT.AllTraces()) == 0 {
		return ptrace.NewSpanSlice()
	}
	return r.outT.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans()
}

func traceOf(t *testing.T, text string) (id [16]byte) {
	t.Helper()
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	copy(id[:], b)
	return id
}

// says returns an attribute of a record as text, "" when it is absent.
func says(lr plog.LogRecord, name string) string { return text(lr.Attributes(), name) }

func text(m pcommon.Map, name string) string {
	v, ok := m.Get(name)
	if !ok {
		return ""
	}
	return v.AsString()
}
