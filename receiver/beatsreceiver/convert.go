package beatsreceiver

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// convert makes log records of events, with one resource for each distinct sender.
func convert(events [][]byte, now time.Time) plog.Logs {
	c := converter{
		logs:      plog.NewLogs(),
		resources: map[[16]byte]plog.LogRecordSlice{},
		decoder:   jsontext.NewDecoder(&bytes.Buffer{}, jsonOptions...),
		observed:  pcommon.NewTimestampFromTime(now),
	}
	for _, e := range events {
		c.event(e)
	}
	return c.logs
}

// Names may repeat and strings may be broken: what a log line has does not stop it.
var jsonOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// converter holds what the events of a window share, and the event in hand.
type converter struct {
	logs      plog.Logs
	resources map[[16]byte]plog.LogRecordSlice // by hash of the resource's attributes
	decoder   *jsontext.Decoder
	input     bytes.Buffer
	observed  pcommon.Timestamp

	path []byte // of the value that is read, with dots

	// The event in hand.
	record      plog.LogRecord
	resource    pcommon.Map
	body        bool // the record has one
	values      int  // so far
	service     string
	serviceRank int
	trace       string // trace.id, span.id and transaction.id as they came
	span        string
	transaction string
}

// event appends the record of one event. What is no JSON object becomes a record with the text as body.
func (c *converter) event(text []byte) {
	c.begin()
	c.input = *bytes.NewBuffer(text) // which the decoder does not copy
	c.decoder.Reset(&c.input, jsonOptions...)
	err := c.members(0, true)
	if err == nil {
		if _, err = c.decoder.ReadToken(); errors.Is(err, io.EOF) {
			c.end()
			return
		}
	}
	c.begin()
	c.record.Body().SetStr(strings.ToValidUTF8(string(text), "\uFFFD"))
	c.append()
}

func (c *converter) begin() {
	*c = converter{
		logs: c.logs, resources: c.resources, decoder: c.decoder, input: c.input, observed: c.observed, path: c.path[:0],
		record: plog.NewLogRecord(), resource: pcommon.NewMap(),
	}
	c.record.SetObservedTimestamp(c.observed)
}

// members reads an object whose fields have a meaning by their dotted names: {"log": {"level": ...}} and
// {"log.level": ...} are the same.
func (c *converter) members(depth int, top bool) error {
	if t, err := c.decoder.ReadToken(); err != nil {
		return err
	} else if t.Kind() != '{' {
		return errNoObject
	}
	at := len(c.path)
	for c.decoder.PeekKind() != '}' {
		name, err := c.decoder.ReadValue()
		if err != nil {
			return err
		}
		c.path = c.path[:at]
		if at > 0 {
			c.path = append(c.path, '.')
		}
		c.path, _ = jsontext.AppendUnquote(c.path, name) // an error tells of broken UTF-8, which was replaced
		if c.decoder.PeekKind() == '{' && depth < maxNesting && len(c.path) <= maxPath && (!top || c.isFieldSet()) {
			err = c.members(depth+1, false)
		} else {
			err = c.field()
		}
		if err != nil {
			return err
		}
	}
	c.path = c.path[:at]
	_, err := c.decoder.ReadToken()
	return err
}

// isFieldSet tells whether the path begins with one of the field sets.
func (c *converter) isFieldSet() bool {
	first, _, _ := bytes.Cut(c.path, []byte{'.'})
	return fieldSets[string(first)]
}

// end completes the record of an event.
func (c *converter) end() {
	c.bodyElsewhere()
	c.setSeverity()
	c.setTrace()
	if c.service != "" {
		if v, ok := c.resource.GetOrPutEmpty("service.name"); !ok {
			v.SetStr(c.service)
		}
	}
	c.append()
}

// append puts the record under its resource.
func (c *converter) append() {
	key := pdatautil.MapHash(c.resource)
	records, ok := c.resources[key]
	if !ok {
		rl := c.logs.ResourceLogs().AppendEmpty()
		c.resource.MoveTo(rl.Resource().Attributes())
		records = rl.ScopeLogs().AppendEmpty().LogRecords()
		c.resources[key] = records
	}
	c.record.MoveTo(records.AppendEmpty())
}

// bodyElsewhere finds the body of an event without message: the line of a client of version 1, the decoded
// JSON of Filebeat's own parser, or what loggers call msg.
func (c *converter) bodyElsewhere() {
	if c.body {
		return
	}
	attrs := c.record.Attributes()
	for _, key := range [...]string{"line", "msg", "json"} {
		if v, ok := attrs.Get(key); ok && (v.Type() == pcommon.ValueTypeStr || key == "json" && v.Type() == pcommon.ValueTypeMap) {
			v.CopyTo(c.record.Body())
			attrs.Remove(key)
			return
		}
	}
}

// setTrace uses IDs of the forms that OpenTelemetry has; others stay attributes, and the processor trace_id
// knows more forms. transaction.id is the span of the service's entry.
func (c *converter) setTrace() {
	attrs := c.record.Attributes()
	var trace pcommon.TraceID
	if !fromHex(trace[:], c.trace) {
		putText(attrs, "trace.id", c.trace)
		putText(attrs, "span.id", c.span)
		putText(attrs, "transaction.id", c.transaction)
		return
	}
	c.record.SetTraceID(trace)
	putText(attrs, "transaction.id", c.transaction)
	var span pcommon.SpanID
	switch {
	case fromHex(span[:], c.span):
		c.record.SetSpanID(span)
	case c.span != "":
		putText(attrs, "span.id", c.span)
	case fromHex(span[:], c.transaction):
		c.record.SetSpanID(span)
	}
}
