package trackers

import (
	"net/http"
	"regexp"
	"time"
)

var traceID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// bugsnag takes events, payload version 5 (https://bugsnagerrorreportingapi.docs.apiary.io). Accepted is not valid: what a
// real one would drop is a violation here.
func bugsnag(q *request) {
	h := q.r.Header
	if q.deny(h.Get("Bugsnag-Api-Key") == BugsnagKey, http.StatusUnauthorized, nil) {
		return
	}
	if q.r.URL.Path != "/" && q.r.URL.Path != "" || q.r.Method != http.MethodPost {
		return
	}
	_, err := time.Parse(time.RFC3339, h.Get("Bugsnag-Sent-At"))
	q.want(err == nil, "Bugsnag-Sent-At is %q", h.Get("Bugsnag-Sent-At"))
	q.want(h.Get("Bugsnag-Payload-Version") == "5", "Bugsnag-Payload-Version is %q", h.Get("Bugsnag-Payload-Version"))
	q.want(len(q.body) < 1<<20, "%d bytes", len(q.body))
	var in struct {
		APIKey, PayloadVersion string
		Notifier               struct{ Name, Version, URL string }
		Events                 []struct {
			Exceptions []struct {
				ErrorClass, Message, Type string
				Stacktrace                []struct {
					File, Method             string
					LineNumber, ColumnNumber int
					InProject                bool
				}
			}
			GroupingHash, Severity, Context string
			Unhandled                       bool
			User, App, Device, Request      map[string]string
			Breadcrumbs                     []struct {
				Timestamp, Name, Type string
				MetaData              map[string]string
			}
			MetaData    map[string]any
			Correlation *struct{ TraceID, SpanID string }
		}
	}
	q.decode(&in)
	q.want(in.APIKey == BugsnagKey && in.PayloadVersion == "5" && in.Notifier.Name != "" && in.Notifier.URL != "", "apiKey, payloadVersion or notifier is missing")
	q.want(len(in.Events) == 1, "%d events", len(in.Events))
	if q.refused() {
		return
	}
	e := &in.Events[0]
	q.want(len(e.Exceptions) > 0 && e.Exceptions[0].ErrorClass != "", "no exception")
	q.oneOf("severity", e.Severity, "error", "warning", "info")
	q.want(e.GroupingHash != "", "no groupingHash")
	q.want(e.Correlation == nil || traceID.MatchString(e.Correlation.TraceID), "correlation %+v", e.Correlation)
	for _, b := range e.Breadcrumbs {
		_, err := time.Parse(time.RFC3339, b.Timestamp)
		q.want(err == nil, "breadcrumb's timestamp %q", b.Timestamp)
		q.oneOf("breadcrumb", b.Type, "error", "log", "manual", "navigation", "process", "request", "state", "user")
	}
	if q.refused() {
		return
	}
	t := q.keyed(e.GroupingHash)
	t.Title = e.Exceptions[0].ErrorClass
	q.reply(http.StatusAccepted, nil)
}
