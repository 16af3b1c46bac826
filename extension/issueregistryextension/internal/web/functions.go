package web

import (
	"html/template"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// functions are what templates may call.
var functions = template.FuncMap{
	"asset":     func(name string) string { return assets.url(name) },
	"icon":      icon,
	"short":     short,
	"exact":     exact,
	"num":       func(n int) string { return short(uint64(max(n, 0))) },
	"plural":    plural,
	"when":      when,
	"absolute":  absolute,
	"machine":   machine,
	"parts":     titleParts,
	"shortType": shortType,
	"holes":     holes,
	"libraries": libraries,
	"label":     stateLabel,
	"join":      strings.Join,
	"f1":        f1,
	"safeLink":  safeLink,
	"clip":      clip,
	"detector":  detectorName,
	"exactInt":  func(n int) string { return exact(uint64(max(n, 0))) },
	"add":       func(a, b float64) float64 { return a + b },
	"age":       age,
	"handled":   handled,
	"row":       func(row rowView, now time.Time) map[string]any { return map[string]any{"Row": row, "Now": now} },
	"step": func(href, icon, label string) map[string]string {
		return map[string]string{"Href": href, "Icon": icon, "Label": label}
	},
}

// when is a time element: relative for reading, absolute in its title, exact for the script that
// keeps it true while the page is open.
func when(now, t time.Time) template.HTML {
	if t.IsZero() {
		return "never"
	}
	return template.HTML(`<time datetime="` + machine(t) + `" title="` + absolute(t) + `">` + ago(now, t) + `</time>`)
}

// age is how long something has been known.
func age(now, t time.Time) string {
	if d := span(now.Sub(t)); d != "" {
		return d
	}
	return "1m"
}

// handled says whether an event's exception was caught: "yes", "no", or "" when nobody knows.
func handled(e *issue.Event) string {
	switch {
	case e.Handled == nil:
		return ""
	case *e.Handled:
		return "yes"
	}
	return "no"
}

// stateLabel is a state in words.
func stateLabel(s issue.State) string {
	switch s {
	case issue.New, issue.Ongoing, issue.Resolved, issue.Regressed, issue.Escalating, issue.Muted:
		return strings.ToUpper(string(s[:1])) + string(s[1:])
	}
	return string(s)
}

// safeLink lets only web addresses through: a ticket's URL comes from another system.
func safeLink(u string) string {
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	return ""
}

// detectorName turns a detector's name into words: credit_card is "credit card".
func detectorName(name string) string { return strings.ReplaceAll(name, "_", " ") }

// icons are drawn on a 16 by 16 grid with lines of the text's colour.
var icons = map[string]string{
	"brand":      `<path d="M8 1.6a6.4 6.4 0 0 1 6.4 6.4M8 14.4A6.4 6.4 0 0 1 1.6 8a6.4 6.4 0 0 1 2.5-5M8 4.4A3.6 3.6 0 0 1 11.600 8c0 2.200-.5 4.100-1.500 5.900M4.400 8c0-.9.300-1.700.8-2.300M4.700 11.200c-.2-.7-.3-1.500-.3-2.200M8 7.400c.4 0 .7.300.7.700 0 2.100-.4 4-1.200 5.700"/>`,
	"search":     `<circle cx="7" cy="7" r="4.5"/><path d="m10.500 10.500 3.500 3.500"/>`,
	"sun":        `<circle cx="8" cy="8" r="2.800"/><path d="M8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M3.400 12.600l.9-.9M11.700 4.300l.9-.9"/>`,
	"moon":       `<path d="M13.500 9.300A5.700 5.700 0 1 1 6.700 2.500a4.500 4.500 0 0 0 6.800 6.800z"/>`,
	"keyboard":   `<rect x="1.500" y="4" width="13" height="8.500" rx="1.500"/><path d="M4.200 6.700h.1M7 6.700h.1M9.800 6.700h.1M11.900 6.700h.1M5 9.800h6"/>`,
	"check":      `<path d="m3 8.500 3.200 3.200L13 4.800"/>`,
	"mute":       `<path d="M2.500 2.500l11 11M6.100 3.200A3.800 3.800 0 0 1 11.800 6.500c0 1.300.3 2.300.7 3M10 11.500H3c.8-.8 1.200-2.200 1.200-4.500v-.8M6.700 13.600a1.500 1.500 0 0 0 2.600 0"/>`,
	"reopen":     `<path d="M2.500 8a5.500 5.500 0 1 1 1.700 4M2.300 12.300v-2.800h2.800" transform="translate(0 -.5)"/>`,
	"merge":      `<circle cx="4" cy="3.500" r="1.500"/><circle cx="4" cy="12.500" r="1.500"/><circle cx="12" cy="9" r="1.500"/><path d="M4 5v6M4 5c.3 2.700 2.500 4 6.500 4"/>`,
	"copy":       `<rect x="5.500" y="5.500" width="8" height="8" rx="1.500"/><path d="M10.500 3.500v-.2a1 1 0 0 0-1-1H3.300a1 1 0 0 0-1 1v6.200a1 1 0 0 0 1 1h.2"/>`,
	"more":       `<path d="M4 8h.01M8 8h.01M12 8h.01" stroke-width="2"/>`,
	"down":       `<path d="m4 6.300 4 4 4-4"/>`,
	"left":       `<path d="m9.800 3.800-4.200 4.200 4.200 4.200"/>`,
	"right":      `<path d="m6.200 3.800 4.200 4.200-4.200 4.200"/>`,
	"first":      `<path d="m11.500 3.800-4.200 4.200 4.200 4.200M4.500 3.800v8.400"/>`,
	"last":       `<path d="m4.500 3.800 4.200 4.200-4.200 4.200M11.500 3.800v8.400"/>`,
	"out":        `<path d="M6.500 3.500h-2a1 1 0 0 0-1 1v7a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1v-2M9.300 2.800h3.900v3.900M13 3 7.700 8.300"/>`,
	"new":        `<path d="M8 2.500v11M2.500 8h11M4.200 4.200l7.600 7.600M11.800 4.200l-7.600 7.600"/>`,
	"regressed":  `<path d="M5.500 3 2.500 6l3 3M2.500 6h7a4 4 0 0 1 0 8h-3"/>`,
	"escalating": `<path d="m2 12 4-4 2.700 2.700L14 5M10 4.500h4v4"/>`,
	"trace":      `<path d="M2 3.500h7M5 8h7M8 12.500h6"/>`,
	"logs":       `<path d="M3 3.500h10M3 6.500h7M3 9.500h10M3 12.500h5"/>`,
	"quiet":      `<circle cx="8" cy="8" r="6"/><path d="m5.200 8.300 2 2 3.600-4.200"/>`,
	"signal":     `<path d="M1.500 8h2.700l1.600-4.500 3.400 9 1.900-4.500h3.400"/>`,
	"close":      `<path d="m4 4 8 8M12 4l-8 8"/>`,
	"info":       `<circle cx="8" cy="8" r="6"/><path d="M8 7.300v3.500M8 5.200v.1"/>`,
}

// icon draws one of the icons; it is decoration, what it says stands beside it in words.
func icon(name string) template.HTML {
	return template.HTML(`<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`)
}
