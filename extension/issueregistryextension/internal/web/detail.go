package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// detailView is one issue with one of its sample events.
type detailView struct {
	layout
	Issue        issue.Issue
	Parts        [2]string
	Hue          int
	Chart        chart
	Day, Weeks   string
	State        stateView
	Steps        steps
	Latest       string // address of the issue with its latest event
	Event        *eventView
	Releases     []releaseView
	Environments []share
	Services     []serviceShare
	Tags         []tagView
	Basis        string
	History      []issue.Change // newest first
	Tickets      []ticketView
	Similar      []similarView
	Markdown     string // address of the issue as Markdown
}

// stateView explains an issue's state.
type stateView struct {
	Text     string // "Muted until 3 Nov, 12:00 UTC or 100 further events"
	Open     bool   // resolve and mute are offered
	Muted    bool
	Resolved bool
}

// steps are the ways from one sample event to the others; "" = there is none.
type steps struct {
	At, Of                        int // 1-based
	First, Previous, Next, Latest string
}

// eventView is one sample event.
type eventView struct {
	*issue.Event
	Chain     []exceptionView
	Timeline  timeline
	Request   []pair
	Headers   []pair
	User      []pair
	Tags      []pair
	Resource  []pair
	Extra     []pair
	TraceLink string
	LogsLink  string
	Hue       int
}

type serviceShare struct {
	share
	Hue    int
	Origin bool
}

type releaseView struct {
	issue.Release
	Width   float64
	Percent string
}

type ticketView struct {
	issue.Ticket
	Tracker string
	Href    string
}

