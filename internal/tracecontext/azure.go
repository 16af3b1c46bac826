package tracecontext

import "strings"

// parseAzure reads Application Insights' hierarchical ID |{root}.{node}_{node}., whose root is a GUID
// or 32 hex digits
// (https://github.com/dotnet/runtime/blob/main/src/libraries/System.Diagnostics.DiagnosticSource/src/HierarchicalRequestId.md).
// Any other root names no trace.
func parseAzure(s string) (c Context, ok bool) {
	s = strings.TrimPrefix(s, "|")
	root, _, _ := strings.Cut(s, ".")
	if c, ok = parseUUID(root); ok {
		return c, true
	}
	if len(root) != 32 {
		return c, false
	}
	c.TraceID, ok = hexTrace(root)
	return c, ok
}
