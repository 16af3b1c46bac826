package sentryreceiver

import (
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/stacktext"
)

const scopeName = "github.com/otel-culprit/culprit/receiver/sentryreceiver"

// conversion turns the items of one request into telemetry. Strings of the result refer to the
// request's body, which must not be changed afterwards.
type conversion struct {
	project  string
	service  string // service.name
	version  string // of the collector, for the scope
	received pcommon.Timestamp
	keep     attachmentPolicy

	// From the envelope's header; they hold where an item says nothing.
	sdkName, sdkVersion  string
	release, environment string

	memory  *budget // what the results take is taken from; nil = unbounded
	cost    int64   // what was taken
	full    bool    // the budget did not suffice: the request must be refused
	tools   *tools  // until done
	logs    plog.Logs
	traces  ptrace.Traces
	metrics pmetric.Metrics
	has     signals
	events  []plog.LogRecord // that attachments belong to
	tally   tally
}

// signals says which of the results hold something.
type signals struct{ logs, traces, metrics bool }

func (s signals) and(o signals) signals {
	return signals{s.logs && o.logs, s.traces && o.traces, s.metrics && o.metrics}
}

func (s signals) or(o signals) signals {
	return signals{s.logs || o.logs, s.traces || o.traces, s.metrics || o.metrics}
}

// batch is the result.
func (c *conversion) batch() *batch {
	return &batch{logs: c.logs, traces: c.traces, metrics: c.metrics, has: c.has}
}

// tally counts what became of the items.
type tally struct {
	items     []itemCount
	discarded []sentryproto.Discarded // what clients reported
}

type itemCount struct {
	kind    string // a known item type, or "other"
	outcome string // converted, dropped, invalid
	n       int64
}

const (
	converted = "converted"
	dropped   = "dropped" // by policy, or because nothing can be made of it
	invalid   = "invalid" // not what its type says
)

func (t *tally) add(kind, outcome string, n int64) {
	for i := range t.items {
		if t.items[i].kind == kind && t.items[i].outcome == outcome {
			t.items[i].n += n
			return
		}
	}
	t.items = append(t.items, itemCount{kind, outcome, n})
}

func newConversion(project, service, version string, now time.Time, keep attachmentPolicy) *conversion {
	return &conversion{
		project: project, service: service, version: version, received: pcommon.NewTimestampFromTime(now),
		keep: keep, tools: toolbox.Get().(*tools),
	}
}

// tools are what a conversion works with. They are used again, because their memory grows with the
// largest item.
type tools struct {
	envelope sentryproto.EnvelopeReader
	item     sentryproto.Parser
	chain    sentryproto.ChainReader
	text     stacktext.Writer
	doc      eventDoc
}

var toolbox = sync.Pool{New: func() any { return new(tools) }}

// forget lets go of the request.
func (t *tools) forget() {
	t.envelope.Forget()
	t.item.Forget()
	t.chain.Forget()
	t.doc = eventDoc{}
}

// valueCost is the memory in bytes that a converted value takes beside its text, roughly.
// BenchmarkMemory measures it. A text of a few bytes can hold a value, so it is values that count.
const valueCost = 48

func (c *conversion) take(n int64) bool {
	switch {
	case c.memory == nil:
	case c.memory.take(n):
		c.cost += n
	default:
		c.full = true
	}
	return !c.full
}

func (c *conversion) giveBack() {
	if c.memory != nil {
		c.memory.give(c.cost)
		c.cost = 0
	}
}

// done gives back what the conversion borrowed. Its results stay valid.
func (c *conversion) done() {
	c.giveBack()
	c.tools.forget()
	toolbox.Put(c.tools)
	c.tools = nil
}

// read reads an envelope, which is valid until done.
func (c *conversion) read(body []byte) (sentryproto.Envelope, error) {
	return c.tools.envelope.Read(body, maxItems)
}

// envelope converts all items. It never fails: an item that is not what its type says is counted.
func (c *conversion) envelope(e *sentryproto.Envelope) {
	for k, v := range e.Header.Members() {
		switch k {
		case "sdk":
			c.sdk(v)
		case "trace":
			c.release, c.environment = v.Get("release").Str(), v.Get("environment").Str()
		}
	}
	for i := range e.Items {
		if e.Items[i].Type != sentryproto.ItemAttachment {
			c.item(&e.Items[i], e.EventID)
		}
	}
	for i := range e.Items { // last: they are written to the events' records
		if e.Items[i].Type == sentryproto.ItemAttachment {
			c.attachment(&e.Items[i])
		}
	}
}

