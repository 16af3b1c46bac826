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
		senders:   map[string]plog.LogRecordSlice{},
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
	// senders are the same by what the event says of its sender, as text: most events of a window say the
	// same, and then it need not be read again.
	senders  map[string]plog.LogRecordSlice
	decoder  *jsontext.Decoder
	input    bytes.Buffer
	observed pcommon.Timestamp

	// The event in hand.
	text        []byte
	path        []byte // of the value that is read, with dots
	sender      []part // what describes the sender
	senderKey   []byte // the same as text
	record      plog.LogRecord
	body        bool // the record has one
	values      int  // so far
	dropped     uint32
	service     string // if the event has no service.name
	serviceRank int
	trace       string // trace.id, span.id and transaction.id as they came
	span        string
	transaction string

	resource pcommon.Map // of the sender, while it is read
}

// part is a member of an event: its name, and where its value is in the text.
type part struct {
	name     string
	from, to int
}

// event appends the record of one event. What is no JSON object becomes a record with the text as body.
func (c *converter) event(text []byte) {
	c.begin(text)
	c.read(text)
	err := c.members(0, true)
	if err == nil {
		if _, err = c.decoder.ReadToken(); errors.Is(err, io.EOF) {
			c.end()
			return
		}
	}
	c.begin(text)
	c.record.Body().SetStr(strings.ToValidUTF8(string(text), "\uFFFD"))
	c.append()
}

func (c *converter) begin(text []byte) {
	c.text, c.path, c.sender, c.senderKey = text, c.path[:0], c.sender[:0], c.senderKey[:0]
	c.record, c.body, c.values, c.dropped = plog.NewLogRecord(), false, 0, 0
	c.service, c.serviceRank, c.trace, c.span, c.transaction = "", 0, "", "", ""
	c.record.SetObservedTimestamp(c.observed)
}

// read gives the decoder a text, which is not copied.
func (c *converter) read(text []byte) {
	c.input = *bytes.NewBuffer(text)
	c.decoder.Reset(&c.input, jsonOptions...)
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
		kind := c.decoder.PeekKind()
		if top && c.isSender(kind) {
			err = c.later()
		} else if kind == '{' && depth < maxNesting && len(c.path) <= maxPath && (!top || c.isFieldSet()) {
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
func (c *converter) isFieldSet() bool { return fieldSets[string(first(c.path))] }

// isSender tells whether a member of the event describes the sender.
func (c *converter) isSender(kind jsontext.Kind) bool {
	set := first(c.path)
	return senderSets[string(set)] && (kind == '{' || len(set) < len(c.path) || string(set) == "host")
}

func first(path []byte) []byte {
	out, _, _ := bytes.Cut(path, []byte{'.'})
	return out
}

// later notes a member that describes the sender.
func (c *converter) later() error {
	value, err := c.decoder.ReadValue()
	if err != nil {
		return err
	}
	to := int(c.decoder.InputOffset())
	name := senderNames[string(c.path)]
	if name == "" {
		name = string(c.path)
	}
	c.sender = append(c.sender, part{name: name, from: to - len(value), to: to})
	c.senderKey = append(append(append(append(c.senderKey, c.path...), 0), value...), 0)
	return nil
}

// end completes the record of an event.
func (c *converter) end() {
	c.bodyElsewhere()
	c.setSeverity()
	c.setTrace()
	c.record.SetDroppedAttributesCount(c.dropped)
	c.append()
}

// Bounds of converter.senders.
const (
	maxSenders   = 256
	maxSenderKey = 16 << 10
)

// append puts the record under its resource.
func (c *converter) append() {
	c.senderKey = append(c.senderKey, c.service...)
	records, ok := c.senders[string(c.senderKey)]
	if !ok {
		records = c.readSender()
		if len(c.senders) < maxSenders && len(c.senderKey) <= maxSenderKey {
			c.senders[string(c.senderKey)] = records
		}
	}
	c.record.MoveTo(records.AppendEmpty())
}

// readSender makes the resource, or finds the one that an equal sender has.
func (c *converter) readSender() plog.LogRecordSlice {
	c.resource, c.values, c.dropped = pcommon.NewMap(), 0, 0
	for _, p := range c.sender {
		c.path = append(c.path[:0], p.name...)
		c.read(c.text[p.from:p.to])
		if c.decoder.PeekKind() == '{' {
			_ = c.members(1, false) // the text was read before, so it is valid
		} else {
			_ = c.field()
		}
	}
	if c.service != "" {
		if v, ok := c.resource.GetOrPutEmpty("service.name"); !ok {
			v.SetStr(c.service)
		}
	}
	key := pdatautil.MapHash(c.resource)
	records, ok := c.resources[key]
	if !ok {
		rl := c.logs.ResourceLogs().AppendEmpty()
		c.resource.MoveTo(rl.Resource().Attributes())
		rl.Resource().SetDroppedAttributesCount(c.dropped)
		records = rl.ScopeLogs().AppendEmpty().LogRecords()
		c.resources[key] = records
	}
	return records
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
