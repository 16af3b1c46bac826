package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/otel-culprit/culprit/internal/issue"
)

// fill puts values into a link template; "" when there is no template or a placeholder that it names
// has no value, so that no link leads nowhere.
func fill(template string, values map[string]string) string {
	if template == "" {
		return ""
	}
	for name, value := range values {
		if !strings.Contains(template, "{"+name+"}") {
			continue
		}
		if value == "" {
			return ""
		}
		template = strings.ReplaceAll(template, "{"+name+"}", url.QueryEscape(value))
	}
	return template
}

// eventLinks are the ways from an event to its trace and its logs.
func eventLinks(l issue.Links, issueID string, e *issue.Event) (trace, logs string) {
	if e == nil {
		return "", ""
	}
	values := map[string]string{"trace_id": e.TraceID, "span_id": e.SpanID, "issue_id": issueID, "service": e.Service}
	return fill(l.Trace, values), fill(l.Logs, values)
}

// endpoint is where the collector takes OTLP over HTTP, as seen by the visitor.
func (s *server) endpoint(r *http.Request) string {
	if s.opts.OTLP != "" {
		return strings.TrimSuffix(s.opts.OTLP, "/")
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	// The endpoint is shown in a command line to be pasted into a shell.
	if host == "" || strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") != "" {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(strings.Trim(host, "[]"), "4318")
}
