package tracecontext

import (
	"strconv"
	"strings"
)

// parseGoogle reads X-Cloud-Trace-Context, {32 hex}/{span, decimal uint64}[;o={0|1}], and the resource
// name projects/{p}/traces/{32 hex} of Cloud Logging (https://cloud.google.com/trace/docs/trace-context).
// A bare 32-hex ID is left to the rule for those.
func parseGoogle(s string) (c Context, ok bool) {
	named := false
	if rest, found := strings.CutPrefix(s, "projects/"); found {
		_, id, found := strings.Cut(rest, "/traces/")
		if !found {
			return c, false
		}
		s, named = id, true
	}
	trace, rest, slash := strings.Cut(s, "/")
	if len(trace) != 32 || !named && !slash {
		return c, false
	}
	if slash {
		span, options, found := strings.Cut(rest, ";")
		if found {
			if options != "o=0" && options != "o=1" {
				return c, false
			}
			c.Flags, c.HasFlags = options[2]-'0', true
		}
		v, err := strconv.ParseUint(span, 10, 64)
		if err != nil {
			return Context{}, false
		}
		c.SpanID = span64(v)
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return Context{}, false
	}
	return c, true
}
