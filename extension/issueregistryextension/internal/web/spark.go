package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// The periods that a chart can show.
const (
	periodDay      = "24h"
	periodTwoWeeks = "14d"
)

// series spreads an issue's hourly counts over n buckets of size hours; the last bucket holds the
// hour of now. Hours that lie in the future of a slow clock are dropped.
func series(hours []uint32, lastHour int64, now time.Time, n, size int) []uint64 {
	out := make([]uint64, n)
	end := now.Unix()/3600 + 1
	for i, count := range hours {
		hour := lastHour - int64(len(hours)-1-i)
		back := int(end-1-hour) / size
		if hour >= end || back < 0 || back >= n {
			continue
		}
		out[n-1-back] += uint64(count)
	}
	return out
}

// readPeriod returns the period that an address asks for; "" = none, so that it is [periodFor] the issues.
func readPeriod(q url.Values) string {
	if p := q.Get("period"); p == periodDay || p == periodTwoWeeks {
		return p
	}
	return ""
}

// periodFor is the period that shows most of issues: two weeks of what began today are one bar.
func periodFor(now time.Time, issues ...issue.Issue) string {
	for i := range issues {
		if now.Sub(issues[i].FirstSeen) > 24*time.Hour {
			return periodTwoWeeks
		}
	}
	if len(issues) == 0 {
		return periodTwoWeeks
	}
	return periodDay
}

// buckets returns the counts for a period: 24 hours, or 42 buckets of eight hours.
func buckets(hours []uint32, lastHour int64, now time.Time, period string) []uint64 {
	if period == periodDay {
		return series(hours, lastHour, now, 24, 1)
	}
	return series(hours, lastHour, now, 42, 8)
}

// spark draws counts as bars in one path, with the last one apart: it is still growing. The numbers
// are the only thing that goes into the markup, so it is safe to be marked as HTML.
func spark(counts []uint64, label string) template.HTML {
	const width, height = 168, 32
	var top, sum uint64
	for _, c := range counts {
		top, sum = max(top, c), sum+c
	}
	step := float64(width) / float64(max(len(counts), 1))
	bar := step - 1
	var past, last strings.Builder
	for i, c := range counts {
		if c == 0 {
			continue
		}
		h := max(1.5, float64(c)/float64(top)*float64(height-2))
		to := &past
		if i == len(counts)-1 {
			to = &last
		}
		fmt.Fprintf(to, "M%s %sh%sv%sh-%sz", f1(float64(i)*step), f1(height-h), f1(bar), f1(h), f1(bar))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="spark" viewBox="0 0 %d %d" preserveAspectRatio="none" role="img" aria-label="%s">`,
		width, height, template.HTMLEscapeString(fmt.Sprintf("%s, %s at most in one bar", plural(sum, "event")+" in "+label, exact(top))))
	fmt.Fprintf(&b, `<path class="spark-base" d="M0 %sH%d"/>`, f1(height-0.5), width)
	if past.Len() > 0 {
		fmt.Fprintf(&b, `<path class="spark-past" d="%s"/>`, past.String())
	}
	if last.Len() > 0 {
		fmt.Fprintf(&b, `<path class="spark-last" d="%s"/>`, last.String())
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func f1(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// bar is one bar of the large chart, in the units of its view box.
type bar struct {
	X, Y, W, H float64
	From       time.Time
	Count      uint64
	Label      string
}

// chart is the large histogram of the detail page.
type chart struct {
	Width, Height int
	Bars          []bar
	Top           uint64
	Sum           uint64
	Ticks         []tick
	Period        string
}

type tick struct {
	X     float64
	Label string
}

// newChart lays the bars out: 24 hours, or 84 bars of four hours with a tick per two days.
func newChart(hours []uint32, lastHour int64, now time.Time, period string) chart {
	n, size := 84, 4
	if period == periodDay {
		n, size = 24, 1
	} else {
		period = periodTwoWeeks
	}
	c := chart{Width: 840, Height: 96, Period: period}
	counts := series(hours, lastHour, now, n, size)
	for _, v := range counts {
		c.Top, c.Sum = max(c.Top, v), c.Sum+v
	}
	step := float64(c.Width) / float64(n)
	first := time.Unix((now.Unix()/3600+1-int64(n*size))*3600, 0).UTC()
	for i, v := range counts {
		from := first.Add(time.Duration(i*size) * time.Hour)
		b := bar{X: float64(i) * step, W: step - 2, From: from, Count: v}
		if v > 0 {
			b.H = max(2, float64(v)/float64(c.Top)*float64(c.Height-2))
		}
		b.Y = float64(c.Height) - b.H
		b.Label = plural(v, "event") + ", " + from.Format("2 Jan 15:04") + "\u2013" + from.Add(time.Duration(size)*time.Hour).Format("15:04") + " UTC"
		c.Bars = append(c.Bars, b)
		if period == periodDay && i%6 == 0 {
			c.Ticks = append(c.Ticks, tick{X: b.X, Label: from.Format("15:04")})
		} else if period != periodDay && i%12 == 0 {
			c.Ticks = append(c.Ticks, tick{X: b.X, Label: from.Format("2 Jan")})
		}
	}
	return c
}
