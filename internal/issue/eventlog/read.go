package eventlog

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Read returns the notice that a log record carries; false for a record without an issue.id, and for
// one that only repeats a failure (issue.repeat).
//
// It is lenient: whatever is missing or of another type is left empty, so that an event made by hand,
// or a record that only error_issue has stamped, can be read too. Event is never nil, Name and the
// event's ID are never empty: a missing ID is derived from the record and so equal for a resent one.
func Read(res pcommon.Resource, lr plog.LogRecord) (issue.Notice, bool) {
	attrs := lr.Attributes()
	id := str(attrs, AttrID)
	if id == "" || boolean(attrs, AttrRepeat) {
		return issue.Notice{}, false
	}
	n := issue.Notice{
		Name:      lr.EventName(),
		Time:      recordTime(lr),
		Issue:     readSummary(id, attrs),
		Previous:  issue.State(str(attrs, AttrPreviousState)),
		Reason:    str(attrs, AttrReason),
		Milestone: uinteger(attrs, AttrMilestone),
	}
	if n.Name == "" {
		n.Name = str(attrs, "event.name") // where event names were before log records had one
	}
	switch n.Name {
	case issue.EventOccurrence, issue.EventStateChanged, issue.EventMilestone:
	default:
		n.Name = guessName(&n)
	}
	e := &issue.Event{
		ID:    str(attrs, AttrEventID),
		Time:  n.Time,
		Level: LevelOf(lr.SeverityNumber()),
		Stack: str(attrs, attrExceptionStack),
	}
	n.Event = e
	if t := lr.TraceID(); !t.IsEmpty() {
		e.TraceID = hex.EncodeToString(t[:])
	}
	if s := lr.SpanID(); !s.IsEmpty() {
		e.SpanID = hex.EncodeToString(s[:])
	}
	readResource(e, res.Attributes())
	switch body := lr.Body(); body.Type() {
	case pcommon.ValueTypeMap:
		readBody(&n, body.Map())
	case pcommon.ValueTypeEmpty:
	default:
		e.Message = body.AsString()
	}
	complete(&n, attrs)
	return n, true
}

// guessName names an event that has no name, or another one: a record that error_issue stamped.
func guessName(n *issue.Notice) string {
	switch {
	case n.Milestone > 0:
		return issue.EventMilestone
	case n.Previous != "":
		return issue.EventStateChanged
	default:
		return issue.EventOccurrence
	}
}

func readSummary(id string, attrs pcommon.Map) issue.Summary {
	return issue.Summary{
		ID:        id,
		Title:     str(attrs, AttrTitle),
		Culprit:   str(attrs, AttrCulprit),
		Owner:     str(attrs, AttrOwner),
		Service:   str(attrs, AttrService),
		Level:     str(attrs, AttrLevel),
		State:     issue.State(str(attrs, AttrState)),
		Count:     uinteger(attrs, AttrCount),
		Users:     uinteger(attrs, AttrUsers),
		FirstSeen: readTime(attrs, AttrFirstSeen),
		LastSeen:  readTime(attrs, AttrLastSeen),
		URL:       str(attrs, AttrURL),
		Basis:     grouping.Basis(str(attrs, AttrBasis)),
	}
}

func readResource(e *issue.Event, attrs pcommon.Map) {
	if attrs.Len() > 0 {
		e.Resource = make(map[string]string, attrs.Len())
		for k, v := range attrs.All() {
			e.Resource[k] = v.AsString()
		}
	}
	e.Service = e.Resource[attrServiceName]
	e.Release = e.Resource[attrServiceVersion]
	e.Environment = e.Resource[attrEnvironment]
	if e.Environment == "" {
		e.Environment = e.Resource[attrEnvironmentOld]
	}
}

func readBody(n *issue.Notice, body pcommon.Map) {
	e := n.Event
	e.Message = str(body, "message")
	e.Template = str(body, "template")
	e.Logger = str(body, "logger")
	e.Transaction = str(body, "transaction")
	e.Language = stacktrace.Language(str(body, "language"))
	if v, ok := body.Get("handled"); ok && v.Type() == pcommon.ValueTypeBool {
		handled := v.Bool()
		e.Handled = &handled
	}
	if t := readTime(body, "timestamp"); !t.IsZero() {
		e.Time = t
	}
	for m := range eachMap(body, "exceptions") {
		e.Exceptions = append(e.Exceptions, readLink(m, len(e.Exceptions)))
	}
	for m := range eachMap(body, "breadcrumbs") {
		e.Breadcrumbs = append(e.Breadcrumbs, issue.Breadcrumb{
			Time:     readTime(m, "timestamp"),
			Service:  str(m, "service"),
			Category: str(m, "category"),
			Level:    str(m, "level"),
			Message:  str(m, "message"),
			SpanID:   str(m, "span_id"),
			Data:     stringMap(m, "data"),
		})
	}
	e.Request = stringMap(body, "request")
	e.User = stringMap(body, "user")
	e.Tags = stringMap(body, "tags")
	e.Extra = stringMap(body, "extra")
	for m := range eachMap(body, "fingerprint") {
		n.Issue.Fingerprint = append(n.Issue.Fingerprint, grouping.Part{Name: str(m, "name"), Value: str(m, "value")})
	}
	n.Issue.Releases = stringSlice(body, "releases")
	n.Issue.Services = stringSlice(body, "services")
}

