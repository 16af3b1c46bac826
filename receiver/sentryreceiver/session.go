package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// Metrics that are made of what SDKs report about themselves and their sessions.
const (
	metricSessions  = "sentry.sessions"
	metricDiscarded = "sentry.client.discarded"
)

// session counts a session (https://develop.sentry.dev/sdk/telemetry/sessions/). Updates of one
// session add up: its start counts as started, its end with its status. Neither user nor address of
// a session is kept.
func (c *conversion) session(v sentryproto.Value, _ string) int64 {
	started, _ := v.Get("init").Bool()
	status, ended := v.Get("status").Text(), false
	switch status {
	case "exited", "crashed", "abnormal", "errored", "unhandled":
		ended = true
	}
	if !started && !ended {
		return 1 // an update on the way says nothing new
	}
	count := c.sessionCounter(v.Get("attrs"), c.at(v.Get("timestamp")))
	if started {
		count("started", 1)
	}
	if ended {
		count(status, 1)
	}
	return 1
}

// sessions counts sessions that the SDK has added up already.
func (c *conversion) sessions(v sentryproto.Value, _ string) int64 {
	n := int64(0)
	for bucket := range v.Get("aggregates").Values() {
		count := c.sessionCounter(v.Get("attrs"), c.at(bucket.Get("started")))
		for _, status := range [...]string{"exited", "errored", "crashed", "abnormal", "unhandled"} {
			if k, ok := bucket.Get(status).Int(); ok && k > 0 && k < 1<<40 {
				count("started", k)
				count(status, k)
			}
		}
		n++
	}
	return n
}

// sessionCounter returns a function that adds to the count of a status. Its points have no other
// attributes: release and environment are the resource's.
func (c *conversion) sessionCounter(attrs sentryproto.Value, at pcommon.Timestamp) func(status string, n int64) {
	res, metrics := c.resourceMetrics()
	c.resource(res, origin{release: attrs.Get("release").Text(), environment: attrs.Get("environment").Text()})
	sum := newSum(metrics.AppendEmpty(), metricSessions, "{session}")
	metrics.At(0).SetDescription("Sessions, by what became of them; started counts all.")
	return func(status string, n int64) {
		for _, dp := range sum.DataPoints().All() {
			if v, _ := dp.Attributes().Get("status"); v.Str() == status {
				dp.SetIntValue(dp.IntValue() + n)
				return
			}
		}
		dp := sum.DataPoints().AppendEmpty()
		dp.SetTimestamp(at)
		dp.SetStartTimestamp(at)
		dp.SetIntValue(n)
		dp.Attributes().PutStr("status", status)
	}
}

// clientReport counts what a client threw away
// (https://develop.sentry.dev/sdk/telemetry/client-reports/).
func (c *conversion) clientReport(v sentryproto.Value, _ string) int64 {
	list := v.Get("discarded_events")
	res, metrics := c.resourceMetrics()
	c.resource(res, origin{})
	sum := newSum(metrics.AppendEmpty(), metricDiscarded, "{item}")
	metrics.At(0).SetDescription("What clients threw away instead of sending it.")
	at := c.at(v.Get("timestamp"))
	for d := range list.Values() {
		n, ok := d.Get("quantity").Int()
		if !ok || n <= 0 || n > 1<<40 || sum.DataPoints().Len() >= maxDiscarded {
			continue
		}
		entry := sentryproto.Discarded{
			Reason:   sentryproto.KnownReason(d.Get("reason").Text()),
			Category: sentryproto.KnownCategory(d.Get("category").Text()),
			Quantity: n,
		}
		dp := sum.DataPoints().AppendEmpty()
		dp.SetTimestamp(at)
		dp.SetStartTimestamp(at)
		dp.SetIntValue(n)
		dp.Attributes().PutStr("reason", string(entry.Reason))
		dp.Attributes().PutStr("category", string(entry.Category))
		putStr(dp.Attributes(), "sdk", c.sdkName)
		c.tally.discarded = append(c.tally.discarded, entry)
	}
	if sum.DataPoints().Len() == 0 {
		sum.DataPoints().AppendEmpty().SetTimestamp(at) // a report of nothing is a zero
	}
	return 1
}

// maxDiscarded bounds the entries of one report: there are not that many reasons and categories.
const maxDiscarded = 100
