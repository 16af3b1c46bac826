package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

const (
	senders      = 4   // calls at a time to one collector
	batchRecords = 512 // the SDKs' default

	logsMethod   = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
	tracesMethod = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
)

// batch is a request of OTLP, encoded.
type batch struct {
	method  string
	payload []byte
	records int
}

// load makes batches as services send them. No two of its records are equal: their times and trace IDs
// differ, so that nothing is taken for a batch that is sent again.
type load struct {
	r        *rand.Rand
	services int
	share    int     // resources of a batch, which share its records
	records  int     // of a batch
	bugs     int     // different errors of each service
	errors   float64 // share of records
	size     int     // bytes of a log's body; 0 = as they come
	now      uint64
	trace    uint64
	order    int // of the next error
	// pick says which bug the next error is of; nil = one after the other. Then it is up to chance, not to the bug, whether
	// an error has a message of its own.
	pick func(r *rand.Rand) int
}

func newLoad(seed uint64) *load {
	return &load{r: rand.New(rand.NewPCG(seed, 7)), services: 8, share: 1, records: batchRecords, bugs: 10, errors: 0.02, now: uint64(time.Now().UnixNano()), trace: seed << 40}
}

// batches returns n batches, logs and traces in turn.
func (l *load) batches(n int) []batch {
	out := make([]batch, 0, n)
	for i := range n {
		if i%2 == 0 {
			out = append(out, l.logs())
		} else {
			out = append(out, l.traces())
		}
	}
	return out
}

func (l *load) resource(a pcommon.Map, service int) {
	a.PutStr("service.name", fmt.Sprintf("service-%d", service))
	a.PutStr("service.version", "2026.11.3")
	a.PutStr("service.instance.id", fmt.Sprintf("service-%d-7d9f8b6c5-x2k4z", service))
	a.PutStr("deployment.environment.name", "production")
	a.PutStr("telemetry.sdk.language", "java")
	a.PutStr("telemetry.sdk.name", "opentelemetry")
	a.PutStr("host.name", "node-17")
	a.PutStr("k8s.namespace.name", "shop")
	a.PutStr("k8s.pod.name", fmt.Sprintf("service-%d-7d9f8b6c5-x2k4z", service))
}

func (l *load) tick() pcommon.Timestamp {
	l.now += 1000 + uint64(l.r.IntN(20_000))
	return pcommon.Timestamp(l.now)
}

// traceID goes on to the next trace now and then: a trace has about ten records.
func (l *load) traceID() pcommon.TraceID {
	if l.r.IntN(10) == 0 {
		l.trace++
	}
	var id pcommon.TraceID
	binary.BigEndian.PutUint64(id[:8], l.trace*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(id[8:], l.trace)
	return id
}

func (l *load) spanID() (id pcommon.SpanID) {
	binary.BigEndian.PutUint64(id[:], l.r.Uint64()|1)
	return id
}

func (l *load) logs() batch {
	ld := plog.NewLogs()
	for range l.share {
		rl := ld.ResourceLogs().AppendEmpty()
		l.resource(rl.Resource().Attributes(), l.r.IntN(l.services))
		sl := rl.ScopeLogs().AppendEmpty()
		sl.Scope().SetName("com.acme.shop.orders.OrderService")
		for range l.records / l.share {
			l.log(sl.LogRecords().AppendEmpty())
		}
	}
	payload, err := plogotlp.NewExportRequestFromLogs(ld).MarshalProto()
	if err != nil {
		panic(err) // a batch of ours can be encoded
	}
	return batch{logsMethod, payload, ld.LogRecordCount()}
}

// lines are what services write; a few name persons.
var lines = []func(r *rand.Rand) string{
	func(r *rand.Rand) string {
		return fmt.Sprintf("order %d was paid with %d items in %d ms", r.IntN(1e6), 1+r.IntN(9), r.IntN(900))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("GET /api/v2/orders/%d 200 %dms", r.IntN(1e6), r.IntN(900))
	},
	func(*rand.Rand) string { return "connection pool exhausted, waiting for a free connection" },
	func(r *rand.Rand) string {
		return fmt.Sprintf("Finished task %d.0 in stage %d.0 (TID %d) in %d ms on worker-%d (%d/%d)", r.IntN(300), r.IntN(90), r.IntN(4000), r.IntN(9000), r.IntN(32), r.IntN(300), 300)
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("cache hit ratio 0.%d, %d entries, evicted=%d", r.IntN(10000), r.IntN(90000), r.IntN(1000))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf(`{"level":"info","msg":"reserved %d of article %d","warehouse":"eu-%d","took_ms":%d}`, 1+r.IntN(9), r.IntN(1e5), r.IntN(4), r.IntN(90))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("2026-11-%02d %02d:%02d:%02d,%03d INFO [http-nio-8080-exec-%d] c.a.s.o.OrderService - stock of article %d is %d", 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000), r.IntN(32), r.IntN(1e5), r.IntN(900))
	},
	func(*rand.Rand) string { return "retrying, the peer closed the connection" },
}

