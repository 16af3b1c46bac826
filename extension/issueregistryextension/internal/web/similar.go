package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/otel-culprit/culprit/internal/issue"
)

const (
	similarLimit      = 5   // how many are offered
	similarCandidates = 200 // how many are compared, the latest seen first
)

// similarView is another issue that may be the same bug, and why it may. Nothing is merged without a person: a wrong
// merge hides a bug, a missing one only shows it twice.
type similarView struct {
	issue.Issue
	Why   string
	Hue   int
	score int
}

// similar are other issues that a person might merge: one bug often has several ways to show. A store that fails
// leaves the page without them.
func (s *server) similar(r *http.Request, i *issue.Issue, colours *palette) []similarView {
	text := titleParts(i.Title)[0]
	if text == "" {
		text = i.Title
	}
	page, err := s.source.List(r.Context(), issue.Query{Text: text, Limit: similarCandidates})
	if err != nil {
		return nil
	}
	var out []similarView
	for n := range page.Issues {
		other := &page.Issues[n]
		if score, why := likeness(i, other); score > 0 && other.ID != i.ID {
			out = append(out, similarView{*other, why, colours.Hue(other.Service), score})
		}
	}
	slices.SortStableFunc(out, func(a, b similarView) int { return cmp.Compare(b.score, a.score) })
	return out[:min(len(out), similarLimit)]
}

// likeness says how much speaks for two issues being one bug, and what; 0 = nothing.
func likeness(a, b *issue.Issue) (score int, why string) {
	as, bs := titleParts(a.Title), titleParts(b.Title)
	switch {
	case as[0] != bs[0]:
		return 0, ""
	case a.Title == b.Title && a.Service == b.Service:
		score, why = 5, "same message, thrown elsewhere"
	case a.Title == b.Title:
		score, why = 4, "same message in another service"
	case as[0] == "":
		return 0, ""
	case a.Culprit != "" && a.Culprit == b.Culprit:
		score, why = 4, "same function"
	case sharesFrame(a, b):
		score, why = 3, "passes the same function"
	case a.Service == b.Service:
		score, why = 1, "same type"
	}
	return score, why
}

// sharesFrame tells whether a function at fault of one issue is one of the other's.
func sharesFrame(a, b *issue.Issue) bool {
	for _, p := range a.Fingerprint {
		if p.Name == "frame" && slices.Contains(b.Fingerprint, p) {
			return true
		}
	}
	return false
}
