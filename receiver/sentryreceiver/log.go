package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// logItems converts a container of logs (https://develop.sentry.dev/sdk/telemetry/logs/).
func (c *conversion) logItems(v sentryproto.Value, _ string) int64 {
	items := v.Get("items")
	if items.Len() == 0 {
		return 0
	}
	res, records := c.resourceLogs()
	c.resource(res, firstOrigin(items))
	n := int64(0)
	for item := range items.Values() {
		if item.Kind() != sentryproto.Object {
			c.tally.add(sentryproto.ItemLog, invalid, 1)
			continue
		}
		c.log(records.AppendEmpty(), item)
		n++
	}
	return n
}

func (c *conversion) log(lr plog.LogRecord, v sentryproto.Value) {
	lr.SetObservedTimestamp(c.received)
	lr.SetTimestamp(c.at(v.Get("timestamp")))
	if body := v.Get("body"); !isEmpty(body) {
		setValue(lr.Body(), body, 1)
	}
	level := v.Get("level").Text()
	n := severities[level]
	if number, ok := v.Get("severity_number").Int(); ok && number >= 1 && number <= 24 {
		n = plog.SeverityNumber(number)
	}
	lr.SetSeverityNumber(n)
	lr.SetSeverityText(level)
	lr.SetTraceID(traceID(v.Get("trace_id").Str()))
	attributes := v.Get("attributes")
	span := v.Get("span_id").Str()
	if span == "" {
		span = attributes.Get("sentry.trace.parent_span_id").Get("value").Str()
	}
	lr.SetSpanID(spanID(span))
	putAttributes(lr.Attributes(), attributes)
}