var personal = []func(r *rand.Rand) string{
	func(r *rand.Rand) string { return fmt.Sprintf("mail to jo.doe%d@example.com was queued", r.IntN(900)) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("accepted connection from 203.0.113.%d port %d", 1+r.IntN(250), 1024+r.IntN(60000))
	},
	func(*rand.Rand) string { return "charge declined, card 4111111111111111, code 51" },
}

func (l *load) log(lr plog.LogRecord) {
	r := l.r
	lr.SetTimestamp(l.tick())
	lr.SetObservedTimestamp(pcommon.Timestamp(l.now + 900))
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetSeverityText("INFO")
	a := lr.Attributes()
	a.EnsureCapacity(8)
	a.PutStr("thread.name", fmt.Sprintf("http-nio-8080-exec-%d", r.IntN(32)))
	a.PutStr("code.function.name", "com.acme.shop.orders.OrderService.place")
	a.PutInt("thread.id", int64(r.IntN(64)))
	a.PutStr("http.route", "/api/v2/orders/{id}")
	trace, span := l.traceID(), l.spanID()
	switch n := r.IntN(100); {
	case n < 90:
		lr.SetTraceID(trace)
		lr.SetSpanID(span)
	case n < 94: // a logger that writes it beside the record's own field
		a.PutStr("trace_id", trace.String())
	case n < 97:
		a.PutStr("request_id", fmt.Sprintf("req-%016x", r.Uint64()))
	}
	body := lines[r.IntN(len(lines))](r)
	switch {
	case r.IntN(100) < 3:
		body = personal[r.IntN(len(personal))](r)
	case r.IntN(100) < 10:
		a.PutStr("client.address", fmt.Sprintf("198.51.100.%d", 1+r.IntN(250)))
		a.PutStr("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")
	}
	if r.Float64() < l.errors {
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("ERROR")
		body = "the order could not be placed"
		l.exception(a)
	}
	lr.Body().SetStr(l.fill(body))
}

// exception adds an error of one of the service's bugs: half of them say the same each time, as a time-out
// does, the others name what they are about.
func (l *load) exception(a pcommon.Map) {
	bug := l.order % l.bugs
	l.order++
	own := bug%2 == 1
	if l.pick != nil {
		bug, own = l.pick(l.r), l.r.IntN(2) == 1
	}
	message := "the stock is locked"
	if own {
		message = fmt.Sprintf("order %d has no items", l.r.IntN(1e6))
	}
	a.PutStr("exception.type", "java.lang.IllegalStateException")
	a.PutStr("exception.message", message)
	a.PutStr("exception.stacktrace", javaStack(bug, message))
}

