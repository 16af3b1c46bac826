package pii

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
)

// BenchmarkTurns: the processors take turns batch by batch, and what is reported are medians of the ratios of single
// rounds, to the ten detectors: a clock that jumps changes both sides of a ratio. Each kind of text is a benchmark.
func BenchmarkTurns(b *testing.B) {
	for _, kind := range []string{"clean", "mixed"} {
		source, _ := Batch(kind == "clean")
		b.Run(kind, func(b *testing.B) { turns(b, source, rivals[:4]) })
	}
	for _, k := range kinds {
		r := rand.New(rand.NewPCG(3, 4))
		source := plog.NewLogs()
		records := source.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
		for range Records {
			records.AppendEmpty().Body().SetStr(k.line(r))
		}
		b.Run(k.name, func(b *testing.B) { turns(b, source, rivals[1:4]) })
	}
}

// turns makes b.N rounds. The fast ones do several batches in theirs, since one is too short to be measured.
func turns(b *testing.B, source plog.Logs, all []processors) {
	const batches = 8
	var running []processor.Logs
	times := make([][]float64, len(all))
	for _, r := range all {
		running = append(running, r.start(b))
	}
	copies := make([]plog.Logs, batches)
	for round := 0; b.Loop() || round < 3; round++ {
		for k, p := range running {
			n := batches
			if all[k].name == "redaction_10" {
				n = 1
			}
			for i := range n {
				copies[i] = plog.NewLogs()
				source.CopyTo(copies[i])
			}
			runtime.GC()
			since := cpuTime()
			for i := range n {
				require.NoError(b, p.ConsumeLogs(context.Background(), copies[i]))
			}
			if t := cpuTime() - since; round > 0 { // the first one warms up
				times[k] = append(times[k], float64(t)/float64(time.Nanosecond)/float64(n)/Records)
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	ten := slices.IndexFunc(all, func(r processors) bool { return r.name == "pii_redaction_10" })
	for k := range all {
		b.ReportMetric(median(times[k]), "ns/record:"+all[k].name)
		if k != ten {
			ratios := make([]float64, len(times[k]))
			for i := range ratios {
				ratios[i] = times[k][i] / times[ten][i]
			}
			b.ReportMetric(median(ratios), all[k].name+"/10")
		}
	}
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// kinds are bodies unlike those of Batch, without personal data.
var kinds = []struct {
	name string
	line func(r *rand.Rand) string
}{
	{"access", func(r *rand.Rand) string {
		return fmt.Sprintf(`host-%d - - [%02d/Nov/2026:10:%02d:%02d +0000] "GET /static/js/app.%08x.js?v=%d HTTP/1.1" 200 %d "-" "%s" 0.%03d`,
			r.IntN(255), 1+r.IntN(28), r.IntN(60), r.IntN(60), r.Uint32(), r.IntN(99), r.IntN(99999), agents[r.IntN(len(agents))], r.IntN(999))
	}},
	{"json", func(r *rand.Rand) string {
		return fmt.Sprintf(`{"level":"info","ts":"2026-11-%02dT10:11:12.%03dZ","caller":"server/handler.go:%d","msg":"request done","path":"/api/v1/items/%d","status":200,"took_ms":%.3f,"trace_id":"%016x%016x"}`,
			1+r.IntN(28), r.IntN(999), r.IntN(900), r.IntN(99999), r.Float64()*100, r.Uint64(), r.Uint64())
	}},
	{"logfmt", func(r *rand.Rand) string {
		return fmt.Sprintf(`ts=2026-11-%02dT10:11:12.%03dZ level=info caller=compact.go:%d component=tsdb msg="write block" mint=%d maxt=%d duration=%d.%06ds`,
			1+r.IntN(28), r.IntN(999), r.IntN(999), 1763800000000+r.Int64N(1e8), 1763800000000+r.Int64N(1e8), r.IntN(9), r.IntN(1e6))
	}},
	{"kubernetes", func(r *rand.Rand) string {
		return fmt.Sprintf("Successfully assigned shop/checkout-%08x-%05x to ip-node-%d, pulled in %d.%03ds", r.Uint32(), r.IntN(1<<20), r.IntN(99), r.IntN(9), r.IntN(999))
	}},
	{"sql", func(r *rand.Rand) string {
		return fmt.Sprintf("SELECT o.id, c.region FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.created_at > '2026-11-%02d' LIMIT %d OFFSET %d /* %.3f ms */", 1+r.IntN(28), r.IntN(500), r.IntN(9999), r.Float64()*90)
	}},
	{"stack", func(r *rand.Rand) string {
		return fmt.Sprintf("java.lang.IllegalStateException: order %d not found\n\tat com.shop.order.OrderService.find(OrderService.java:%d)\n\tat java.base/java.lang.Thread.run(Thread.java:%d)", r.IntN(1e6), r.IntN(999), r.IntN(999))
	}},
	{"hexadecimal", func(r *rand.Rand) string {
		return fmt.Sprintf("digest sha256:%016x%016x%016x%016x layer %012x size %d", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Int64N(1<<48), r.IntN(1e8))
	}},
	{"spark", func(r *rand.Rand) string {
		return fmt.Sprintf("26/11/%02d 10:%02d:%02d INFO storage.BlockManager: Found block rdd_%d_%d locally; %d bytes result sent to driver", 1+r.IntN(28), r.IntN(60), r.IntN(60), r.IntN(99), r.IntN(99), r.IntN(9999))
	}},
	{"numbers", func(r *rand.Rand) string {
		return fmt.Sprintf("%d node-%d node temperature %d 1 ambient=%d in %dms", r.IntN(1e6), r.IntN(200), 1e9+r.Int64N(7e8), r.IntN(60), r.IntN(900))
	}},
	{"korean", func(r *rand.Rand) string {
		return fmt.Sprintf("주문 %d번이 정상 처리되었습니다 소요시간 %d밀리초", r.IntN(99999), r.IntN(999))
	}},
}
