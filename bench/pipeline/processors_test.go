package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/extension/issueregistryextension"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
	"github.com/otel-culprit/culprit/processor/traceidprocessor"
)

// registryHost has the one extension that error_issue asks for.
type registryHost struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h registryHost) GetExtensions() map[component.ID]component.Component { return h.extensions }

func newRegistryHost(b *testing.B) registryHost {
	factory := issueregistryextension.NewFactory()
	cfg := factory.CreateDefaultConfig()
	require.NoError(b, confmap.NewFromStringMap(map[string]any{
		"store": map[string]any{"type": "memory"}, "http": map[string]any{"endpoint": "127.0.0.1:0"},
	}).Unmarshal(cfg))
	set := extensiontest.NewNopSettings(factory.Type())
	set.ID = component.NewID(factory.Type())
	ext, err := factory.Create(context.Background(), set, cfg)
	require.NoError(b, err)
	require.NoError(b, ext.Start(context.Background(), componenttest.NewNopHost()))
	b.Cleanup(func() { require.NoError(b, ext.Shutdown(context.Background())) })
	return registryHost{componenttest.NewNopHost(), map[component.ID]component.Component{set.ID: ext}}
}

// chain is one pipeline of each signal, through the public factories.
type chain struct {
	logs   consumer.Logs
	traces consumer.Traces
}

func newChain(b *testing.B, factories ...processor.Factory) chain {
	ctx, host := context.Background(), newRegistryHost(b)
	c := chain{consumertest.NewNop(), consumertest.NewNop()}
	for i := len(factories) - 1; i >= 0; i-- {
		f := factories[i]
		cfg := f.CreateDefaultConfig() // of both signals
		logs, err := f.CreateLogs(ctx, processortest.NewNopSettings(f.Type()), cfg, c.logs)
		require.NoError(b, err)
		traces, err := f.CreateTraces(ctx, processortest.NewNopSettings(f.Type()), cfg, c.traces)
		require.NoError(b, err)
		for _, p := range []component.Component{logs, traces} {
			require.NoError(b, p.Start(ctx, host))
			b.Cleanup(func() { require.NoError(b, p.Shutdown(ctx)) })
		}
		c = chain{logs, traces}
	}
	return c
}

// send decodes a request, hands it on and encodes what became of it.
func (c chain) send(b *testing.B, in *batch) {
	var err error
	if in.method == logsMethod {
		r := plogotlp.NewExportRequest()
		if err = r.UnmarshalProto(in.payload); err == nil {
			if err = c.logs.ConsumeLogs(context.Background(), r.Logs()); err == nil {
				_, err = r.MarshalProto()
			}
		}
	} else {
		r := ptraceotlp.NewExportRequest()
		if err = r.UnmarshalProto(in.payload); err == nil {
			if err = c.traces.ConsumeTraces(context.Background(), r.Traces()); err == nil {
				_, err = r.MarshalProto()
			}
		}
	}
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkProcessors is the load of the tables without receiver and exporter. One operation is a batch of 512 records; logs and
// traces take turns. What decoding and encoding cost stands in the first line and is part of the others.
func BenchmarkProcessors(b *testing.B) {
	trace, pii, errs := traceidprocessor.NewFactory(), piiredactionprocessor.NewFactory(), errorissueprocessor.NewFactory()
	for _, v := range []struct {
		name  string
		order []processor.Factory
	}{
		{"nothing", nil},
		{"trace_id", []processor.Factory{trace}},
		{"pii_redaction", []processor.Factory{pii}},
		{"error_issue", []processor.Factory{errs}},
		{"all_three", []processor.Factory{trace, pii, errs}},
	} {
		b.Run(v.name, func(b *testing.B) {
			c := newChain(b, v.order...)
			l := newLoad(1)
			sent := l.batches(64)
			for i := range sent { // until what is remembered is
				c.send(b, &sent[i])
			}
			b.ReportAllocs()
			before := used().CPU
			spent := int64(0)
			for i := 0; b.Loop(); i++ {
				if i%64 == 0 { // other records, made outside of the time
					b.StopTimer()
					spent += used().CPU - before
					sent = l.batches(64)
					before = used().CPU
					b.StartTimer()
				}
				c.send(b, &sent[i%64])
			}
			spent += used().CPU - before
			b.ReportMetric(float64(spent)/float64(b.N)/batchRecords, "cpu-ns/record")
		})
	}
}
