package traceidprocessor

import (
	"context"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// auditInterval is how often the audit looks for calls that lost their context.
const auditInterval = time.Second

// auditSpan shows a span to the propagation audit, if it is one side of a call.
func (c *core) auditSpan(span ptrace.Span, service tracecontext.Service, now time.Time) {
	kind := span.Kind()
	if kind != ptrace.SpanKindClient && kind != ptrace.SpanKindServer || span.TraceID().IsEmpty() || span.SpanID().IsEmpty() {
		return
	}
	call := tracecontext.Call{
		Service:  service,
		TraceID:  span.TraceID(),
		SpanID:   span.SpanID(),
		ParentID: span.ParentSpanID(),
		Start:    int64(span.StartTimestamp()),
		End:      int64(span.EndTimestamp()),
	}
	var f tracecontext.Finding
	var ok bool
	if kind == ptrace.SpanKindClient {
		describe(&call, span.Attributes())
		f, ok = c.audit.Client(call, now)
	} else {
		if span.ParentSpanID().IsEmpty() {
			describe(&call, span.Attributes())
		}
		f, ok = c.audit.Server(call, now)
	}
	if ok {
		c.stats.call(f)
	}
}

// describe reads what both sides of a call know of it, under the names of the stable semantic
// conventions and of those before them.
func describe(call *tracecontext.Call, attrs pcommon.Map) {
	var full string
	for name, v := range attrs.All() {
		if v.Type() != pcommon.ValueTypeStr {
			continue
		}
		switch name {
		case "http.request.method", "http.method", "rpc.service":
			call.Method = v.Str()
		case "url.path", "rpc.method":
			call.Path = v.Str()
		case "http.target":
			if call.Path == "" {
				call.Path, _, _ = strings.Cut(v.Str(), "?")
			}
		case "url.full", "http.url":
			full = v.Str()
		case "peer.service":
			call.Host = v.Str()
		case "server.address", "net.peer.name", "net.host.name", "http.host":
			if call.Host == "" {
				call.Host, _, _ = strings.Cut(v.Str(), ":")
			}
		}
	}
	if full == "" || call.Path != "" && call.Host != "" {
		return
	}
	if u, err := url.Parse(full); err == nil {
		if call.Path == "" {
			if call.Path = u.Path; call.Path == "" {
				call.Path = "/"
			}
		}
		if call.Host == "" {
			call.Host = u.Hostname()
		}
	}
}

// call counts a call between services.
func (s *stats) call(f tracecontext.Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	callee, caller := s.bounded(f.Callee), s.bounded(f.Caller)
	o := s.option(optionKey{service: callee})
	s.tel.ProcessorTraceIDCalls.Add(context.Background(), 1, o)
	r := s.service(callee)
	if r.Calls == nil {
		r.Calls = map[string]uint64{}
	}
	r.Calls[caller]++
	if !f.Lost {
		return
	}
	s.tel.ProcessorTraceIDLostContexts.Add(context.Background(), 1, o)
	if r.Roots == nil {
		r.Roots = map[string]uint64{}
	}
	r.Roots[caller]++
}
