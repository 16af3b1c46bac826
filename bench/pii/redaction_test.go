package pii

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/bench/rival"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
)

type processors struct {
	name    string
	factory processor.Factory
	config  map[string]any
}

var rivals = []processors{
	{"redaction_10", redactionprocessor.NewFactory(), map[string]any{"allow_all_keys": true, "blocked_values": rival.Expressions, "summary": "silent"}},
	{"pii_redaction_10", piiredactionprocessor.NewFactory(), map[string]any{
		"detectors": rival.Detectors, "audit": "off", "user_hash": false, "sensitive_keys": map[string]any{"defaults": false},
	}},
	{"pii_redaction_default", piiredactionprocessor.NewFactory(), map[string]any{"audit": "off", "user_hash": false}},
	{"pii_redaction_all", piiredactionprocessor.NewFactory(), map[string]any{
		"detectors": []any{"all"}, "audit": "off", "user_hash": false,
	}},
	{"pii_redaction_all_audit", piiredactionprocessor.NewFactory(), map[string]any{"detectors": []any{"all"}, "audit": "types"}},
}

// start makes a processor through its public factory.
func (r processors) start(tb testing.TB) processor.Logs {
	cfg := r.factory.CreateDefaultConfig()
	require.NoError(tb, confmap.NewFromStringMap(r.config).Unmarshal(cfg))
	if v, ok := cfg.(interface{ Validate() error }); ok {
		require.NoError(tb, v.Validate())
	}
	p, err := r.factory.CreateLogs(context.Background(), processortest.NewNopSettings(r.factory.Type()), cfg.(component.Config), consumertest.NewNop())
	require.NoError(tb, err)
	require.NoError(tb, p.Start(context.Background(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, p.Shutdown(context.Background())) })
	return p
}

// cpuTime is the CPU time of the whole process, garbage collection included: on a busy machine the
// clock on the wall says little.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLogs: each iteration redacts a fresh copy of a batch; the copy is not in the time.
func BenchmarkLogs(b *testing.B) {
	for _, kind := range []string{"clean", "mixed"} {
		source, size := Batch(kind == "clean")
		for _, r := range rivals {
			b.Run(kind+"/"+r.name, func(b *testing.B) {
				p := r.start(b)
				warm := plog.NewLogs()
				source.CopyTo(warm)
				require.NoError(b, p.ConsumeLogs(context.Background(), warm))
				b.SetBytes(int64(size))
				b.ReportAllocs()
				// Copies are made ahead of the clock: stopping it for each would cost more than the fast rivals.
				const ahead = 8
				copies := make([]plog.Logs, ahead)
				n := ahead
				var cpu, since time.Duration
				for b.Loop() {
					if n == ahead {
						b.StopTimer()
						if since > 0 {
							cpu += cpuTime() - since
						}
						for i := range copies {
							if kind == "clean" {
								copies[i] = warm // nothing in it changes
								continue
							}
							copies[i] = plog.NewLogs()
							source.CopyTo(copies[i])
						}
						n = 0
						runtime.GC()
						b.StartTimer()
						since = cpuTime()
					}
					if err := p.ConsumeLogs(context.Background(), copies[n]); err != nil {
						b.Fatal(err)
					}
					n++
				}
				cpu += cpuTime() - since
				b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N)/Records, "cpu-ns/record")
			})
		}
	}
}
