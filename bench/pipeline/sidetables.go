package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"time"

	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/tracecontext"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor"
)

// sideTable is memory that outlives a batch.
type sideTable struct {
	name    string
	entries int
	fill    func(n int) (any, error) // the table, filled
}

var sideTableList = []sideTable{
	{"request IDs (`trace_id`)", 100_000, func(n int) (any, error) {
		t := tracecontext.NewLinks(n, time.Hour)
		for i := range n {
			t.Learn("", fmt.Sprintf("req-%016x", i), idOf(i), time.Now())
		}
		return t, nil
	}},
	{"breadcrumbs (`error_issue`): a trace with 10 records of 150 bytes", 20_000, func(n int) (any, error) {
		t := &issue.Breadcrumbs{}
		t.Resize(n, 30)
		for i := range n * 10 {
			t.Add(idOf(i/10), &issue.Crumb{
				Time: time.Now(), Service: "service-1", Category: "com.acme.shop.orders.OrderService", Level: "info",
				Message: fmt.Sprintf("order %d was paid with %d items in %d ms, no voucher", i, i%9, i%900),
			})
		}
		return t, nil
	}},
	{"remembered errors (`error_issue`): stacks of 30 frames", 2048, func(n int) (any, error) {
		factory := errorissueprocessor.NewFactory()
		cfg := factory.CreateDefaultConfig()
		if err := confmap.NewFromStringMap(map[string]any{"registry": "none"}).Unmarshal(cfg); err != nil {
			return nil, err
		}
		p, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), cfg, consumertest.NewNop())
		if err != nil {
			return nil, err
		}
		if err := p.Start(context.Background(), componenttest.NewNopHost()); err != nil {
			return nil, err
		}
		for i := range 4 * n { // what is remembered has two generations
			ld := plog.NewLogs()
			lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			lr.Attributes().PutStr("exception.type", "java.lang.IllegalStateException")
			lr.Attributes().PutStr("exception.stacktrace", javaStack(i, "the stock is locked"))
			if err := p.ConsumeLogs(context.Background(), ld); err != nil {
				return nil, err
			}
		}
		return p, nil
	}},
	{"issues in work (`issue_registry`, memory store, with one sample)", 20_000, func(n int) (any, error) {
		return judged(n, func(i int, o *issue.Occurrence) { o.Issue = fmt.Sprintf("%016x", i) })
	}},
	{"occurrences that were judged (`issue_registry`): key and trace", 65_536, func(n int) (any, error) {
		return judged(n, func(i int, o *issue.Occurrence) { o.TraceID, o.SpanID = idOf(i), [8]byte{1} })
	}},
}

// judged is a registry that has judged n occurrences.
func judged(n int, vary func(i int, o *issue.Occurrence)) (any, error) {
	core := issue.NewCore(issue.Options{Store: memory.New(), MaxNew: -1})
	if err := core.Start(context.Background()); err != nil {
		return nil, err
	}
	var verdicts []issue.Verdict
	for i := range n {
		at := time.Now()
		o := issue.Occurrence{
			Key: issue.Key(idOf(i)), Issue: "0123456789abcdef", Title: "IllegalStateException: the stock is locked", Culprit: "reserve in OrderService.java",
			Level: "error", Service: "service-1", Environment: "production", Release: "2026.11.3", Time: at, Root: []uint64{1},
			Sample: func() *issue.Event {
				return &issue.Event{Time: at, Service: "service-1", Level: "error", Message: "the stock is locked", Stack: javaStack(i, "the stock is locked")}
			},
		}
		vary(i, &o)
		verdicts = core.Judge(context.Background(), []issue.Occurrence{o}, verdicts[:0])
	}
	time.Sleep(3 * time.Second) // what waits to be written is written
	return core, nil
}

func idOf(i int) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], uint64(i)*0x9e3779b97f4a7c15+1)
	binary.BigEndian.PutUint64(id[8:], uint64(i)+1)
	return id
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held goes with the second one
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// sideTables prints what an entry of each table takes.
func sideTables() error {
	fmt.Printf("\n| side-table | entries | bytes an entry | MiB |\n|---|---:|---:|---:|\n")
	for _, t := range sideTableList {
		before := heap()
		table, err := t.fill(t.entries)
		if err != nil {
			return err
		}
		used := float64(heap()) - float64(before)
		runtime.KeepAlive(table)
		fmt.Printf("| %s | %d | %.0f | %.1f |\n", t.name, t.entries, used/float64(t.entries), used/(1<<20))
	}
	return nil
}