// javaStack is a stack trace of 30 frames, a third of them the application's.
func javaStack(bug int, message string) string {
	var b strings.Builder
	b.Grow(3 << 10)
	b.WriteString("java.lang.IllegalStateException: " + message + "\n")
	fmt.Fprintf(&b, "\tat com.acme.shop.orders.OrderService%d.reserve(OrderService%d.java:%d)\n", bug, bug, 10+bug%900)
	for i := range 29 {
		if i%3 == 0 {
			fmt.Fprintf(&b, "\tat com.acme.shop.web.OrderController.step%d(OrderController.java:%d)\n", i, 10+i)
		} else {
			fmt.Fprintf(&b, "\tat org.springframework.web.servlet.FrameworkServlet.doPost%d(FrameworkServlet.java:%d)\n", i, 700+i)
		}
	}
	return b.String()
}

// fill makes a text as long as the load wants it, out of lines of its own.
func (l *load) fill(text string) string {
	if l.size == 0 {
		return text
	}
	var b strings.Builder
	b.Grow(l.size + 256)
	b.WriteString(text)
	for b.Len() < l.size {
		b.WriteString("; ")
		b.WriteString(lines[l.r.IntN(len(lines))](l.r))
	}
	return b.String()[:l.size]
}

func (l *load) traces() batch {
	td := ptrace.NewTraces()
	for range l.share {
		rs := td.ResourceSpans().AppendEmpty()
		l.resource(rs.Resource().Attributes(), l.r.IntN(l.services))
		ss := rs.ScopeSpans().AppendEmpty()
		ss.Scope().SetName("io.opentelemetry.spring-webmvc-6.0")
		for range l.records / l.share {
			l.span(ss.Spans().AppendEmpty())
		}
	}
	payload, err := ptraceotlp.NewExportRequestFromTraces(td).MarshalProto()
	if err != nil {
		panic(err) // a batch of ours can be encoded
	}
	return batch{tracesMethod, payload, td.SpanCount()}
}

func (l *load) span(s ptrace.Span) {
	r := l.r
	s.SetTraceID(l.traceID())
	s.SetSpanID(l.spanID())
	s.SetParentSpanID(l.spanID())
	s.SetStartTimestamp(l.tick())
	s.SetEndTimestamp(pcommon.Timestamp(l.now + uint64(r.IntN(5e7))))
	a := s.Attributes()
	a.EnsureCapacity(8)
	switch r.IntN(4) {
	case 0:
		s.SetKind(ptrace.SpanKindServer)
		s.SetName("GET /api/v2/orders/{id}")
		a.PutStr("http.request.method", "GET")
		a.PutStr("http.route", "/api/v2/orders/{id}")
		a.PutStr("url.path", fmt.Sprintf("/api/v2/orders/%d", r.IntN(1e6)))
		a.PutStr("url.scheme", "https")
		a.PutInt("http.response.status_code", 200)
		a.PutStr("client.address", fmt.Sprintf("198.51.100.%d", 1+r.IntN(250)))
		a.PutStr("user_agent.original", "okhttp/4.12.0")
	case 1:
		s.SetKind(ptrace.SpanKindClient)
		s.SetName("SELECT shop.orders")
		a.PutStr("db.system.name", "postgresql")
		a.PutStr("db.query.text", "SELECT id, state, total FROM orders WHERE id = $1 FOR UPDATE")
		a.PutStr("server.address", "orders-db")
		a.PutInt("server.port", 5432)
	default:
		s.SetName("OrderService.place")
		a.PutStr("code.function.name", "com.acme.shop.orders.OrderService.place")
		a.PutStr("thread.name", fmt.Sprintf("http-nio-8080-exec-%d", r.IntN(32)))
		a.PutInt("thread.id", int64(r.IntN(64)))
	}
	if r.Float64() < l.errors {
		s.Status().SetCode(ptrace.StatusCodeError)
		e := s.Events().AppendEmpty()
		e.SetName("exception")
		e.SetTimestamp(s.EndTimestamp())
		l.exception(e.Attributes())
	}
}
