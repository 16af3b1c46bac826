package webtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// spec describes a made-up issue; the rest of it is derived.
type spec struct {
	title, culprit, service, owner string
	level                          string
	state                          issue.State
	count, users                   uint64
	age, last                      time.Duration
	shape                          string // of its history: steady, burst, rising, back, rare
	language                       stacktrace.Language
	chain                          []stacktrace.Exception
	crumbs                         bool
	transaction                    string
}

// ID returns the ID of a made-up issue from its title.
func ID(title string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(title))
	return fmt.Sprintf("%016x", h.Sum64())
}

// Fill puts the shop's issues and services into a registry; filler adds so many more issues of the
// dull kind.
func (s *Source) Fill(filler int) {
	r := rand.New(rand.NewPCG(7, 42))
	for _, sp := range shop {
		s.Put(sp.issue(s.Now(), r))
	}
	names := []string{"checkout", "billing", "inventory", "search", "auth", "shipping", "notifications", "recommendations", "web-frontend", "api-gateway"}
	kinds := []string{"TimeoutError", "java.sql.SQLTransientConnectionException", "TypeError", "KeyError", "*url.Error", "System.NullReferenceException", "ActiveRecord::RecordNotFound"}
	for n := range filler {
		sp := spec{
			title:   fmt.Sprintf("%s: request %d of partner feed could not be handled", kinds[n%len(kinds)], n),
			culprit: fmt.Sprintf("handle in feeds/partner_%d.py", n), service: names[n%len(names)], level: "error", state: issue.Ongoing,
			count: uint64(r.IntN(900) + 1), users: uint64(r.IntN(40)), age: 300 * time.Hour, last: time.Duration(n+200) * time.Minute, shape: "steady",
		}
		if n%5 == 4 {
			sp.state = issue.Resolved
		}
		s.Put(sp.issue(s.Now(), r))
	}
	s.SetServices(shopServices(s.Now()))
}

func (sp spec) issue(now time.Time, r *rand.Rand) issue.Issue {
	i := issue.Issue{
		ID: ID(sp.title), Title: sp.title, Culprit: sp.culprit, Owner: sp.owner, Service: sp.service, Level: sp.level,
		State: sp.state, Basis: grouping.ByStack, FirstSeen: now.Add(-sp.age), LastSeen: now.Add(-sp.last), Count: sp.count, Users: sp.users,
		Hours: history(sp, now, r), LastHour: now.Unix() / 3600,
		Services:     map[string]uint64{sp.service: sp.count},
		Environments: map[string]uint64{"production": sp.count * 9 / 10, "staging": sp.count - sp.count*9/10},
		Tags: map[string]issue.Counts{
			"http.route":   {"/api/" + sp.service: sp.count * 3 / 4, "/api/v1/" + sp.service: sp.count / 4},
			"k8s.pod.name": {sp.service + "-7d9f8-x2k4p": sp.count / 2, sp.service + "-7d9f8-q8s7d": sp.count / 3, "": sp.count / 6},
			"cloud.region": {"eu-central-1": sp.count * 5 / 8, "us-east-1": sp.count * 3 / 8},
		},
		Releases: []issue.Release{
			{Version: "2.13.4", Count: sp.count * 6 / 10, FirstSeen: now.Add(-sp.age), LastSeen: now.Add(-min(sp.age, 60*time.Hour))},
			{Version: "2.14.0", Count: sp.count * 4 / 10, FirstSeen: now.Add(-min(sp.age, 59*time.Hour)), LastSeen: now.Add(-sp.last)},
		},
		History: []issue.Change{{Time: now.Add(-sp.age), To: issue.New, Reason: "first occurrence"}},
	}
	move := func(at time.Duration, to issue.State, reason string) {
		i.History = append(i.History, issue.Change{Time: now.Add(-at), From: i.History[len(i.History)-1].To, To: to, Reason: reason})
	}
	switch sp.state {
	case issue.Ongoing:
		move(sp.age/2, issue.Ongoing, "seen for more than a day")
	case issue.Resolved:
		move(sp.age/3, issue.Resolved, "resolved by hand")
		i.Resolution = &issue.Resolution{Time: now.Add(-sp.age / 3)}
	case issue.Regressed:
		move(sp.age/2, issue.Resolved, "resolved by hand")
		move(sp.last+time.Hour, issue.Regressed, "seen in 2.14.0 after it was resolved in 2.13.4")
	case issue.Escalating:
		move(sp.age/2, issue.Ongoing, "seen for more than a day")
		move(40*time.Minute, issue.Escalating, "412 occurrences in this hour, 35 were expected at most")
	case issue.Muted:
		move(sp.age/3, issue.Muted, "muted by hand")
		i.Mute = &issue.Mute{Since: now.Add(-sp.age / 3), Escalating: true, Until: now.Add(70 * time.Hour)}
	}
	i.Fingerprint = []grouping.Part{{Name: "service", Value: sp.service}}
	for _, x := range sp.chain {
		i.Fingerprint = append(i.Fingerprint, grouping.Part{Name: "type", Value: x.Type})
		for _, f := range x.Frames {
			if f.InApp {
				i.Fingerprint = append(i.Fingerprint, grouping.Part{Name: "frame", Value: f.Function + " in " + f.Module})
			}
		}
	}
	if sp.crumbs {
		i.Services["api-gateway"], i.Services["web-frontend"] = sp.count*2/5, sp.count/5
		i.Tickets = map[string]issue.Ticket{
			"issue_tracker/jira": {ExternalID: "SHOP-2381", URL: "https://jira.example.com/browse/SHOP-2381", Status: "open", OpenedAt: now.Add(-sp.age / 2)},
		}
	}
	samples := 1 + min(int(sp.count/20), 6)
	for n := range samples {
		back := sp.last + (sp.age-sp.last)*time.Duration(samples-1-n)/time.Duration(max(samples-1, 1))
		i.Events = append(i.Events, sp.event(i.ID, n, now.Add(-back)))
	}
	return i
}

