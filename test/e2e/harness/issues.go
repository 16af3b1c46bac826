package harness

import (
	"testing"
)

// Issue is an issue as the collector's JSON API lists it.
type Issue struct {
	ID, Title, Culprit, Service, State, Level, URL string
	Count, Users                                   uint64
}

// ListIssues returns all issues of the page.
func (c *Collector) ListIssues(t testing.TB) []Issue {
	t.Helper()
	var out []Issue
	next := ""
	for {
		var answer struct {
			Issues []Issue
			Next   string
		}
		GetJSON(t, c.Issues+"/api/issues?limit=100&page="+next, &answer)
		out = append(out, answer.Issues...)
		if next = answer.Next; next == "" {
			return out
		}
	}
}

// GetIssue returns the whole of an issue.
func (c *Collector) GetIssue(t testing.TB, id string) map[string]any {
	t.Helper()
	var out map[string]any
	GetJSON(t, c.Issues+"/api/issues/"+id, &out)
	return out
}
