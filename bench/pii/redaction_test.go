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

	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
)

// tenRegexes are what one writes for the rival; tenDetectors are the same types here.
var tenRegexes = []any{
	`[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}`,
	`\b(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|3[47][0-9]{13}|6(?:011|5[0-9]{2})[0-9]{12})\b`,
	`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`,
	`\+[0-9]{1,3}[ -]?\(?[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}`,
	`\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\b`,
	`\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}`,
	`(?i)bearer\s+[A-Za-z0-9._~+/=-]{16,}`,
	`\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b`,
	`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
	`\b[0-9]{6}-[1-4][0-9]{6}\b`,
}

var tenDetectors = []any{
	"email", "credit_card", "us_ssn", "phone", "ipv4", "jwt", "auth_header", "iban", "aws_access_key", "kr_rrn",
}

type rival struct {
	name    string
	factory processor.Factory
	config  map[string]any
}

var rivals = []rival{
	{"redaction_10", redactionprocessor.NewFactory(), map[string]any{"allow_all_keys": true, "blocked_values": tenRegexes, "summary": "silent"}},
	{"pii_redaction_10", piiredactionprocessor.NewFactory(), map[string]any{
		"detectors": tenDetectors, "audit": "off", "user_hash": false, "sensitive_keys": map[string]any{"defaults": false},
	}},
	{"pii_redaction_default", piiredactionprocessor.NewFactory(), map[string]any{"audit": "off", "user_hash": false}},
	{"pii_redaction_all", piiredactionprocessor.NewFactory(), map[string]any{
		"detectors": []any{"all"}, "audit": "off", "user_hash": false,
	}},
	{"pii_redaction_all_audit", piiredactionprocessor.NewFactory(), map[string]any{"detectors": []any{"all"}, "audit": "types"}},
}

// start makes a processor through its public factory.
func (r rival) start(tb testing.TB) processor.Logs {
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
