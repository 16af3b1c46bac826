package storetest

import (
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// Whole returns a record in which every field is set.
func Whole(id string) *issue.Record {
	hours := make([]uint32, 336)
	hours[0], hours[100], hours[335] = 1, 1<<31, 7
	return &issue.Record{
		Issue: issue.Issue{
			ID: id, Title: "ValueError: <str>", Culprit: "charge in billing/pay.py", Owner: "team-pay", Service: "billing", Level: "fatal",
			State: issue.Muted, Basis: grouping.ByStack, Fingerprint: []grouping.Part{{Name: "type", Value: "ValueError"}},
			FirstSeen: start, LastSeen: start.Add(time.Hour + time.Nanosecond), Count: 1 << 40, Users: 77, Hours: hours, LastHour: 490000,
			Services: map[string]uint64{"billing": 5, "shop": 2}, Environments: map[string]uint64{"production": 5},
			Releases: []issue.Release{{Version: "1.0", Count: 3, FirstSeen: start, LastSeen: start.Add(time.Minute)}},
			Tags:     map[string]issue.Counts{"http.route": {"/pay": 4, "": 1}}, Aliases: []string{"bbbbbbbbbbbbbbbb"},
			History: []issue.Change{{Time: start, To: issue.New, Reason: "first occurrence"}},
			Tickets: map[string]issue.Ticket{
				"issue_tracker/jira": {ExternalID: "OPS-1", URL: "http://localhost/OPS-1", Status: "open", OpenedAt: start, LastSent: start, Milestone: 10, Extra: "x"},
			},
			Resolution: &issue.Resolution{Time: start, NextRelease: true, Releases: []string{"1.0"}},
			Mute:       &issue.Mute{Since: start, Until: start.Add(time.Hour), UntilCount: 100, Escalating: true},
		},
		Created: start, Touched: start.Add(time.Minute), StateAt: start.Add(time.Second), Sketch: []byte{2, 12, 0, 1, 0},
		Applied: map[string]uint64{"p": 3}, Slots: []issue.Slot{{At: 5, N: 6}}, Limit: 40,
		Samples: []issue.Sample{{Slot: 9, Time: start, Key: "k", Release: "1.0", Service: "billing"}}, Milestone: 1000, Overflow: true,
	}
}
