package record

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/clip"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Bounds of an event, in bytes where nothing else is said.
const (
	MaxStack   = 64 << 10
	maxMessage = 16 << 10
	maxValue   = 1 << 10
	maxExtra   = 64  // attributes
	maxFrames  = 250 // of one exception, as Sentry keeps them
	tailFrames = 50  // of these from the callers' end
)

// Event builds the event of a failure: everything that a person needs to understand it. Its strings
// are copies of none of the record's, so it keeps them alive.
func (f *Failure) Event(key issue.Key, result *grouping.Result, crumbs []issue.Breadcrumb, tags []string) *issue.Event {
	e := &issue.Event{
		ID:          key.String(),
		Time:        f.timeOrArrival(),
		Service:     f.resource.Service,
		Environment: f.resource.Environment,
		Release:     f.resource.Release,
		Level:       f.Level,
		Message:     Clip(f.Input.Body, maxMessage),
		Template:    Clip(f.Input.Template, maxValue),
		Logger:      Clip(f.Logger, maxValue),
		Transaction: Clip(f.Transaction, maxValue),
		Language:    language(f.Input.Language, &result.Trace),
		Handled:     f.Handled,
		Stack:       Clip(f.Input.Stack, MaxStack),
		Exceptions:  f.exceptions(&result.Trace),
		Breadcrumbs: f.before(crumbs),
		Resource:    make(map[string]string, f.resource.Attributes.Len()),
	}
	if !f.TraceID.IsEmpty() {
		e.TraceID = hex.EncodeToString(f.TraceID[:])
	}
	if !f.SpanID.IsEmpty() {
		e.SpanID = hex.EncodeToString(f.SpanID[:])
	}
	for k, v := range f.resource.Attributes.All() {
		e.Resource[k] = Clip(v.AsString(), maxValue)
	}
	if f.hasSpan {
		f.detail(e, f.span.Attributes())
		put(&e.Extra, "span.name", f.span.Name())
		put(&e.Extra, "span.kind", strings.ToLower(f.span.Kind().String()))
		put(&e.Extra, "span.status", f.span.Status().Message())
	}
	if !f.hasSpan || f.Signal == issue.SpanEvent {
		f.detail(e, f.attrs)
	}
	e.Breadcrumbs = distinct(e.Breadcrumbs)
	completeRequest(e)
	for k, v := range f.Tags(tags) {
		put(&e.Tags, k, v)
	}
	return e
}

// exceptions returns the chain. Without a stack trace it is the one exception that the record names,
// with the place in the code that the record names as its only frame.
func (f *Failure) exceptions(trace *stacktrace.Trace) []stacktrace.Exception {
	list := trace.Exceptions
	if len(list) == 0 {
		if f.Input.Type == "" && f.Input.Message == "" {
			return nil
		}
		list = []stacktrace.Exception{{Type: f.Input.Type, Message: f.Input.Message, Parent: -1}}
		if f.code.function != "" || f.code.file != "" {
			line, _ := strconv.Atoi(f.code.line)
			list[0].Frames = []stacktrace.Frame{{Function: f.code.function, File: f.code.file, Line: max(line, 0), InApp: true}}
		}
		return list
	}
	list = slices.Clone(list) // the trace may be another's, too
	for i := range list {
		frames := list[i].Frames
		if len(frames) > maxFrames {
			kept := make([]stacktrace.Frame, 0, maxFrames)
			kept = append(kept, frames[:maxFrames-tailFrames]...)
			list[i].Frames = append(kept, frames[len(frames)-tailFrames:]...)
		}
	}
	return list
}

// before returns the records of the trace that came before the error, without the error's own.
func (f *Failure) before(crumbs []issue.Breadcrumb) []issue.Breadcrumb {
	if len(crumbs) == 0 {
		return nil
	}
	out := crumbs[:0:0]
	for _, c := range crumbs {
		if c.Time.After(f.Time) || c.Time.Equal(f.Time) && (c.Message == crumbText(f.Input.Body) || f.hasSpan) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// detail sorts attributes into request, user and extra.
func (f *Failure) detail(e *issue.Event, attrs pcommon.Map) {
	for k, v := range attrs.All() {
		switch {
		case strings.HasPrefix(k, "issue.") || strings.HasPrefix(k, "culprit."):
		case strings.HasPrefix(k, "sentry.") && sentryAttr(e, k, v):
		case requestAttr(e, k, v):
		case userAttr(e, k, v):
		case fieldOf(k) != fNone && fieldOf(k) <= fThrown:
		case len(e.Extra) < maxExtra:
			put(&e.Extra, k, v.AsString())
		}
	}
}

// DefaultTags are attributes with few values by which people tell occurrences apart; [factOf] knows them, too.
var DefaultTags = []string{
	"http.route", "http.request.method", "http.response.status_code", "rpc.method", "messaging.destination.name",
	"db.system.name", "k8s.cluster.name", "k8s.namespace.name", "k8s.deployment.name", "host.name", "cloud.region",
	"os.type", "browser.name", "process.runtime.version", "error.type", "feature_flag.key",
}

// Tags returns the attributes among keys that the record, its span or its resource has; nil for none.
func (f *Failure) Tags(keys []string) map[string]string {
	var out map[string]string
	for _, k := range keys {
		if v, ok := f.Attribute(k); ok && isTag(v) {
			put(&out, k, v)
		}
	}
	return out
}

// Attribute returns an attribute of the record, its span or its resource.
func (f *Failure) Attribute(key string) (string, bool) {
	if v, ok := f.attrs.Get(key); ok {
		return v.AsString(), true
	}
	if f.hasSpan && f.Signal == issue.SpanEvent {
		if v, ok := f.span.Attributes().Get(key); ok {
			return v.AsString(), true
		}
	}
	if v, ok := f.resource.Attributes.Get(key); ok {
		return v.AsString(), true
	}
	switch key {
	case "exception.type":
		return f.Input.Type, f.Input.Type != ""
	case "exception.message":
		return f.Input.Message, f.Input.Message != ""
	case "body":
		return f.Input.Body, f.Input.Body != ""
	case "span.name":
		if f.hasSpan {
			return f.span.Name(), true
		}
	case "scope.name":
		return f.scope.Name(), f.scope.Name() != ""
	case "level":
		return f.Level, true
	case "transaction":
		return f.Transaction, f.Transaction != ""
	}
	return "", false
}

// Span returns the span that the failure is of, or one of whose events it is.
func (f *Failure) Span() (ptrace.Span, bool) { return f.span, f.hasSpan }

// Clip cuts a text to a number of bytes, at the boundary of a character, in a copy so that the rest
// is not kept in memory.
func Clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.Clone(clip.Bytes(s, limit))
}

func put(m *map[string]string, key, value string) {
	if value == "" {
		return
	}
	if *m == nil {
		*m = make(map[string]string)
	}
	(*m)[key] = Clip(value, maxValue)
}

// Code returns the function and file that the record itself says it was written in.
func (f *Failure) Code() (function, file string) { return f.code.function, f.code.file }

// Environment returns deployment.environment.name of the resource.
func (f *Failure) Environment() string { return f.resource.Environment }

// Release returns service.version of the resource.
func (f *Failure) Release() string { return f.resource.Release }
