package stress

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// plant puts marks into every kind of value, and into keys.
func plant(m pcommon.Map, place string) {
	m.PutStr("plain", "mail "+mark(place)+" now")
	m.PutStr("json", `{"who":{"mail":"`+mark(place+"-json")+`"}}`)
	m.PutStr("url", "http://u:leakypassword1@shop/?mail="+mark(place+"-url"))
	m.PutEmptyBytes("bytes").FromRaw([]byte("raw " + mark(place+"-bytes")))
	deep := m.PutEmptyMap("map")
	deep.PutStr("a", mark(place+"-map"))
	deep.PutStr(mark(place+"-mapkey"), "x")
	deep.PutEmptyMap("deeper").PutEmptySlice("list").AppendEmpty().SetStr(mark(place + "-deep"))
	m.PutInt("number", 4111111111111111)
	m.PutStr("password", "leakypassword1")
	m.PutEmptySlice("http.request.header.authorization").AppendEmpty().SetStr("Basic leakypassword1")
	m.PutStr("key "+mark(place+"-key"), "x")
	m.PutStr("user.email", mark(place+"-user"))
	m.PutStr("enduser.id", mark(place+"-enduser"))
	m.PutStr("client.address", "203.0.113.77")
	m.PutStr("kinds", kinds())
}

func plantScope(s pcommon.InstrumentationScope, place string) {
	s.SetName("scope " + mark(place+"-scope"))
	s.SetVersion("1 " + mark(place+"-version"))
	plant(s.Attributes(), place+"-scopeattr")
}

func plantResource(r pcommon.Resource, service, place string) {
	plant(r.Attributes(), place+"-resource")
	r.Attributes().PutStr("service.name", service)
	r.Attributes().PutStr("host.name", "host-"+mark(place+"-host"))
}

// plantedLogs has marks in every place of log records; arrival is a word of the first.
func plantedLogs(arrival string) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.SetSchemaUrl("http://schema/?mail=" + mark("log-schema"))
	plantResource(rl.Resource(), "otlp-logs", "log")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.SetSchemaUrl("http://schema/?mail=" + mark("log-scopeschema"))
	plantScope(sl.Scope(), "log")
	for i, body := range []func(v pcommon.Value){
		func(v pcommon.Value) { v.SetStr(arrival + " for " + mark("log-body") + " " + kinds()) },
		func(v pcommon.Value) {
			v.SetStr(`{"level":"error","msg":"` + mark("log-json") + `","password":"leakypassword1"}`)
		},
		func(v pcommon.Value) {
			v.SetStr("level=error msg=failed user=" + mark("log-logfmt") + " password=leakypassword1")
		},
		func(v pcommon.Value) {
			v.SetStr("Traceback (most recent call last):\n  File \"/srv/" + mark("log-path") + "/pay.py\", line 17, in charge\n    pay(\"" + mark("log-source") + "\")\nValueError: bad user " + mark("log-stack"))
		},
		func(v pcommon.Value) { plant(v.SetEmptyMap(), "log-mapbody") },
		func(v pcommon.Value) { v.SetEmptySlice().AppendEmpty().SetStr(mark("log-slice")) },
		func(v pcommon.Value) { v.SetEmptyBytes().FromRaw([]byte("raw " + mark("log-bytes"))) },
	} {
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("ERROR " + mark("log-severity"))
		lr.SetEventName("event " + mark("log-event"))
		lr.SetTraceID(pcommon.TraceID{7, byte(i)})
		plant(lr.Attributes(), "log-attr")
		lr.Attributes().PutStr("exception.type", "ValueError")
		lr.Attributes().PutStr("exception.message", "bad user "+mark("log-exception")+" "+kinds())
		lr.Attributes().PutStr("exception.stacktrace", "Traceback (most recent call last):\n  File \"/srv/pay.py\", line 17, in charge\n    pay(\""+mark("log-exstack")+"\")\nValueError: bad user "+mark("log-exstack2"))
		body(lr.Body())
	}
	other := ld.ResourceLogs().AppendEmpty() // its name is in metrics of services, too
	plantResource(other.Resource(), "service of "+mark("log-service"), "log-other")
	lr := other.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Body().SetStr("failed")
	return ld
}

