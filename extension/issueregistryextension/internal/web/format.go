package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ago says how long before now a time was, as short as a list needs it: "just now", "4m ago",
// "3h ago", "12d ago", "5mo ago", "2y ago". assets/js/time.js says it in the same words, so that a page that
// stays open does not change its voice.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := span(now.Sub(t))
	if d == "" {
		return "just now"
	}
	return d + " ago"
}

// span is a duration in its greatest unit; "" when it is below a minute.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return ""
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d < day:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d < 60*day:
		return strconv.Itoa(int(d/day)) + "d"
	case d < 730*day:
		return strconv.Itoa(int(d/(30*day))) + "mo"
	default:
		return strconv.Itoa(int(d/(365*day))) + "y"
	}
}

// absolute is the long form for titles and for reading without JavaScript.
func absolute(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.UTC().Format("Mon, 2 Jan 2006 15:04:05 UTC")
}

// machine is the datetime attribute of a time element.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// short is a count in at most five characters: 987, 1,234, 12.3k, 4.1M.
func short(n uint64) string {
	switch {
	case n < 10_000:
		return exact(n)
	case n < 999_500:
		return scaled(float64(n)/1e3) + "k"
	case n < 999_500_000:
		return scaled(float64(n)/1e6) + "M"
	default:
		return scaled(float64(n)/1e9) + "B"
	}
}

func scaled(f float64) string {
	if f < 99.95 {
		return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

// exact is a count with thousands separators.
func exact(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// percent of a whole: "0%", "<0.1%", "3.4%", "98%", "100%" only when nothing is missing.
func percent(part, whole uint64) string {
	if whole == 0 || part == 0 {
		return "0%"
	}
	if part >= whole {
		return "100%"
	}
	p := float64(part) / float64(whole) * 100
	switch {
	case p < 0.1:
		return "<0.1%"
	case p < 10:
		return fmt.Sprintf("%.1f%%", p)
	case p > 99.9:
		return ">99.9%"
	case p > 99:
		return fmt.Sprintf("%.1f%%", math.Floor(p*10)/10)
	default:
		return fmt.Sprintf("%.0f%%", p)
	}
}

// offset is the distance of a breadcrumb from the error: "-1.24 s", "-35 ms", "+2 ms", "0 ms".
func offset(d time.Duration) string {
	sign := "+"
	if d < 0 {
		sign, d = "\u2212", -d
	}
	switch {
	case d < time.Millisecond:
		return "0\u00a0ms"
	case d < time.Second:
		return sign + strconv.FormatInt(d.Milliseconds(), 10) + "\u00a0ms"
	case d < 2*time.Minute:
		return sign + strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + "\u00a0s"
	default:
		return sign + d.Round(time.Second).String()
	}
}

// plural is a count with its noun: "1 event", "2 events".
func plural(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return exact(n) + " " + noun + "s"
}

// titleParts divides an issue's title into the exception's type and the rest, so that the eye finds
// the type. A title without a type has no first part.
func titleParts(title string) [2]string {
	typ, rest, ok := strings.Cut(title, ": ")
	if !ok || typ == "" || len(typ) > 120 || strings.ContainsAny(typ, " \t\"'`") {
		return [2]string{"", title}
	}
	return [2]string{typ, rest}
}

// shortType takes the package off a dotted type, "java.lang.IllegalStateException" becomes
// "IllegalStateException"; Go's "*net.OpError" and types without a package stay.
func shortType(typ string) string {
	if strings.HasPrefix(typ, "*") || strings.Count(typ, ".") < 2 {
		return typ
	}
	if i := strings.LastIndexByte(typ, '.'); i >= 0 && i+1 < len(typ) {
		return typ[i+1:]
	}
	return typ
}
