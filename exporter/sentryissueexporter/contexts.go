package sentryissueexporter

import (
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// contextKeys say which resource attribute goes into which field of which context
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/contexts/).
var contextKeys = map[string][2]string{
	"os.name":                     {"os", "name"},
	"os.type":                     {"os", "type_name"}, // becomes the name when there is none
	"os.version":                  {"os", "version"},
	"os.build_id":                 {"os", "build"},
	"os.description":              {"os", "raw_description"},
	"process.runtime.name":        {"runtime", "name"},
	"process.runtime.version":     {"runtime", "version"},
	"process.runtime.description": {"runtime", "raw_description"},
	"device.id":                   {"device", "device_unique_identifier"},
	"device.manufacturer":         {"device", "manufacturer"},
	"device.model.identifier":     {"device", "model_id"},
	"device.model.name":           {"device", "model"},
	"host.name":                   {"device", "name"},
	"host.arch":                   {"device", "arch"},
	"host.type":                   {"device", "family"},
	"user_agent.name":             {"browser", "name"},
	"user_agent.version":          {"browser", "version"},
}

// contexts gathers trace, resource and what is known of the issue.
func contexts(n *issue.Notice) map[string]sentryproto.Context {
	e := n.Event
	out := map[string]sentryproto.Context{}
	set := func(context, key string, value any) {
		if out[context] == nil {
			out[context] = sentryproto.Context{}
		}
		out[context][key] = value
	}
	rest := map[string]string{}
	for k, v := range e.Resource {
		if v == "" {
			continue
		}
		at, known := contextKeys[k]
		switch {
		case known:
			set(at[0], at[1], v)
		case strings.HasPrefix(k, "k8s."), strings.HasPrefix(k, "container."):
			set("k8s", k, v)
		case strings.HasPrefix(k, "cloud."), strings.HasPrefix(k, "faas."), strings.HasPrefix(k, "host."):
			set("cloud_resource", k, v)
		case strings.HasPrefix(k, "browser."):
			set("browser", k, v)
		case k == "service.name", k == "sentry.release", k == "sentry.dist":
		default:
			rest[k] = v
		}
	}
	if os := out["os"]; os != nil {
		if os["name"] == nil && os["type_name"] != nil {
			os["name"] = os["type_name"]
		}
		delete(os, "type_name")
	}
	if len(rest) > 0 {
		set("otel", "resource", rest)
	}
	if e.TraceID != "" {
		set("trace", "trace_id", e.TraceID)
		span := e.SpanID
		if span == "" { // Sentry wants one: a record of no span stands for the trace itself
			span = e.TraceID[len(e.TraceID)/2:]
		}
		set("trace", "span_id", span)
	}
	if code, err := strconv.Atoi(e.Request["status_code"]); err == nil {
		set("response", "status_code", code)
	}
	describe(n, set)
	return out
}

// describe adds a context of our own, so that people find the way back to the issue.
func describe(n *issue.Notice, set func(context, key string, value any)) {
	const name = "culprit"
	text := func(key, value string) {
		if value != "" {
			set(name, key, value)
		}
	}
	text("issue_id", n.Issue.ID)
	text("title", n.Issue.Title)
	text("culprit", n.Issue.Culprit)
	text("owner", n.Issue.Owner)
	text("state", string(n.Issue.State))
	text("url", n.Issue.URL)
	text("grouped_by", string(n.Issue.Basis))
	if n.Issue.Count > 0 {
		set(name, "count", n.Issue.Count)
	}
	if n.Issue.Users > 0 {
		set(name, "users", n.Issue.Users)
	}
	if !n.Issue.FirstSeen.IsZero() {
		text("first_seen", n.Issue.FirstSeen.UTC().Format(time.RFC3339))
	}
}