func readLink(m pcommon.Map, index int) stacktrace.Exception {
	x := stacktrace.Exception{
		Type:     str(m, "type"),
		Message:  str(m, "message"),
		Module:   str(m, "module"),
		Relation: stacktrace.Relation(str(m, "relation")),
		Parent:   index - 1,
	}
	if p, ok := m.Get("parent"); ok && p.Type() == pcommon.ValueTypeInt && p.Int() >= -1 && p.Int() < int64(index) {
		x.Parent = int(p.Int())
	}
	if index > 0 && x.Relation == stacktrace.Outermost {
		x.Relation = stacktrace.Cause
	}
	for f := range eachMap(m, "frames") {
		x.Frames = append(x.Frames, stacktrace.Frame{
			Function: str(f, "function"),
			Module:   str(f, "module"),
			File:     str(f, "file"),
			Line:     number(f, "line"),
			Column:   number(f, "column"),
			InApp:    boolean(f, "in_app"),
		})
	}
	return x
}

// complete fills what a person who writes an event by hand leaves out.
func complete(n *issue.Notice, attrs pcommon.Map) {
	s, e := &n.Issue, n.Event
	if len(e.Exceptions) == 0 {
		typ, message := str(attrs, attrExceptionType), str(attrs, attrExceptionText)
		if typ != "" || message != "" {
			e.Exceptions = []stacktrace.Exception{{Type: typ, Message: message, Parent: -1}}
		}
		parseStack(e)
	}
	if s.Service == "" {
		s.Service = e.Service
	}
	if e.Service == "" {
		e.Service = s.Service
	}
	if e.Level == "" {
		e.Level = s.Level
	}
	if e.Level == "" {
		e.Level = "error"
	}
	if s.Level == "" {
		s.Level = e.Level
	}
	if s.State == "" {
		s.State = issue.New
	}
	if s.Title == "" {
		s.Title = title(e, s.ID)
	}
	if s.FirstSeen.IsZero() {
		s.FirstSeen = e.Time
	}
	if s.LastSeen.IsZero() {
		s.LastSeen = e.Time
	}
	if !isEventID(e.ID) {
		e.ID = deriveID(n)
	}
	readExtra(e, attrs)
}

// parseStack takes the exceptions from the stack trace of an event that does not list them. What the
// attributes say of the outermost one counts.
func parseStack(e *issue.Event) {
	if e.Language == stacktrace.Unknown {
		e.Language = stacktrace.Language(e.Resource["telemetry.sdk.language"])
	}
	trace, ok := stacktrace.Parse(e.Stack, e.Language)
	if !ok || len(trace.Exceptions) == 0 {
		return
	}
	if len(e.Exceptions) > 0 {
		if t := e.Exceptions[0].Type; t != "" {
			trace.Exceptions[0].Type = t
		}
		if m := e.Exceptions[0].Message; m != "" {
			trace.Exceptions[0].Message = m
		}
	}
	e.Exceptions, e.Language = trace.Exceptions, trace.Language
}

// readExtra keeps the attributes that have no meaning of their own; an emitted event has none.
func readExtra(e *issue.Event, attrs pcommon.Map) {
	for k, v := range attrs.All() {
		if strings.HasPrefix(k, "issue.") || strings.HasPrefix(k, "culprit.") || k == "event.name" ||
			k == attrExceptionType || k == attrExceptionText || k == attrExceptionStack {
			continue
		}
		if e.Extra == nil {
			e.Extra = map[string]string{}
		}
		if _, ok := e.Extra[k]; !ok {
			e.Extra[k] = v.AsString()
		}
	}
}

func title(e *issue.Event, id string) string {
	if len(e.Exceptions) > 0 {
		x := e.Exceptions[0]
		switch {
		case x.Type == "":
			return x.Message
		case x.Message == "":
			return x.Type
		}
		return x.Type + ": " + x.Message
	}
	if line, _, _ := strings.Cut(e.Message, "\n"); line != "" {
		return line
	}
	return "issue " + id
}

func isEventID(id string) bool {
	if len(id) != 32 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// deriveID makes the event ID of a record that came without one: the same record, sent again, has the
// same ID.
func deriveID(n *issue.Notice) string {
	e := n.Event
	h := sha256.New()
	for _, s := range [...]string{
		n.Name, n.Issue.ID, e.Service, e.TraceID, e.SpanID, strconv.FormatInt(e.Time.UnixNano(), 10),
		e.Message, e.Stack, string(n.Issue.State), strconv.FormatUint(n.Milestone, 10),
	} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	var k issue.Key
	copy(k[:], h.Sum(nil))
	k[6] = k[6]&0x0f | 0x40 // the bits of a UUID v4, RFC 9562 section 5.4
	k[8] = k[8]&0x3f | 0x80
	return k.String()
}

func recordTime(lr plog.LogRecord) time.Time {
	switch {
	case lr.Timestamp() != 0:
		return lr.Timestamp().AsTime()
	case lr.ObservedTimestamp() != 0:
		return lr.ObservedTimestamp().AsTime()
	default:
		return time.Time{}
	}
}
