package tracecontext

// Format is one way to write a trace context: whose it is, what it looks like, and the keys under
// which its parts are found. The table below is the single source of the lookup and of the
// documentation.
type Format struct {
	Name     string   // whose
	Form     string   // what the values look like
	Result   string   // what becomes of them
	Style    Style    // how the trace keys' values are read
	Rank     uint8    // of its trace keys: less is tried first
	Trace    []string // keys of the trace ID, or of a value that holds everything
	Span     []string // keys of the span ID
	Decimal  bool     // the span ID is a decimal number
	Flags    []string // keys of the trace flags, or of the sampling decision
	High     []string // keys of the high half of a 128-bit trace ID
	Unpadded bool     // leading zeros may be missing, also in free text
}

// The ranks of keys: the greater rank is looked at only when the lesser yields nothing.
const (
	rankOwn    = iota // configured
	rankHeader        // traceparent
	rankFamily        // trace_id in all its spellings
	rankVendor        // the names of one vendor
	rankLoose         // names that often hold something else
	rankNone
)

// formats are the table of all formats. Keys are written as they occur in the wild; they are
// compared without case and without `_`, `-`, `.`, `/`, `@` and blanks.
var formats = []Format{
	{
		Name: "W3C Trace Context", Form: "`00-{32 hex}-{16 hex}-{2 hex}`", Result: "trace, span, flags",
		Rank: rankHeader, Trace: []string{"traceparent", "elastic-apm-traceparent", "otel_traceparent", "w3c_traceparent", "ce_traceparent"},
	},
	{
		Name: "OpenTelemetry and most log libraries", Form: "hex, UUID, any header above or below", Result: "padded on the left to 32 digits",
		Rank: rankFamily, Trace: []string{"trace_id", "trace_id_hex", "trace.trace_id", "otelTraceID", "otel_trace_id", "X-Trace-ID", "@tr"},
		Span:  []string{"span_id", "span_id_hex", "trace.span_id", "otelSpanID", "otel_span_id", "X-Span-ID", "@sp"},
		Flags: []string{"trace_flags", "otelTraceSampled", "otel_trace_flags", "trace_sampled", "sampled"},
	},
	{
		Name: "B3, one header", Form: "`{16 or 32 hex}-{16 hex}[-{0,1,d}[-{16 hex}]]`", Result: "padded on the left",
		Rank: rankVendor, Style: StyleB3, Trace: []string{"b3", "X-B3"},
	},
	{
		Name: "B3, several headers; Zipkin", Form: "16 or 32 hex", Result: "padded on the left",
		Rank: rankVendor, Trace: []string{"X-B3-TraceId"}, Span: []string{"X-B3-SpanId"}, Flags: []string{"X-B3-Sampled", "X-B3-Flags"},
	},
	{
		Name: "Jaeger", Form: "`{trace}:{span}:{parent}:{flags}`, zeros may be missing, `%3A` for `:`", Result: "padded on the left; the parent is ignored",
		Rank: rankVendor, Trace: []string{"uber-trace-id", "jaeger.trace_id"}, Span: []string{"jaeger.span_id"}, Unpadded: true,
	},
	{
		Name: "AWS X-Ray", Form: "`Root=1-{8 hex}-{24 hex};Parent={16 hex};Sampled={0,1}`, bare root, root`@`span", Result: "root without `1-` and dash",
		Rank: rankVendor, Trace: []string{"X-Amzn-Trace-Id", "xray_trace_id", "AWS-XRAY-TRACE-ID", "AWSTraceHeader", "aws.xray.trace_id"},
		Span: []string{"SegmentId", "xray_segment_id"},
	},
	{
		Name: "Datadog", Form: "decimal uint64, or 32 hex", Result: "16 digits behind `_dd.p.tid`, or behind zeros",
		Rank: rankVendor, Style: StyleDecimal, Trace: []string{"dd.trace_id", "x-datadog-trace-id", "datadog.trace_id"},
		Span: []string{"dd.span_id", "x-datadog-parent-id", "datadog.span_id"}, Decimal: true, High: []string{"_dd.p.tid", "x-datadog-tags"},
	},
	{
		Name: "Google Cloud", Form: "`{32 hex}/{decimal span}[;o={0,1}]`, `projects/{p}/traces/{32 hex}`", Result: "trace; span as hex",
		Rank: rankVendor, Trace: []string{"X-Cloud-Trace-Context", "logging.googleapis.com/trace"},
		Span: []string{"logging.googleapis.com/spanId"}, Flags: []string{"logging.googleapis.com/trace_sampled"},
	},
	{
		Name: "Azure Application Insights", Form: "32 hex, GUID, `|{root}.{node}_`", Result: "the root, if it is 32 hex or a GUID",
		Rank: rankVendor, Style: StyleAzure, Trace: []string{"operation_Id"}, Span: []string{"operation_ParentId"},
	},
	{
		Name: "Sentry", Form: "`{32 hex}-{16 hex}[-{0,1}]`", Result: "trace, span, flags",
		Rank: rankVendor, Trace: []string{"sentry-trace", "sentry.trace_id"},
	},
	{
		Name: "Sentry, baggage", Form: "`…,sentry-trace_id={32 hex},…`", Result: "trace",
		Rank: rankLoose, Style: StyleBaggage, Trace: []string{"baggage"},
	},
	{
		Name: "OpenTracing", Form: "16 hex", Result: "padded on the left",
		Rank: rankVendor, Trace: []string{"ot-tracer-traceid"}, Span: []string{"ot-tracer-spanid"}, Flags: []string{"ot-tracer-sampled"},
	},
	{
		Name: "New Relic", Form: "base64 of JSON with `d.tr` and `d.id`", Result: "trace, span",
		Rank: rankVendor, Style: StyleNewRelic, Trace: []string{"newrelic"},
	},
	{
		Name: "Instana", Form: "16 or 32 hex", Result: "padded on the left",
		Rank: rankVendor, Trace: []string{"X-INSTANA-T"}, Span: []string{"X-INSTANA-S"},
	},
	{
		Name: "Dynatrace", Form: "32 hex", Result: "trace, span",
		Rank: rankVendor, Trace: []string{"dt.trace_id"}, Span: []string{"dt.span_id"},
	},
	{
		Name: "SkyWalking", Form: "any text", Result: "nothing, or a hash with `derive: hash`",
		Rank: rankVendor, Style: StyleHash, Trace: []string{"sw8", "SW_CTX", "sw_trace_id"},
	},
	{
		Name: "Google LogEntry and others", Form: "32 hex, or a whole header; no stack trace", Result: "trace",
		Rank: rankLoose, Style: StyleStrict, Trace: []string{"trace"},
	},
}

// requestKeys are the names of request IDs, best first. A request ID links records; it is no trace ID.
var requestKeys = []string{
	"request_id", "http.request_id", "X-Request-ID", "reqId", "req.id", "request.uuid",
	"correlation_id", "X-Correlation-ID", "x-client-trace-id", "function_request_id", "aws.request_id", "x-amzn-RequestId",
	"x-amz-request-id", "x-amz-cf-id", "cf-ray", "x-vercel-id", "fly-request-id", "x-ms-request-id", "x-ms-client-request-id",
	"UNIQUE_ID",
}

// taskKeys are the names of IDs that join records like request IDs, but name something else.
var taskKeys = []string{"message_id", "job_id"}

// userKeys are the names of user IDs, best first.
var userKeys = []string{"user.id", "userId", "enduser.id", "usr.id", "user_uid", "X-User-ID"}

// textKeys are the names of strings in which a whole log line may be.
var textKeys = []string{"message", "msg", "log", "log.original", "event.original", "@message", "text", "body", "raw", "line"}
