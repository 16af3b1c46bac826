package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestEachRecordIsOneBreadcrumb(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	crumb := func(ms float64, message, category, span string) issue.Breadcrumb {
		return issue.Breadcrumb{
			Time: start.Add(time.Duration(ms * float64(time.Millisecond))), Service: "shop", Level: "info", Message: message, Category: category, SpanID: span,
		}
	}
	for name, c := range map[string]struct {
		crumbs []issue.Breadcrumb
		want   int
	}{
		"a log record, the event of a span and the SDK's own": {
			[]issue.Breadcrumb{crumb(0, "asked", "shop.log", "a"), crumb(0.2, "asked", "tracer", "a"), crumb(4, "asked", "http", "")}, 1,
		},
		"sent again":            {[]issue.Breadcrumb{crumb(0, "asked", "log", "a"), crumb(0, "asked", "log", "a")}, 1},
		"others in between":     {[]issue.Breadcrumb{crumb(0, "asked", "log", "a"), crumb(1, "other", "log", "a"), crumb(2, "asked", "sdk", "")}, 2},
		"twice indeed":          {[]issue.Breadcrumb{crumb(0, "asked", "log", "a"), crumb(5, "asked", "log", "a")}, 2},
		"in two spans":          {[]issue.Breadcrumb{crumb(0, "asked", "log", "a"), crumb(0, "asked", "log", "b")}, 2},
		"later":                 {[]issue.Breadcrumb{crumb(0, "asked", "log", "a"), crumb(50, "asked", "sdk", "a")}, 2},
		"in the order of times": {[]issue.Breadcrumb{crumb(9, "b", "log", "a"), crumb(1, "a", "log", "a")}, 2},
		"none":                  {nil, 0},
	} {
		got := distinct(c.crumbs)
		require.Len(t, got, c.want, name)
		for i := 1; i < len(got); i++ {
			require.False(t, got[i].Time.Before(got[i-1].Time), name)
		}
	}
	rich := crumb(3, "asked", "", "")
	rich.Level, rich.Data = "warning", map[string]string{"url": "/pay"}
	got := distinct([]issue.Breadcrumb{crumb(0, "asked", "log", "a"), rich})
	require.Len(t, got, 1)
	require.Equal(t, "warning", got[0].Level)
	require.Equal(t, "a", got[0].SpanID)
	require.Equal(t, start, got[0].Time)
}
