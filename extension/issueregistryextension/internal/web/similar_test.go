package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

func TestLikeness(t *testing.T) {
	base := issue.Issue{Title: "DBError: connection lost", Culprit: "load in db.py", Service: "shop", Fingerprint: []grouping.Part{{Name: "frame", Value: "db.load"}}}
	with := func(edit func(*issue.Issue)) *issue.Issue {
		i := base
		edit(&i)
		return &i
	}
	for _, c := range []struct {
		why   string
		other *issue.Issue
	}{
		{"same message, thrown elsewhere", with(func(i *issue.Issue) { i.Culprit = "save in db.py" })},
		{"same message in another service", with(func(i *issue.Issue) { i.Service = "billing" })},
		{"same function", with(func(i *issue.Issue) { i.Title, i.Service = "DBError: timeout", "billing" })},
		{"passes the same function", with(func(i *issue.Issue) { i.Title, i.Culprit = "DBError: timeout", "x in y.py" })},
		{"same type", with(func(i *issue.Issue) { i.Title, i.Culprit, i.Fingerprint = "DBError: timeout", "", nil })},
		{"", with(func(i *issue.Issue) {
			i.Title, i.Culprit, i.Fingerprint, i.Service = "DBError: timeout", "", nil, "billing"
		})},
		{"", with(func(i *issue.Issue) { i.Title = "KeyError: connection lost" })},
	} {
		score, why := likeness(&base, c.other)
		require.Equal(t, c.why, why)
		require.Equal(t, why == "", score == 0)
	}
	plain := issue.Issue{Title: "could not send mail"}
	score, _ := likeness(&plain, &issue.Issue{Title: "could not send it", Service: plain.Service})
	require.Zero(t, score)
}
