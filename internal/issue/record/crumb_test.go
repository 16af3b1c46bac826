package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func TestEventCrumbOfSentrySDK(t *testing.T) {
	span, scope := ptrace.NewSpan(), pcommon.NewInstrumentationScope()
	scope.SetName("tracer")
	event := span.Events().AppendEmpty()
	event.SetName("user logged in")
	crumb := EventCrumb(&Resource{}, scope, span, event)
	assert.Equal(t, "tracer info", crumb.Category+" "+crumb.Level)
	event.Attributes().PutStr("sentry.breadcrumb.category", "auth")
	event.Attributes().PutStr("sentry.breadcrumb.level", "warning")
	crumb = EventCrumb(&Resource{}, scope, span, event)
	assert.Equal(t, "auth warning", crumb.Category+" "+crumb.Level)
}
