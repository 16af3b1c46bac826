package record

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// sentryAttr takes an attribute that receiver sentry wrote of an SDK's event; false when it is to be
// kept as any other.
func sentryAttr(e *issue.Event, key string, v pcommon.Value) bool {
	switch key {
	case "sentry.breadcrumbs":
		addSentryCrumbs(e, v.AsString())
		return true
	case "sentry.exceptions":
		addSentryChain(e, v.AsString())
		return true
	case "sentry.extra":
		return flatten(&e.Extra, "", v)
	case "sentry.contexts":
		return flatten(&e.Extra, "sentry.contexts.", v)
	case "sentry.threads", "sentry.stacktrace", "sentry.modules", "sentry.fingerprint",
		"sentry.logger", "sentry.transaction", "sentry.message.template", "sentry.mechanism.handled":
		return true // said elsewhere, or too long to be of use
	}
	if tag, ok := strings.CutPrefix(key, "sentry.tags."); ok && tag != "" {
		put(&e.Tags, tag, v.AsString())
		return true
	}
	return false
}

// flatten puts the members of a map into another one, as far as there is room.
func flatten(to *map[string]string, prefix string, v pcommon.Value) bool {
	if v.Type() != pcommon.ValueTypeMap {
		return false
	}
	for k, member := range v.Map().All() {
		if len(*to) >= maxExtra {
			break
		}
		put(to, prefix+k, member.AsString())
	}
	return true
}

// addSentryChain takes the SDK's chain where the stack trace tells less of it. In Node and Go
// OpenTelemetry prints the outermost exception only, and so does exception.stacktrace of such an event:
// the issue is the same either way.
func addSentryChain(e *issue.Event, text string) {
	v, err := new(sentryproto.Parser).ParseText(text)
	if err != nil {
		return
	}
	list := sentryproto.Exceptions(v)
	if len(list) <= len(e.Exceptions) {
		return
	}
	chain := sentryproto.Chain(list, e.Language)
	for i := range chain {
		chain[i].Type, chain[i].Message = Clip(chain[i].Type, maxValue), Clip(chain[i].Message, maxMessage)
	}
	e.Exceptions = chain
}

// maxSentryCrumbs is how many breadcrumbs an SDK keeps by default.
const maxSentryCrumbs = 100

// addSentryCrumbs adds the breadcrumbs that the SDK itself kept to those of the trace.
func addSentryCrumbs(e *issue.Event, text string) {
	list, err := new(sentryproto.Parser).ParseText(text)
	if err != nil {
		return
	}
	skip := list.Len() - maxSentryCrumbs
	for v := range list.Elements() {
		if skip--; skip >= 0 || v.Kind() != sentryproto.Object {
			continue
		}
		c := issue.Breadcrumb{Service: e.Service}
		for k, v := range v.Members() {
			switch k {
			case "timestamp":
				if at := v.UnixNano(); at != 0 {
					c.Time = time.Unix(0, at).UTC()
				}
			case "category":
				c.Category = Clip(v.Text(), maxCrumb)
			case "level":
				c.Level = Clip(v.Text(), maxCrumb)
			case "message":
				c.Message = Clip(strings.TrimSpace(v.Text()), maxCrumb)
			case "data":
				for k, v := range v.Members() {
					if len(c.Data) < maxExtra {
						put(&c.Data, k, sentryText(v))
					}
				}
			case "type":
				if c.Category == "" {
					c.Category = Clip(v.Text(), maxCrumb)
				}
			}
		}
		e.Breadcrumbs = append(e.Breadcrumbs, c)
	}
}

// sentryText is a value as text, lists and objects as JSON.
func sentryText(v sentryproto.Value) string {
	if s := v.Text(); s != "" {
		return s
	}
	return v.JSON()
}
