package record

import (
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Rules say what is an error.
type Rules struct {
	Severity   plog.SeverityNumber // the lowest that is an error
	HTTPStatus int                 // the lowest status of a server span that is an error; 0 = none is
}

// Failure is what one record tells of an error. It refers to the record's strings and maps, so it is
// valid as long as the record is.
type Failure struct {
	Signal  issue.Signal
	Time    time.Time
	TraceID pcommon.TraceID
	SpanID  pcommon.SpanID
	Parent  pcommon.SpanID // of a span's own record
	Level   string         // fatal, error, warning, info, debug
	Handled *bool          // nil = unknown
	Input   grouping.Input
	Logger  string
	// Transaction is the route or operation in which it happened.
	Transaction string
	Line        Line // of a log record

	resource *Resource
	scope    pcommon.InstrumentationScope
	attrs    pcommon.Map // of the log record or the event
	body     pcommon.Value
	span     ptrace.Span
	hasSpan  bool
	code     codeLocation
}

// codeLocation is where the record says that it was written, for errors without a stack trace.
type codeLocation struct{ function, file, line string }

// Resource is what is taken from a resource once for all its records.
type Resource struct {
	Attributes  pcommon.Map
	Service     string
	Environment string
	Release     string
	Language    stacktrace.Language

	hash   uint64
	hashed bool

	common  map[string]string // its tags; nil before they are asked for
	last    map[string]string // those of the last failure that had some of its own
	lastHas uint32            // which
}

// NewResource reads a resource. The strings belong to it.
func NewResource(res pcommon.Resource) Resource {
	r := Resource{Attributes: res.Attributes()}
	for k, v := range r.Attributes.All() {
		if v.Type() != pcommon.ValueTypeStr {
			continue
		}
		switch k {
		case "service.name":
			r.Service = v.Str()
		case "service.version":
			r.Release = v.Str()
		case "deployment.environment.name":
			r.Environment = v.Str()
		case "deployment.environment": // before semantic conventions 1.27
			if r.Environment == "" {
				r.Environment = v.Str()
			}
		case "telemetry.sdk.language":
			r.Language = stacktrace.Language(v.Str())
		}
	}
	return r
}

var (
	isTrue  = true
	isFalse = false
)

// handled says whether somebody caught the exception: exception.escaped says that nobody did.
func (f *fields) handledBy() *bool {
	switch {
	case f.handled == yes, f.handled == unknown && f.escaped == no:
		return &isTrue
	case f.handled == no, f.escaped == yes:
		return &isFalse
	default:
		return nil
	}
}

func firstTime(a, b pcommon.Timestamp) time.Time {
	switch {
	case a != 0:
		return a.AsTime()
	case b != 0:
		return b.AsTime()
	default:
		return time.Time{}
	}
}

func firstNonEmpty(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