// history draws hourly counts that add up to about the count.
func history(sp spec, now time.Time, r *rand.Rand) []uint32 {
	hours := make([]float64, 336)
	from := max(0, 336-int(sp.age/time.Hour)-1)
	to := 336 - int(sp.last/time.Hour)
	var sum float64
	for h := from; h < to; h++ {
		day := 0.6 + 0.4*float64((h+int(now.Unix()/3600)%24)%24)/24
		x := float64(h-from+1) / float64(max(to-from, 1))
		switch sp.shape {
		case "burst":
			day *= map[bool]float64{true: 4.5, false: 0.6}[h > to-9]
		case "rising":
			day *= x * x * x
		case "back":
			day *= map[bool]float64{true: 0, false: 1}[x > 0.35 && x < 0.93]
		case "rare":
			day *= map[bool]float64{true: 1, false: 0}[r.IntN(14) == 0 || h == to-1]
		}
		hours[h] = day * (0.35 + r.Float64())
		sum += hours[h]
	}
	out := make([]uint32, 336)
	for h := range hours {
		if sum > 0 {
			out[h] = uint32(hours[h]/sum*float64(min(sp.count, 60000)) + 0.5)
		}
	}
	return out
}

func (sp spec) event(id string, n int, at time.Time) *issue.Event {
	unhandled := false
	e := &issue.Event{
		ID: fmt.Sprintf("%s%016x", id, n+1), Time: at, TraceID: fmt.Sprintf("%016x%s", at.UnixNano(), id), SpanID: fmt.Sprintf("%016x", at.UnixNano()),
		Service: sp.service, Environment: "production", Release: "2.14.0", Level: sp.level, Language: sp.language,
		Handled: &unhandled, Exceptions: sp.chain, Transaction: sp.transaction,
		Request: map[string]string{
			"method": "POST", "url": "https://shop.example.com" + sp.transaction, "status_code": "500", "query_string": "retry=1",
			"header.user-agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Safari/605.1.15", "header.authorization": "[REDACTED]",
			"header.x-request-id": "req-7f3c19ab", "client_address": "[IP]",
		},
		User:     map[string]string{"hash": "k1:9f2c41d0b7e35a68", "email": "[EMAIL:k1:9f2c41d0]"},
		Tags:     map[string]string{"http.route": sp.transaction, "cloud.region": "eu-central-1", "feature.one_click": "true"},
		Resource: map[string]string{"service.name": sp.service, "service.version": "2.14.0", "service.instance.id": sp.service + "-7d9f8-x2k4p", "telemetry.sdk.language": string(sp.language), "host.name": "ip-10-0-4-17"},
		Extra:    map[string]string{"code.function.name": sp.culprit, "thread.name": "worker-3", "messaging.kafka.offset": "881203"},
	}
	if len(sp.chain) == 0 {
		e.Message, e.Logger = sp.title, sp.service+".worker"
		e.Handled = nil
	}
	if n == 0 {
		e.Release = "2.13.4"
	}
	if sp.crumbs {
		e.Breadcrumbs = checkoutCrumbs(at)
	}
	return e
}
