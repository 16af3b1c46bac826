package errorissueprocessor

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadata"
)

const batchSize = 100

// javaTrace is a stack trace of n frames, half of them the application's.
func javaTrace(n int) string {
	var b strings.Builder
	b.WriteString("java.lang.IllegalStateException: order 8812 has no items\n")
	for i := range n {
		if i%2 == 0 {
			fmt.Fprintf(&b, "\tat com.acme.shop.orders.OrderService.step%d(OrderService.java:%d)\n", i, 10+i)
		} else {
			fmt.Fprintf(&b, "\tat org.springframework.web.servlet.FrameworkServlet.doPost%d(FrameworkServlet.java:%d)\n", i, 10+i)
		}
	}
	return b.String()
}

func logBatch(write func(i int, lr plog.LogRecord)) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	for k, v := range map[string]string{"service.name": "shop", "service.version": "1.2.3", "host.name": "h1", "k8s.pod.name": "shop-1"} {
		rl.Resource().Attributes().PutStr(k, v)
	}
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range batchSize {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Unix(1_700_000_000, int64(i))))
		lr.SetTraceID(pcommon.TraceID{1, byte(i)})
		lr.SetSpanID(pcommon.SpanID{1, byte(i)})
		lr.Attributes().PutStr("http.route", "/orders/{id}")
		lr.Attributes().PutStr("thread.name", "main")
		lr.Attributes().PutStr("user.hash", "ab12")
		write(i, lr)
	}
	return ld
}

func cleanBatch() plog.Logs {
	return logBatch(func(_ int, lr plog.LogRecord) {
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.Body().SetStr("order 8812 was paid with 3 items in 12 ms")
	})
}

func errorBatch(frames int) plog.Logs {
	stack := javaTrace(frames)
	return logBatch(func(_ int, lr plog.LogRecord) {
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.Body().SetStr("order failed")
		lr.Attributes().PutStr("exception.type", "java.lang.IllegalStateException")
		lr.Attributes().PutStr("exception.message", "order 8812 has no items")
		lr.Attributes().PutStr("exception.stacktrace", stack)
	})
}

// differentStacks are more than are remembered.
func differentStacks(frames int) []string {
	stack := javaTrace(frames)
	list := make([]string, 4096)
	for i := range list {
		list[i] = strings.Replace(stack, "step0", "step"+strconv.Itoa(i), 1)
	}
	return list
}

func startLogs(b testing.TB, cfg *Config, h component.Host) consumer.Logs {
	b.Helper()
	p, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(context.Background(), h))
	b.Cleanup(func() { require.NoError(b, p.Shutdown(context.Background())) })
	return p
}

// BenchmarkLogs goes through the public factory; one operation is one record. Bytes are those of
// OTLP; cpu-ns/op is the processor's time with garbage collection, which other work on the machine changes less.
func BenchmarkLogs(b *testing.B) {
	f := func(name string, ld plog.Logs, cfg *Config, h func(b *testing.B) component.Host, stacks ...string) {
		b.Run(name, func(b *testing.B) {
			p := startLogs(b, cfg, h(b))
			b.SetBytes(int64((&plog.ProtoMarshaler{}).LogsSize(ld) / batchSize))
			b.ReportAllocs()
			batch := plog.NewLogs()
			step := int64(0)
			before := cpuTime()
			for n := 0; b.Loop(); n++ {
				if n%batchSize != 0 {
					continue // a record of the batch that was sent already
				}
				step++
				ld.CopyTo(batch)
				for i, lr := range batch.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
					// Other records, not the same ones again.
					lr.SetTimestamp(pcommon.Timestamp(1_700_000_000_000_000_000 + step*batchSize + int64(i)))
					id := lr.TraceID()
					id[8], id[9], id[10] = byte(step), byte(step>>8), byte(step>>16)
					lr.SetTraceID(id)
					if len(stacks) > 0 {
						lr.Attributes().PutStr("exception.stacktrace", stacks[(int(step)*batchSize+i)%len(stacks)])
					}
				}
				if err := p.ConsumeLogs(context.Background(), batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
	nop := func(*testing.B) component.Host { return componenttest.NewNopHost() }
	memory := func(b *testing.B) component.Host { _, h := newRegistry(b); return h }
	noCrumbs := withRegistry()
	noCrumbs.Breadcrumbs.PerTrace = 0
	f("clean/stateless", cleanBatch(), stateless(), nop)
	f("clean/registry", cleanBatch(), noCrumbs, memory)
	f("clean/breadcrumbs", cleanBatch(), withRegistry(), memory)
	for _, frames := range []int{5, 30, 100} {
		f(fmt.Sprintf("errors/%d_frames/stateless", frames), errorBatch(frames), stateless(), nop)
	}
	f("errors/30_frames/registry", errorBatch(30), withRegistry(), memory)
	f("errors/30_frames/all_different", errorBatch(30), stateless(), nop, differentStacks(30)...)
}

// BenchmarkPipelines shows that pipelines do not wait for each other: run it with -cpu 1,2,4. One
// operation is a batch of 100 errors of a trace and an issue of their own each.
func BenchmarkPipelines(b *testing.B) {
	f := func(name string, cfg *Config, h component.Host) {
		b.Run(name, func(b *testing.B) {
			p := startLogs(b, cfg, h)
			var pipeline atomic.Int32
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				me := pipeline.Add(1)
				ld := errorBatch(30)
				ld.ResourceLogs().At(0).Resource().Attributes().PutStr("service.name", fmt.Sprintf("shop-%d", me))
				batch := plog.NewLogs()
				for n := uint64(1); pb.Next(); n++ {
					ld.CopyTo(batch)
					for i, lr := range batch.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
						id := pcommon.TraceID{0: byte(me), 1: byte(i)}
						binary.LittleEndian.PutUint64(id[8:], n)
						lr.SetTraceID(id)
					}
					if err := p.ConsumeLogs(context.Background(), batch); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
	f("stateless", stateless(), componenttest.NewNopHost())
	_, h := newRegistry(b)
	f("registry", withRegistry(), h)
}

// TestCleanBatchAllocatesNothing is about what the processor itself allocates for a whole batch: nothing for a record, and
// nothing for the batch but what the race detector takes out of sync.Pool by chance.
func TestCleanBatchAllocatesNothing(t *testing.T) {
	f := func(name string, cfg *Config, h component.Host) {
		t.Helper()
		c, err := newCore(processortest.NewNopSettings(metadata.Type), cfg)
		require.NoError(t, err)
		require.NoError(t, c.start(context.Background(), h))
		ld := cleanBatch()
		for range 100 { // until each trace has as many breadcrumbs as are kept
			_, err = c.processLogs(context.Background(), ld)
			require.NoError(t, err)
		}
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
			_, _ = c.processLogs(context.Background(), ld)
		}), 4.0, name)
		_, err = c.shutdown(context.Background())
		require.NoError(t, err)
	}
	_, h := newRegistry(t)
	noCrumbs := withRegistry()
	noCrumbs.Breadcrumbs.PerTrace = 0
	f("stateless", stateless(), componenttest.NewNopHost())
	f("registry without breadcrumbs", noCrumbs, h)
	f("breadcrumbs, when their traces are known", withRegistry(), h)
}

func cpuTime() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
