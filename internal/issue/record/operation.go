package record

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// operation names what a span does, with values that are few: method and route of HTTP, service and
// method of RPC, else the span's name.
func operation(span ptrace.Span) string {
	if r := route(span.Attributes()); r != "" {
		return r
	}
	return span.Name()
}

// route returns method and route of an HTTP request, or service and method of an RPC; "" without.
func route(attrs pcommon.Map) string {
	var method, path, service, call string
	for k, v := range attrs.All() {
		if v.Type() != pcommon.ValueTypeStr {
			continue
		}
		switch k {
		case "http.request.method", "http.method":
			method = v.Str()
		case "http.route":
			path = v.Str()
		case "rpc.service":
			service = v.Str()
		case "rpc.method":
			call = v.Str()
		}
	}
	switch {
	case path != "" && method != "":
		return method + " " + path
	case path != "":
		return path
	case service != "" && call != "":
		return service + "/" + call
	case strings.IndexByte(call, '/') > 0: // from semantic conventions 1.38 on, the method is fully qualified
		return call
	default:
		return ""
	}
}