func (s *server) detail(w http.ResponseWriter, r *http.Request) {
	id, markdown := strings.CutSuffix(r.PathValue("id"), ".md")
	i, err := s.source.Get(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if i.ID != id { // merged into another issue: one address for one issue
		to := "/issues/" + url.PathEscape(i.ID)
		if markdown {
			to += ".md"
		}
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	at := pick(i.Events, r.URL.Query().Get("event"))
	if markdown {
		var e *issue.Event
		if at >= 0 {
			e = i.Events[at]
		}
		s.markdown(w, i, e)
		return
	}
	v := s.newDetail(r, i, at)
	s.render(w, http.StatusOK, "detail", v)
}

// pick finds an event by its ID; without one, or when it is gone, the latest. -1 = there is none.
func pick(events []*issue.Event, id string) int {
	if id != "" {
		for n, e := range events {
			if e.ID == id {
				return n
			}
		}
	}
	return len(events) - 1
}

func (s *server) newDetail(r *http.Request, i issue.Issue, at int) detailView {
	v := detailView{layout: s.layout(r, "detail", i.Title), Issue: i, Parts: titleParts(i.Title)}
	period := readPeriod(r.URL.Query())
	v.Chart = newChart(i.Hours, i.LastHour, v.Now, cmp.Or(period, periodFor(v.Now, i)))
	v.State = newState(i)
	colours := newPalette(s.serviceNames(r, ""), true)
	v.Hue = colours.Hue(i.Service)

	eventID := ""
	if at >= 0 {
		eventID = i.Events[at].ID
		v.Event = newEvent(i.Events[at], i.ID, v.Links, colours)
		v.Steps = newSteps(i.ID, i.Events, at, period)
	}
	chosen := ""
	if at >= 0 && at < len(i.Events)-1 {
		chosen = eventID
	}
	v.Day, v.Weeks = detailHref(i.ID, chosen, periodDay), detailHref(i.ID, chosen, periodTwoWeeks)
	v.Latest = detailHref(i.ID, "", period)
	v.Markdown = "/issues/" + i.ID + ".md"
	if eventID != "" {
		v.Markdown += "?event=" + url.QueryEscape(eventID)
	}

	v.Environments = shares(i.Environments, 6)
	for _, sh := range shares(i.Services, 10) {
		v.Services = append(v.Services, serviceShare{sh, colours.Hue(sh.Name), sh.Name == i.Service})
	}
	v.Releases = releaseViews(i.Releases)
	v.Tags = tagViews(i.Tags)
	v.Basis = basisText(i.Basis)
	v.History = slices.Clone(i.History)
	slices.Reverse(v.History)
	for _, tracker := range sortedKeys(i.Tickets) {
		if i.Tickets[tracker].ExternalID == "" {
			continue // held back, or not opened yet
		}
		t := i.Tickets[tracker]
		v.Tickets = append(v.Tickets, ticketView{Ticket: t, Tracker: tracker, Href: safeLink(t.URL)})
	}
	v.Similar = s.similar(r, &i, colours)
	return v
}

func detailHref(id, event, period string) string {
	q := url.Values{}
	if event != "" {
		q.Set("event", event)
	}
	if period != "" {
		q.Set("period", period)
	}
	if len(q) == 0 {
		return "/issues/" + url.PathEscape(id)
	}
	return "/issues/" + url.PathEscape(id) + "?" + q.Encode()
}

func newSteps(id string, events []*issue.Event, at int, period string) steps {
	st := steps{At: at + 1, Of: len(events)}
	if at > 0 {
		st.First = detailHref(id, events[0].ID, period)
		st.Previous = detailHref(id, events[at-1].ID, period)
	}
	if at < len(events)-1 {
		st.Next = detailHref(id, events[at+1].ID, period)
		st.Latest = detailHref(id, "", period)
	}
	return st
}

func newEvent(e *issue.Event, issueID string, links issue.Links, colours *palette) *eventView {
	v := &eventView{Event: e, Chain: chain(e.Exceptions), Hue: colours.Hue(e.Service)}
	v.Timeline = newTimeline(e, colours)
	for _, p := range pairs(e.Request) {
		if name, ok := strings.CutPrefix(p.Key, "header."); ok {
			v.Headers = append(v.Headers, pair{name, p.Value})
		} else if p.Key != "method" && p.Key != "url" && p.Key != "status_code" {
			v.Request = append(v.Request, pair{strings.ReplaceAll(p.Key, "_", " "), p.Value})
		}
	}
	v.User, v.Tags, v.Resource, v.Extra = pairs(e.User), pairs(e.Tags), pairs(e.Resource), pairs(e.Extra)
	v.TraceLink, v.LogsLink = eventLinks(links, issueID, e)
	return v
}

func newState(i issue.Issue) stateView {
	v := stateView{Open: true}
	switch i.State {
	case issue.Resolved:
		v.Open, v.Resolved = false, true
		v.Text = "Comes back as regressed with its next event."
		if i.Resolution != nil && i.Resolution.NextRelease {
			v.Text = "Resolved in the next release."
			if known := i.Resolution.Releases; len(known) > 0 {
				v.Text = "Resolved in the next release: events of " + strings.Join(known, ", ") + " do not reopen it."
			}
		}
	case issue.Muted:
		v.Open, v.Muted = false, true
		v.Text = muteText(i)
	case issue.Escalating:
		v.Text = "Far more events than its own history lets expect."
	case issue.Regressed:
		v.Text = "Came back after it was resolved."
	}
	if (i.State == issue.Escalating || i.State == issue.Regressed) && len(i.History) > 0 {
		if c := i.History[len(i.History)-1]; c.To == i.State && c.Reason != "" {
			v.Text = strings.ToUpper(c.Reason[:1]) + c.Reason[1:] + "."
		}
	}
	return v
}

func muteText(i issue.Issue) string {
	m := i.Mute
	if m == nil {
		return "Muted."
	}
	var until []string
	if !m.Until.IsZero() {
		until = append(until, m.Until.UTC().Format("2 Jan 2006, 15:04 UTC"))
	}
	if m.UntilCount > 0 {
		until = append(until, plural(m.UntilCount-min(m.UntilCount, i.Count), "further event"))
	}
	if m.Escalating {
		until = append(until, "it escalates")
	}
	if len(until) == 0 {
		return "Muted for ever."
	}
	return "Muted until " + strings.Join(until, " or ") + "."
}

// basisText says in words what an issue's fingerprint was made of.
func basisText(b grouping.Basis) string {
	switch b {
	case grouping.ByRule:
		return "Grouped by a rule of your configuration."
	case grouping.ByStack:
		return "Grouped by the exception types and your own frames. Line numbers do not count, so a moved line stays the same issue."
	case grouping.ByMessage:
		return "Grouped by the message with its changing parts taken out."
	case grouping.ByOperation:
		return "Grouped by the operation that failed: there was neither an exception nor a message."
	}
	return ""
}

func releaseViews(releases []issue.Release) []releaseView {
	out := make([]releaseView, 0, len(releases))
	var total uint64
	for _, r := range releases {
		total += r.Count
		out = append(out, releaseView{Release: r})
	}
	for i := range out {
		out[i].Percent = percent(out[i].Count, total)
		if total > 0 {
			out[i].Width = float64(out[i].Count) / float64(total) * 100
		}
	}
	slices.SortStableFunc(out, func(a, b releaseView) int { return b.LastSeen.Compare(a.LastSeen) })
	return out
}
