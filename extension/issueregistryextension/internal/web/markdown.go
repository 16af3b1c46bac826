package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// markdown answers with an issue in a form for chats, tickets and pull requests.
func (s *server) markdown(w http.ResponseWriter, i issue.Issue, e *issue.Event) {
	h := w.Header()
	secure(h)
	h.Set("Content-Type", "text/markdown; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(asMarkdown(i, e, s.source.Links())))
}

// asMarkdown tells an issue and one of its events. Text from errors stands in code spans and
// blocks, so that it can neither format nor link anything where it is pasted.
func asMarkdown(i issue.Issue, e *issue.Event, links issue.Links) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", codeSpan(i.Title))
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "- **%s:** %s\n", name, value)
		}
	}
	line("Issue", codeSpan(i.ID)+" ("+string(i.State)+")")
	if u := fill(links.Issue, map[string]string{"issue_id": i.ID, "service": i.Service}); u != "" {
		line("Page", "<"+u+">")
	}
	line("Where", codeSpan(i.Culprit))
	line("Service", codeSpan(i.Service))
	if i.Owner != "" {
		line("Owner", codeSpan(i.Owner))
	}
	line("Seen", fmt.Sprintf("%s, %s, first %s, last %s", plural(i.Count, "time"), plural(i.Users, "user"),
		i.FirstSeen.UTC().Format(time.RFC3339), i.LastSeen.UTC().Format(time.RFC3339)))
	if e == nil {
		return b.String()
	}
	line("Release", codeSpan(e.Release))
	line("Environment", codeSpan(e.Environment))
	line("Trace", codeSpan(e.TraceID))
	if u, _ := eventLinks(links, i.ID, e); u != "" {
		line("Trace page", "<"+u+">")
	}
	if stack := stackText(e); stack != "" {
		b.WriteString("\n" + fence(stack))
	} else if e.Message != "" {
		b.WriteString("\n" + fence(e.Message))
	}
	if len(e.Breadcrumbs) > 0 {
		var c strings.Builder
		for _, crumb := range e.Breadcrumbs {
			fmt.Fprintf(&c, "%9s  %-14s %-7s %s\n", strings.ReplaceAll(offset(crumb.Time.Sub(e.Time)), "\u00a0", " "),
				oneLine(crumb.Service), oneLine(crumb.Level), oneLine(crumb.Message))
		}
		b.WriteString("\nBefore it, in the same trace:\n\n" + fence(strings.TrimRight(c.String(), "\n")))
	}
	return b.String()
}

// stackText is the stack as the language printed it, or else as it was parsed.
func stackText(e *issue.Event) string {
	if e.Stack != "" {
		return strings.TrimRight(e.Stack, "\n")
	}
	var b strings.Builder
	for n, x := range e.Exceptions {
		if n > 0 {
			b.WriteString(relations[x.Relation] + ": ")
		}
		b.WriteString(headline(x) + "\n")
		for _, f := range x.Frames {
			mark := "    "
			if f.InApp {
				mark = "  > "
			}
			b.WriteString(mark + frameName(f))
			if at := location(f); at != "" {
				b.WriteString("  " + at)
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func headline(x stacktrace.Exception) string {
	if x.Message == "" {
		return x.Type
	}
	return x.Type + ": " + x.Message
}

// codeSpan quotes one line of text with as many backquotes as it needs
// (https://spec.commonmark.org/0.31.2/#code-spans).
func codeSpan(s string) string {
	s = oneLine(s)
	if s == "" {
		return ""
	}
	ticks := strings.Repeat("`", longestRun(s)+1)
	if len(ticks) > 1 || s[0] == '`' || s[len(s)-1] == '`' {
		return ticks + " " + s + " " + ticks
	}
	return ticks + s + ticks
}

// fence quotes a block with a fence longer than any in the text.
func fence(s string) string {
	ticks := strings.Repeat("`", max(3, longestRun(s)+1))
	return ticks + "\n" + s + "\n" + ticks + "\n"
}

func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
