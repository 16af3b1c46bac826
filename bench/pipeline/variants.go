package main

import (
	"fmt"
	"strings"

	"github.com/otel-culprit/culprit/bench/rival"
)

// settings are what all variants of a table have in common.
type settings struct {
	name     string
	exporter string // additional keys of the exporter
}

var (
	// plain is the cheapest pass-through there is, so the strictest comparison.
	plain = settings{"no compression, no queue", ", compression: none, sending_queue: {enabled: false}"}
	// usual is what an exporter does when nothing is configured.
	usual = settings{"exporter's defaults: gzip, queue in memory", ""}
)

// variant is a pipeline.
type variant struct {
	name       string
	order      []string // processors
	processors string   // their configuration, indented by two
	registry   string   // configuration of issue_registry; "" = none
	slow       bool     // gets a part of the batches only
	cap        int      // of max_new_per_service
	exporter   string   // instead of otlp_grpc to the sink; logs alone
}

// upstreamTransform is what comes nearest to trace_id and error_issue in OTTL: a trace ID out of two usual
// attributes or the body, and an ID made of an error's type and stack. It is less than what the two do: no other names or
// forms of IDs, no request IDs, no grouping (each line number and message makes an ID of its own), no counting.
const upstreamTransform = `
  transform:
    error_mode: ignore
    log_statements:
      - context: log
        statements:
          - merge_maps(log.attributes, ExtractPatterns(log.body, "trace_id=(?P<trace_id>[0-9a-f]{32})"), "insert") where log.trace_id == TraceID(0x00000000000000000000000000000000)
          - set(log.trace_id.string, log.attributes["trace_id"]) where log.trace_id == TraceID(0x00000000000000000000000000000000) and log.attributes["trace_id"] != nil
          - set(log.trace_id.string, log.attributes["traceId"]) where log.trace_id == TraceID(0x00000000000000000000000000000000) and log.attributes["traceId"] != nil
          - set(log.attributes["issue.id"], SHA256(Concat([log.attributes["exception.type"], log.attributes["exception.stacktrace"]], "|"))) where log.severity_number >= SEVERITY_NUMBER_ERROR
    trace_statements:
      - context: spanevent
        statements:
          - set(span.attributes["issue.id"], SHA256(Concat([spanevent.attributes["exception.type"], spanevent.attributes["exception.stacktrace"]], "|"))) where spanevent.name == "exception"
`

func upstream() variant {
	var b strings.Builder
	b.WriteString("  redaction:\n    allow_all_keys: true\n    summary: silent\n    blocked_values:\n")
	for _, r := range rival.Expressions {
		fmt.Fprintf(&b, "      - '%s'\n", r)
	}
	b.WriteString(strings.TrimPrefix(upstreamTransform, "\n"))
	return variant{name: "redaction + transform", order: []string{"redaction", "transform"}, processors: b.String(), slow: true}
}

// variants are the lines of the table; the first is what the others are compared with.
func variants() []variant {
	return []variant{
		{name: "nothing"},
		{name: "trace_id", order: []string{"trace_id"}},
		{name: "pii_redaction", order: []string{"pii_redaction"}},
		{name: "error_issue", order: []string{"error_issue"}, registry: "{}"},
		all(),
		upstream(),
	}
}

func all() variant {
	return variant{name: "all three", order: []string{"trace_id", "pii_redaction", "error_issue"}, registry: "{}"}
}

// config is the collector's configuration.
func (v *variant) config(receive, send string, s settings) string {
	var b strings.Builder
	extensions := ""
	if v.registry != "" {
		// The page is part of the extension; port 0 keeps the processes apart.
		fmt.Fprintf(&b, "extensions:\n  issue_registry: {store: {type: memory}, http: {endpoint: \"127.0.0.1:0\"}, %s\n", strings.TrimPrefix(v.registry, "{"))
		extensions = "issue_registry"
	}
	fmt.Fprintf(&b, "receivers:\n  otlp: {protocols: {grpc: {endpoint: %q, max_recv_msg_size_mib: 256}}}\n", receive)
	b.WriteString("processors:\n")
	if v.processors != "" {
		b.WriteString(v.processors)
	}
	for _, p := range v.order {
		switch {
		case v.processors != "":
		case p == "error_issue" && v.cap > 0:
			fmt.Fprintf(&b, "  error_issue: {max_new_per_service: %d/1m}\n", v.cap)
		default:
			fmt.Fprintf(&b, "  %s: {}\n", p)
		}
	}
	exporter := v.exporter
	if exporter == "" {
		exporter = fmt.Sprintf("otlp_grpc: {endpoint: %q, tls: {insecure: true}%s}", send, s.exporter)
	}
	name, _, _ := strings.Cut(exporter, ":")
	pipeline := fmt.Sprintf("{receivers: [otlp], processors: [%s], exporters: [%s]}", strings.Join(v.order, ", "), name)
	fmt.Fprintf(&b, "exporters:\n  %s\nservice:\n  extensions: [%s]\n  telemetry: {metrics: {level: none}, logs: {level: error}}\n  pipelines:\n    logs: %s\n", exporter, extensions, pipeline)
	if v.exporter == "" {
		fmt.Fprintf(&b, "    traces: %s\n", pipeline)
	}
	return b.String()
}