func plantedTraces() ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.SetSchemaUrl("http://schema/?mail=" + mark("span-schema"))
	plantResource(rs.Resource(), "otlp-traces", "span")
	ss := rs.ScopeSpans().AppendEmpty()
	plantScope(ss.Scope(), "span")
	for i := range 3 {
		s := ss.Spans().AppendEmpty()
		s.SetTraceID(pcommon.TraceID{8, byte(i)})
		s.SetSpanID(pcommon.SpanID{8, byte(i)})
		s.SetKind(ptrace.SpanKindServer)
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		s.SetName("arrived-otlp-span GET /user/" + mark("span-name"))
		s.Status().SetCode(ptrace.StatusCodeError)
		s.Status().SetMessage("failed for " + mark("span-status") + " " + kinds())
		s.TraceState().FromRaw("vendor=" + mark("span-state"))
		plant(s.Attributes(), "span-attr")
		e := s.Events().AppendEmpty()
		e.SetName([]string{"exception", "event " + mark("span-event"), "log"}[i])
		e.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		plant(e.Attributes(), "span-eventattr")
		e.Attributes().PutStr("exception.type", "PaymentError")
		e.Attributes().PutStr("exception.message", "declined "+mark("span-exception"))
		e.Attributes().PutStr("exception.stacktrace", "PaymentError: "+mark("span-stack")+"\n    at charge (/srv/pay.js:17:3)")
		l := s.Links().AppendEmpty()
		l.SetTraceID(pcommon.TraceID{9})
		l.SetSpanID(pcommon.SpanID{9})
		l.TraceState().FromRaw("vendor=" + mark("span-linkstate"))
		plant(l.Attributes(), "span-link")
	}
	return td
}

func plantedMetrics() pmetric.Metrics {
	md := pmetric.NewMetrics()
	rm := md.ResourceMetrics().AppendEmpty()
	rm.SetSchemaUrl("http://schema/?mail=" + mark("metric-schema"))
	plantResource(rm.Resource(), "otlp-metrics", "metric")
	sm := rm.ScopeMetrics().AppendEmpty()
	plantScope(sm.Scope(), "metric")
	now := pcommon.NewTimestampFromTime(time.Now())
	exemplar := func(e pmetric.Exemplar) {
		e.SetTimestamp(now)
		e.SetDoubleValue(1)
		e.SetTraceID(pcommon.TraceID{9})
		plant(e.FilteredAttributes(), "metric-exemplar")
	}
	metric := func(name string) pmetric.Metric {
		m := sm.Metrics().AppendEmpty()
		m.SetName(name)
		m.SetDescription("of " + mark("metric-description"))
		m.SetUnit("1 " + mark("metric-unit"))
		plant(m.Metadata(), "metric-metadata")
		return m
	}
	sum := metric("arrived_otlp_metric").SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	p := sum.DataPoints().AppendEmpty()
	p.SetTimestamp(now)
	p.SetIntValue(7)
	plant(p.Attributes(), "metric-sum")
	exemplar(p.Exemplars().AppendEmpty())
	g := metric("gauge." + mark("metric-name")).SetEmptyGauge().DataPoints().AppendEmpty()
	g.SetTimestamp(now)
	g.SetDoubleValue(1)
	plant(g.Attributes(), "metric-gauge")
	hist := metric("latency").SetEmptyHistogram()
	hist.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	h := hist.DataPoints().AppendEmpty()
	h.SetTimestamp(now)
	h.SetCount(1)
	h.SetSum(1)
	h.BucketCounts().FromRaw([]uint64{1, 0})
	h.ExplicitBounds().FromRaw([]float64{5})
	plant(h.Attributes(), "metric-histogram")
	exemplar(h.Exemplars().AppendEmpty())
	exp := metric("exponential").SetEmptyExponentialHistogram()
	exp.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	x := exp.DataPoints().AppendEmpty()
	x.SetTimestamp(now)
	plant(x.Attributes(), "metric-exponential")
	exemplar(x.Exemplars().AppendEmpty())
	s := metric("summary").SetEmptySummary().DataPoints().AppendEmpty()
	s.SetTimestamp(now)
	plant(s.Attributes(), "metric-summary")
	return md
}
