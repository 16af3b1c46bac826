package record

import (
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

// sentryAttr takes an attribute that receiver sentry wrote of an SDK's event; false when it is to be
// kept as any other.
func sentryAttr(e *issue.Event, key string, v pcommon.Value) bool {
	switch key {
	case "sentry.breadcrumbs":
		if v.Type() == pcommon.ValueTypeSlice {
			addSentryCrumbs(e, v.Slice())
		}
		return true
	case "sentry.exceptions":
		// In Node and Go OpenTelemetry prints the outermost exception only, and so does exception.stacktrace of
		// such an event: the issue is the same either way. Here is the whole chain.
		if v.Type() == pcommon.ValueTypeSlice && v.Slice().Len() > len(e.Exceptions) {
			e.Exceptions = sentryChain(v.Slice())
		}
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

// maxSentryCrumbs is how many breadcrumbs an SDK keeps by default.
const maxSentryCrumbs = 100

// addSentryCrumbs adds the breadcrumbs that the SDK itself kept to those of the trace.
func addSentryCrumbs(e *issue.Event, list pcommon.Slice) {
	skip := max(0, list.Len()-maxSentryCrumbs)
	for i, v := range list.All() {
		if i < skip || v.Type() != pcommon.ValueTypeMap {
			continue
		}
		c := issue.Breadcrumb{Service: e.Service}
		for k, v := range v.Map().All() {
			switch k {
			case "timestamp":
				c.Time, _ = time.Parse(time.RFC3339Nano, v.AsString())
			case "category":
				c.Category = Clip(v.AsString(), maxCrumb)
			case "level":
				c.Level = v.AsString()
			case "message":
				c.Message = crumbText(v.AsString())
			case "data":
				flatten(&c.Data, "", v)
			case "type":
				if c.Category == "" {
					c.Category = Clip(v.AsString(), maxCrumb)
				}
			}
		}
		e.Breadcrumbs = append(e.Breadcrumbs, c)
	}
	slices.SortStableFunc(e.Breadcrumbs, func(a, b issue.Breadcrumb) int { return a.Time.Compare(b.Time) })
}
