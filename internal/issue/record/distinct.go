package record

import (
	"cmp"
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Two forms of one record have nearly the same time. With the same category (logger, tracer) they may be two that
// follow each other closely.
const (
	sameRecord    = time.Millisecond
	sameAnyLogger = 10 * time.Millisecond
)

// distinct sorts breadcrumbs by time and leaves each record once: it may have been sent again, and come as an event of
// a span, as a log record and among an SDK's own breadcrumbs. The form that tells more is kept.
func distinct(crumbs []issue.Breadcrumb) []issue.Breadcrumb {
	slices.SortStableFunc(crumbs, func(a, b issue.Breadcrumb) int { return a.Time.Compare(b.Time) })
	out := crumbs[:0]
	for i := range crumbs {
		c := &crumbs[i]
		known := -1
		for n := len(out) - 1; n >= 0 && c.Time.Sub(out[n].Time) <= sameAnyLogger; n-- {
			if sameCrumb(&out[n], c) {
				known = n
				break
			}
		}
		if known < 0 {
			out = append(out, *c)
			continue
		}
		if k := &out[known]; weight(c) > weight(k) {
			c.Time = k.Time
			*k, *c = *c, *k
		}
		k := &out[known]
		k.SpanID, k.Category = cmp.Or(k.SpanID, c.SpanID), cmp.Or(k.Category, c.Category)
	}
	clear(crumbs[len(out):])
	return out
}

func sameCrumb(a, b *issue.Breadcrumb) bool {
	if a.Message != b.Message || a.Service != b.Service || a.SpanID != b.SpanID && a.SpanID != "" && b.SpanID != "" {
		return false
	}
	apart := b.Time.Sub(a.Time).Abs()
	return apart <= sameRecord || a.Category != b.Category && apart <= sameAnyLogger
}

// weight says how much a breadcrumb tells: a level that matters, data, its category.
func weight(c *issue.Breadcrumb) int {
	n := 2 * min(len(c.Data), 4)
	if c.Level != "" && c.Level != "info" {
		n += 10
	}
	if c.Category != "" {
		n++
	}
	return n
}
