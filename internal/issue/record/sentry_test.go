package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func TestEventOfASentrySDK(t *testing.T) {
	res := resourceOf(t, map[string]any{"service.name": "shop"})
	type m = map[string]any
	lr := logOf(t, m{
		"exception.type": "ValueError", "sentry.mechanism.handled": false, "sentry.logger": "shop.pay", "sentry.transaction": "/pay",
		"sentry.tags.team": "billing", "sentry.extra": m{"order": "7"}, "sentry.contexts": m{"os": m{"name": "Linux"}},
		"sentry.exceptions":  `[{"type":"ValueError"}]`,
		"sentry.dist":        "9",
		"user.ip_address":    "10.0.0.9",
		"sentry.breadcrumbs": `[{"timestamp":1795345036.25,"type":"http","message":"login","data":{"status":200,"to":["a"]}},"odd"]`,
	}, nil, plog.SeverityNumberError)
	at := time.Date(2026, 11, 22, 10, 57, 17, 0, time.UTC)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
	var f Failure
	require.True(t, errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f))
	trace := []issue.Breadcrumb{{Time: at.Add(-time.Hour), Message: "first"}, {Time: at.Add(-time.Millisecond), Message: "last"}}
	e := f.Event(issue.Key{}, &grouping.Result{}, trace, []string{"service.name"})
	assert.False(t, *e.Handled)
	assert.Equal(t, "shop.pay", e.Logger)
	assert.Equal(t, "/pay", e.Transaction)
	assert.Equal(t, map[string]string{"team": "billing", "service.name": "shop"}, e.Tags)
	assert.Equal(t, map[string]string{"order": "7", "sentry.contexts.os": `{"name":"Linux"}`, "sentry.dist": "9"}, e.Extra)
	assert.Equal(t, "10.0.0.9", e.Request["client_address"])
	require.Len(t, e.Breadcrumbs, 3)
	assert.Equal(t, issue.Breadcrumb{
		Time: time.Date(2026, 11, 22, 10, 57, 16, 250_000_000, time.UTC), Service: "shop", Category: "http", Message: "login", Data: map[string]string{"status": "200", "to": `["a"]`},
	}, e.Breadcrumbs[1])
}

// The chain of the SDK is taken when the stack trace tells less of it.
func TestChainOfASentrySDK(t *testing.T) {
	type m = map[string]any
	res := resourceOf(t, m{"service.name": "shop"})
	lr := logOf(t, m{
		"exception.type": "Error", "exception.message": "order failed", "exception.stacktrace": "Error: order failed\n    at order (/app/order.js:3:9)\n",
		"sentry.exceptions": `[
			{"type":"TypeError","value":"no price","mechanism":{"source":"cause","exception_id":1,"parent_id":0},"stacktrace":{"frames":[
				{"function":"total","filename":"/app/cart.js","lineno":4,"in_app":true},
				{"function":"price","filename":"/app/price.js","lineno":8,"colno":2,"in_app":true}]}},
			{"type":"Error","value":"order failed","mechanism":{"exception_id":0}}]`,
	}, nil, plog.SeverityNumberError)
	var f Failure
	require.True(t, errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f))
	e := f.Event(issue.Key{}, &grouping.Result{}, nil, nil)
	require.Len(t, e.Exceptions, 2)
	assert.Equal(t, stacktrace.Exception{Type: "Error", Message: "order failed", Parent: -1}, e.Exceptions[0])
	assert.Equal(t, stacktrace.Exception{Type: "TypeError", Message: "no price", Parent: 0, Relation: stacktrace.Cause, Frames: []stacktrace.Frame{
		{Function: "price", File: "/app/price.js", Line: 8, Column: 2, InApp: true},
		{Function: "total", File: "/app/cart.js", Line: 4, InApp: true},
	}}, e.Exceptions[1])
}

// An attribute that is not what the receiver writes does no harm.
func TestOddSentryAttributes(t *testing.T) {
	type m = map[string]any
	for _, odd := range []any{"", "[", "7", `[7,null,"x"]`, `{"values":[{}]}`, int64(7), []any{m{"type": "A"}, m{"type": "B"}}, m{"a": "b"}, "\xff"} {
		lr := logOf(t, m{"exception.type": "A", "sentry.exceptions": odd, "sentry.breadcrumbs": odd}, nil, plog.SeverityNumberError)
		var f Failure
		require.True(t, errorRules.Log(resourceOf(t, m{}), pcommon.NewInstrumentationScope(), lr, &f))
		e := f.Event(issue.Key{}, &grouping.Result{}, nil, nil)
		require.NotEmpty(t, e.Exceptions)
	}
}
