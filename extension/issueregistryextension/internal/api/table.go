package api

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/otel-culprit/culprit/internal/issue"
)

// writeTable writes a page of issues for a terminal.
func writeTable(w io.Writer, page issue.Page, now time.Time) {
	if len(page.Issues) == 0 {
		_, _ = fmt.Fprintln(w, "No issues.")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ID\tSTATE\tLEVEL\tCOUNT\tUSERS\tLAST SEEN\tSERVICE\tTITLE\tCULPRIT")
	for _, i := range page.Issues {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\n", i.ID, i.State, i.Level, i.Count, i.Users, ago(now.Sub(i.LastSeen)),
			line(i.Service, 24), line(i.Title, 72), line(i.Culprit, 48))
	}
	_ = t.Flush()
	_, _ = fmt.Fprintf(w, "\n%d of %d issues.", len(page.Issues), page.Total)
	if page.Next != "" {
		_, _ = fmt.Fprintf(w, " Next page: &page=%s", page.Next)
	}
	_, _ = fmt.Fprintln(w)
}

// line makes one line of at most n characters out of a text, without what a terminal would obey.
func line(s string, n int) string {
	var b strings.Builder
	count := 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			r = ' '
		}
		if !unicode.IsPrint(r) {
			continue
		}
		if count == n-1 && len(s) > n {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
		count++
	}
	return b.String()
}

func ago(d time.Duration) string {
	switch {
	case d < 2*time.Second:
		return "now"
	case d < 2*time.Minute:
		return fmt.Sprintf("%ds ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh ago", int(d.Hours()))
	}
	return fmt.Sprintf("%dd ago", int(d.Hours()/24))
}
