package card

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Bounds of what a ticket shows.
const (
	maxFrames      = 8
	maxChain       = 4
	maxBreadcrumbs = 10
	maxMessage     = 2000 // runes of an exception's message
	maxCrumb       = 300  // runes of a breadcrumb
	maxURL         = 2000 // runes; longer ones are no links in many services
)

// DefaultTitle is the title of a ticket.
func (c *Card) DefaultTitle() string {
	title := c.Issue.Title
	if title == "" {
		title = "Issue " + c.Issue.ID
	}
	if c.Issue.Service != "" {
		title = "[" + c.Issue.Service + "] " + title
	}
	return wire.Line(title)
}

// DefaultText is the body of a ticket.
func (c *Card) DefaultText() Doc {
	var d Doc
	if c.Issue.Culprit != "" {
		d = append(d, para("in "+c.Issue.Culprit))
	}
	if links := c.links(); len(links) > 0 {
		d = append(d, Block{Para: links})
	}
	d.fact("Service", c.Issue.Service)
	d.fact("Environment", c.Event.Environment)
	d.fact("Release", c.Release())
	d.fact("Level", c.Issue.Level)
	d.fact("State", string(c.Issue.State))
	d.fact("Occurrences", Number(c.Issue.Count))
	if c.Issue.Users > 0 {
		d.fact("Users", Number(c.Issue.Users))
	}
	d.fact("First seen", Time(c.Issue.FirstSeen))
	d.fact("Last seen", Time(c.Issue.LastSeen))
	d.fact("Owner", c.Issue.Owner)
	d.fact("Transaction", c.Event.Transaction)
	d.fact("Trace", c.Event.TraceID)
	d.fact("Issue", c.Issue.ID)
	if stack := Stack(c.Event.Exceptions); stack != "" {
		d = append(d, Block{Heading: "Error"}, Block{Code: stack})
	} else if c.Event.Message != "" {
		d = append(d, Block{Heading: "Message"}, Block{Code: wire.Clip(c.Event.Message, maxMessage)})
	}
	if crumbs := Crumbs(c.Event.Breadcrumbs); crumbs != "" {
		d = append(d, Block{Heading: "What came before"}, Block{Code: crumbs})
	}
	return d
}

// links are the ways out of a ticket.
func (c *Card) links() []Span {
	var out []Span
	for _, l := range []Span{{"Issue", c.Issue.URL}, {"Trace", c.TraceURL}, {"Logs", c.LogsURL}} {
		if l.URL != "" && len(l.URL) <= maxURL {
			if len(out) > 0 {
				out = append(out, Span{Text: " · "})
			}
			out = append(out, l)
		}
	}
	return out
}

// DefaultNote is the comment of an action.
func (c *Card) DefaultNote() Doc {
	var text string
	switch c.Action {
	case Resolve:
		text = "Resolved" + because(c.Reason)
	case Reopen:
		text = "Regressed" + because(c.Reason)
	case Escalate:
		text = "Escalating" + because(c.Reason)
	default:
		text = "Still happening"
	}
	if c.Issue.Count > 0 {
		text += ". Seen " + times(c.Issue.Count)
	}
	if c.Issue.Users > 0 {
		text += " by " + plural(c.Issue.Users, "user")
	}
	if !c.Issue.LastSeen.IsZero() {
		text += ", last at " + Time(c.Issue.LastSeen)
	}
	d := Doc{para(text + ".")}
	d.fact("Release", c.Release())
	d.fact("Environment", c.Event.Environment)
	d.fact("Trace", c.Event.TraceID)
	if links := c.links(); len(links) > 0 {
		d = append(d, Block{Para: links})
	}
	return d
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + strings.TrimRight(wire.Line(reason), ".")
}

func times(n uint64) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return Number(n) + " times"
}

func plural(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Number(n) + " " + what + "s"
}

// Number writes 1,234,567.
func Number(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Time writes a time as 2026-03-04 05:06:07 UTC; "" for none.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

// Stack writes an exception chain, outermost first, with the frames that matter.
func Stack(chain []stacktrace.Exception) string {
	var b strings.Builder
	for i, x := range chain {
		if i == maxChain {
			fmt.Fprintf(&b, "… %d more\n", len(chain)-i)
			break
		}
		if i > 0 {
			b.WriteString(relation(x.Relation) + ": ")
		}
		b.WriteString(x.Type)
		if x.Message != "" {
			if x.Type != "" {
				b.WriteString(": ")
			}
			b.WriteString(wire.Clip(x.Message, maxMessage))
		}
		b.WriteByte('\n')
		writeFrames(&b, x.Frames)
	}
	return strings.TrimRight(b.String(), "\n")
}

func relation(r stacktrace.Relation) string {
	switch r {
	case stacktrace.Context:
		return "while handling"
	case stacktrace.Suppressed:
		return "suppressed"
	case stacktrace.Member:
		return "one of"
	}
	return "caused by"
}

// writeFrames writes the first frames, crash site first. Where those are all of libraries, the first frame
// of the application follows.
func writeFrames(b *strings.Builder, frames []stacktrace.Frame) {
	shown, app := 0, false
	for _, f := range frames {
		if shown >= maxFrames && (app || !f.InApp) {
			continue
		}
		writeFrame(b, &f)
		app = app || f.InApp
		shown++
	}
	if left := len(frames) - shown; left > 0 {
		fmt.Fprintf(b, "    … %d more frames\n", left)
	}
}

func writeFrame(b *strings.Builder, f *stacktrace.Frame) {
	name := f.Function
	if f.Module != "" && !strings.HasPrefix(name, f.Module) {
		name = strings.TrimSuffix(f.Module+"."+name, ".")
	}
	if name == "" {
		name = "(anonymous)"
	}
	b.WriteString("    at " + wire.Clip(name, 200))
	if f.File != "" {
		b.WriteString(" (" + wire.Clip(f.File, 200))
		if f.Line > 0 {
			b.WriteString(":" + strconv.Itoa(f.Line))
		}
		b.WriteByte(')')
	}
	b.WriteByte('\n')
}

// Crumbs writes the tail of the breadcrumbs, a line each.
func Crumbs(crumbs []issue.Breadcrumb) string {
	var b strings.Builder
	for _, c := range crumbs[max(0, len(crumbs)-maxBreadcrumbs):] {
		if !c.Time.IsZero() {
			b.WriteString(c.Time.UTC().Format("15:04:05.000 "))
		}
		for _, s := range []string{c.Level, c.Service, c.Category} {
			if s != "" {
				b.WriteString(wire.Line(s) + " ")
			}
		}
		b.WriteString(wire.Clip(wire.Line(c.Message), maxCrumb) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
