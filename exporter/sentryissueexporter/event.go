package sentryissueexporter

import (
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// newEvent makes a Sentry event out of an occurrence. It is a pure function of the notice: an event
// that is sent again is the same event.
func newEvent(n *issue.Notice, grouping Grouping) *sentryproto.Event {
	e := n.Event
	at := e.Time
	if at.IsZero() {
		at = n.Time
	}
	if at.IsZero() {
		at = time.Now()
	}
	out := &sentryproto.Event{
		EventID:     e.ID,
		Timestamp:   sentryproto.FormatTime(at),
		Platform:    platform(language(e)),
		Level:       level(e.Level),
		Logger:      e.Logger,
		Transaction: e.Transaction,
		ServerName:  first(e.Resource, "service.instance.id", "host.name"),
		Release:     release(e),
		Dist:        e.Resource["sentry.dist"],
		Environment: e.Environment,
		Exception:   exceptions(e),
		Breadcrumbs: breadcrumbs(e.Breadcrumbs),
		User:        user(e),
		Request:     request(e),
		Contexts:    contexts(n),
		Tags:        tags(n),
		Extra:       extra(e),
	}
	if out.Exception == nil || e.Message != "" && !repeats(e) {
		out.LogEntry = logEntry(n)
	}
	if out.Exception == nil {
		if f, ok := codeFrame(e); ok {
			out.Threads = &sentryproto.List[sentryproto.Thread]{Values: []sentryproto.Thread{{
				ID: "0", Current: true, Stacktrace: &sentryproto.Stacktrace{Frames: []sentryproto.Frame{f}},
			}}}
		}
	}
	if grouping == ByIssue {
		out.Fingerprint = []string{n.Issue.ID}
	}
	return out
}

// platforms are Sentry's names of languages (relay-event-schema, VALID_PLATFORMS).
var platforms = map[stacktrace.Language]string{
	stacktrace.Python: "python", stacktrace.Java: "java", stacktrace.NodeJS: "node", stacktrace.WebJS: "javascript",
	stacktrace.Go: "go", stacktrace.DotNet: "csharp", stacktrace.Ruby: "ruby", stacktrace.PHP: "php",
	stacktrace.Rust: "native", stacktrace.CPlusPlus: "native", stacktrace.Perl: "perl",
	stacktrace.Erlang: "elixir", stacktrace.Swift: "cocoa",
}

func platform(l stacktrace.Language) string {
	if p := platforms[l]; p != "" {
		return p
	}
	return "other"
}

func language(e *issue.Event) stacktrace.Language {
	if e.Language != stacktrace.Unknown {
		return e.Language
	}
	return stacktrace.Language(e.Resource["telemetry.sdk.language"])
}

func level(s string) string {
	switch s {
	case "fatal", "error", "warning", "info", "debug":
		return s
	case "warn":
		return "warning"
	case "critical":
		return "fatal"
	case "trace":
		return "debug"
	}
	return "error"
}

// release is service.name@service.version; a Sentry SDK's own release stays what it is.
func release(e *issue.Event) string {
	if r := e.Resource["sentry.release"]; r != "" {
		return r
	}
	if e.Release == "" || e.Service == "" || strings.Contains(e.Release, "@") {
		return e.Release
	}
	return e.Service + "@" + e.Release
}

// repeats tells that an event's message says nothing that its exceptions do not.
func repeats(e *issue.Event) bool {
	for i := range e.Exceptions {
		x := &e.Exceptions[i]
		if e.Message == x.Message || e.Message == x.Type+": "+x.Message {
			return true
		}
	}
	return len(e.Stack) > 0 && strings.HasPrefix(e.Message, e.Stack)
}

func logEntry(n *issue.Notice) *sentryproto.LogEntry {
	l := sentryproto.LogEntry{Formatted: n.Event.Message, Message: n.Event.Template}
	if l.Formatted == "" {
		l.Formatted = n.Issue.Title
	}
	if l.Message == l.Formatted {
		l.Message = ""
	}
	return &l
}

func breadcrumbs(crumbs []issue.Breadcrumb) *sentryproto.List[sentryproto.Breadcrumb] {
	if len(crumbs) == 0 {
		return nil
	}
	type said struct {
		at      int64
		message string
	}
	seen := make(map[said]int, len(crumbs)) // index in out
	out := make([]sentryproto.Breadcrumb, 0, len(crumbs))
	for i := range crumbs {
		c := &crumbs[i]
		// A Sentry SDK tells of a breadcrumb with the error, in full, and again with the transaction around it.
		this := said{c.Time.UnixMilli(), c.Message}
		if at, known := seen[this]; known {
			if c.SpanID == "" && c.Category != "" {
				out[at].Category = c.Category
			}
			maps.Copy(out[at].Data, c.Data)
			continue
		}
		seen[this] = len(out)
		b := sentryproto.Breadcrumb{
			Type: "default", Category: c.Category, Level: level(c.Level), Message: c.Message,
			Data: make(map[string]string, len(c.Data)+2),
		}
		if c.Level == "" {
			b.Level = "info"
		}
		if b.Level == "error" || b.Level == "fatal" {
			b.Type = "error"
		}
		if !c.Time.IsZero() {
			b.Timestamp = sentryproto.FormatTime(c.Time)
		}
		put(b.Data, "service", c.Service)
		put(b.Data, "span_id", c.SpanID)
		for k, v := range c.Data {
			put(b.Data, k, v)
		}
		out = append(out, b)
	}
	return &sentryproto.List[sentryproto.Breadcrumb]{Values: out}
}

// user tells who was affected. The hash that pii_redaction makes stands for the ID: it counts users and
// says nothing about them.
func user(e *issue.Event) *sentryproto.User {
	u := &sentryproto.User{
		ID: e.User["id"], Email: e.User["email"], Username: e.User["name"],
		IPAddress: sentryproto.IPAddress(e.Request["client_address"]),
	}
	if hash := e.User["hash"]; hash != "" {
		u.ID = hash
	}
	if u.ID == "" && u.Email == "" && u.Username == "" && u.IPAddress == "" {
		return nil
	}
	return u
}

func request(e *issue.Event) *sentryproto.Request {
	if len(e.Request) == 0 {
		return nil
	}
	r := sentryproto.Request{
		URL: e.Request["url"], Method: e.Request["method"], QueryString: e.Request["query_string"],
		Headers: map[string]string{}, Env: map[string]string{},
	}
	put(r.Env, "REMOTE_ADDR", sentryproto.IPAddress(e.Request["client_address"]))
	for k, v := range e.Request {
		if name, ok := strings.CutPrefix(k, "header."); ok {
			if strings.EqualFold(name, "cookie") {
				r.Cookies = cookies(v)
				continue
			}
			put(r.Headers, http.CanonicalHeaderKey(name), v)
		}
	}
	if r.URL == "" && r.Method == "" && r.QueryString == "" && len(r.Headers) == 0 && len(r.Env) == 0 && len(r.Cookies) == 0 {
		return nil
	}
	return &r
}

// cookies takes the header Cookie apart. Redaction may have left a part without a value; Sentry wants
// pairs.
func cookies(header string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(header, ";") {
		if name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name != "" {
			out[name] = value
		}
	}
	return out
}

// resourceTags are the resource attributes that people search by.
var resourceTags = []string{
	"k8s.cluster.name", "k8s.namespace.name", "k8s.deployment.name", "k8s.pod.name", "cloud.region",
	"service.namespace", "browser.language",
}

func tags(n *issue.Notice) map[string]string {
	e := n.Event
	out := make(map[string]string, len(e.Tags)+8)
	for k, v := range e.Tags {
		if len(v) <= 200 && !isCode(k) {
			put(out, k, v)
		}
	}
	for k, v := range e.Extra { // tags that a Sentry SDK set, on their way through the receiver sentry
		if name, ok := strings.CutPrefix(k, "sentry.tags."); ok {
			put(out, name, v)
		}
	}
	put(out, "service", e.Service)
	put(out, "issue.id", n.Issue.ID)
	put(out, "issue.owner", n.Issue.Owner)
	for _, k := range resourceTags {
		put(out, k, e.Resource[k])
	}
	return out
}

func extra(e *issue.Event) map[string]string {
	out := make(map[string]string, len(e.Extra))
	for k, v := range e.Extra {
		if !isCode(k) && !elsewhere(k) {
			put(out, k, v)
		}
	}
	return out
}

// elsewhere tells the attributes of the receiver sentry that stand in other fields of the event.
func elsewhere(key string) bool {
	switch key {
	case "sentry.exceptions", "sentry.breadcrumbs", "sentry.threads", "sentry.stacktrace", "sentry.logger",
		"sentry.transaction", "sentry.message.template", "sentry.mechanism.handled", "sentry.mechanism.type":
		return true
	}
	return strings.HasPrefix(key, "sentry.tags.")
}

func first(m map[string]string, keys ...string) string {
	for _, k := range keys {
		if m[k] != "" {
			return m[k]
		}
	}
	return ""
}

func put(m map[string]string, key, value string) {
	if value != "" {
		m[key] = value
	}
}
