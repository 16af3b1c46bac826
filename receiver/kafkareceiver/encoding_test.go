package kafkareceiver

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/internal/nesting"
	"github.com/otel-culprit/culprit/receiver/kafkareceiver/internal/metadata"
)

// deep puts lists in lists.
func deep(m pcommon.Map, levels int) {
	v := m.PutEmptySlice("deep")
	for range levels - 1 {
		v = v.AppendEmpty().SetEmptySlice()
	}
}

func logs(levels int) plog.Logs {
	l := plog.NewLogs()
	deep(l.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes(), levels)
	return l
}

// Every signal in both encodings is decoded with as many levels as there may be, and refused with more.
func TestEncodings(t *testing.T) {
	traces, metrics, profiles := func(levels int) ptrace.Traces {
		d := ptrace.NewTraces()
		deep(d.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty().Attributes(), levels)
		return d
	}, func(levels int) pmetric.Metrics {
		d := pmetric.NewMetrics()
		deep(d.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty().Attributes(), levels)
		return d
	}, func(levels int) pprofile.Profiles {
		d := pprofile.NewProfiles()
		deep(d.ResourceProfiles().AppendEmpty().Resource().Attributes(), levels)
		return d
	}
	f := func(name string, marshal func(levels int) ([]byte, error), unmarshal func([]byte) error) {
		t.Helper()
		for levels, want := range map[int]error{nesting.MaxLevels: nil, 10_000: nesting.ErrTooDeep} {
			raw, err := marshal(levels)
			require.NoError(t, err)
			assert.ErrorIs(t, unmarshal(raw), want, "%s, %d levels", name, levels)
		}
	}
	for name, m := range map[string]struct {
		plog.Marshaler
		traces   ptrace.Marshaler
		metrics  pmetric.Marshaler
		profiles pprofile.Marshaler
	}{
		"otlp_proto": {&plog.ProtoMarshaler{}, &ptrace.ProtoMarshaler{}, &pmetric.ProtoMarshaler{}, &pprofile.ProtoMarshaler{}},
		"otlp_json":  {&plog.JSONMarshaler{}, &ptrace.JSONMarshaler{}, &pmetric.JSONMarshaler{}, &pprofile.JSONMarshaler{}},
	} {
		e := encodings[component.MustNewID(name)].(*encoding)
		f(name+" logs", func(n int) ([]byte, error) { return m.MarshalLogs(logs(n)) }, func(b []byte) error { _, err := e.UnmarshalLogs(b); return err })
		f(name+" traces", func(n int) ([]byte, error) { return m.traces.MarshalTraces(traces(n)) }, func(b []byte) error { _, err := e.UnmarshalTraces(b); return err })
		f(name+" metrics", func(n int) ([]byte, error) { return m.metrics.MarshalMetrics(metrics(n)) }, func(b []byte) error { _, err := e.UnmarshalMetrics(b); return err })
		f(name+" profiles", func(n int) ([]byte, error) { return m.profiles.MarshalProfiles(profiles(n)) }, func(b []byte) error { _, err := e.UnmarshalProfiles(b); return err })
	}
}

// The receiver takes these decoders and not its own, whatever the encoding: a message that is too deep is passed over.
func TestReceiver(t *testing.T) {
	for encoding, marshaler := range map[string]plog.Marshaler{"otlp_proto": &plog.ProtoMarshaler{}, "otlp_json": &plog.JSONMarshaler{}} {
		t.Run(encoding, func(t *testing.T) {
			cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "otlp_logs"))
			require.NoError(t, err)
			defer cluster.Close()
			cfg := NewFactory().CreateDefaultConfig()
			require.NoError(t, confmap.NewFromStringMap(map[string]any{
				"brokers": cluster.ListenAddrs(), "initial_offset": "earliest", "logs": map[string]any{"encoding": encoding},
				"message_marking": map[string]any{"after": true, "on_permanent_error": true},
			}).Unmarshal(cfg))
			sink := &consumertest.LogsSink{}
			r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, sink)
			require.NoError(t, err)
			require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
			defer func() { assert.NoError(t, r.Shutdown(context.Background())) }()

			client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.DefaultProduceTopic("otlp_logs"))
			require.NoError(t, err)
			defer client.Close()
			for _, levels := range []int{nesting.MaxLevels, 10_000, 1} {
				raw, err := marshaler.MarshalLogs(logs(levels))
				require.NoError(t, err)
				require.NoError(t, client.ProduceSync(t.Context(), &kgo.Record{Value: raw}).FirstErr())
			}
			require.Eventually(t, func() bool { return sink.LogRecordCount() >= 2 }, 90*time.Second, 10*time.Millisecond)
			for i, levels := range []int{nesting.MaxLevels, 1} {
				v, _ := sink.AllLogs()[i].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Get("deep")
				assert.Equal(t, levels, strings.Count(v.AsString(), "["))
			}
		})
	}
}