func (c *conversion) sdk(v sentryproto.Value) {
	if s := v.Get("name").Str(); s != "" {
		c.sdkName, c.sdkVersion = s, v.Get("version").Text()
	}
}

// item converts one item of an envelope.
func (c *conversion) item(item *sentryproto.Item, id string) {
	kind := item.Type
	if !knownItem(kind) {
		c.tally.add("other", dropped, 1)
		return
	}
	convert := c.converter(item)
	if convert == nil {
		c.tally.add(kind, dropped, 1)
		return
	}
	v, err := c.tools.item.Parse(item.Payload)
	if err != nil || v.Kind() != sentryproto.Object {
		c.tally.add(kind, invalid, 1)
		return
	}
	if !c.take(int64(c.tools.item.Len()) * valueCost) {
		return
	}
	if n := convert(v, id); n > 0 {
		c.tally.add(kind, converted, n)
	} else {
		c.tally.add(kind, invalid, 1)
	}
}

// converter finds what converts an item and returns how many records it made; nil = such items are dropped.
func (c *conversion) converter(item *sentryproto.Item) func(v sentryproto.Value, id string) int64 {
	switch item.Type {
	case sentryproto.ItemEvent:
		return c.event
	case sentryproto.ItemTransaction:
		return c.transaction
	case sentryproto.ItemSpan:
		if strings.HasPrefix(item.ContentType, sentryproto.ContentTypeSpanV2) {
			return c.spans
		}
		return c.spanV1
	case sentryproto.ItemLog:
		return c.logItems
	case sentryproto.ItemTraceMetric:
		return c.metricItems
	case sentryproto.ItemSession:
		return c.session
	case sentryproto.ItemSessions:
		return c.sessions
	case sentryproto.ItemCheckIn:
		return c.checkIn
	case sentryproto.ItemFeedback:
		return c.feedback
	case sentryproto.ItemUserReport:
		return c.userReport
	case sentryproto.ItemClientReport:
		return c.clientReport
	}
	return nil
}

// knownItem tells the types of Relay (relay-server/src/envelope/item.rs), so that a metric's
// attribute has few values.
func knownItem(kind string) bool {
	switch kind {
	case "event", "transaction", "security", "attachment", "form_data", "raw_security", "nel", "unreal_report",
		"user_report", "session", "sessions", "statsd", "metric_buckets", "client_report", "profile", "replay_event",
		"replay_recording", "replay_video", "check_in", "log", "span", "profile_chunk", "feedback", "trace_metric":
		return true
	}
	return false
}

// resourceLogs appends a resource with one scope to the result and returns both. The scope of log records
// would be taken for their logger, so it is not this receiver.
func (c *conversion) resourceLogs() (pcommon.Map, plog.LogRecordSlice) {
	if !c.has.logs {
		c.logs, c.has.logs = plog.NewLogs(), true
	}
	rl := c.logs.ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	return rl.Resource().Attributes(), sl.LogRecords()
}

func (c *conversion) resourceSpans() (pcommon.Map, ptrace.SpanSlice) {
	if !c.has.traces {
		c.traces, c.has.traces = ptrace.NewTraces(), true
	}
	rs := c.traces.ResourceSpans().AppendEmpty()
	ss := rs.ScopeSpans().AppendEmpty()
	c.scope(ss.Scope())
	return rs.Resource().Attributes(), ss.Spans()
}

func (c *conversion) resourceMetrics() (pcommon.Map, pmetric.MetricSlice) {
	if !c.has.metrics {
		c.metrics, c.has.metrics = pmetric.NewMetrics(), true
	}
	rm := c.metrics.ResourceMetrics().AppendEmpty()
	sm := rm.ScopeMetrics().AppendEmpty()
	c.scope(sm.Scope())
	return rm.Resource().Attributes(), sm.Metrics()
}

func (c *conversion) scope(s pcommon.InstrumentationScope) {
	s.SetName(scopeName)
	s.SetVersion(c.version)
}
