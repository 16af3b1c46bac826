package issue

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rules are the times after which states change by themselves; docs/issues.md explains them.
type Rules struct {
	OngoingAfter  time.Duration // new and regressed issues are ongoing after this time; default 24h
	CalmAfter     time.Duration // an escalating issue is ongoing after this time below its limit; default 6h
	ResolveAfter  time.Duration // an issue that was not seen for this time is resolved; default 336h, negative = never
	AliveInterval time.Duration // how often they are applied; default 10s
}

func (r *Rules) defaults() {
	r.OngoingAfter = cmp.Or(r.OngoingAfter, 24*time.Hour)
	r.CalmAfter = cmp.Or(r.CalmAfter, 6*time.Hour)
	r.ResolveAfter = cmp.Or(r.ResolveAfter, 14*24*time.Hour)
	r.AliveInterval = cmp.Or(r.AliveInterval, 10*time.Second)
}

// to changes the state, writes the history and returns the notice of the change.
func (r *Record) to(s State, now time.Time, reason string) []Notice {
	from := r.State
	if from == s {
		return nil
	}
	r.State, r.StateAt = s, now
	if s != Resolved {
		r.Resolution = nil
	}
	if s != Muted {
		r.Mute = nil
	}
	if s != Escalating {
		r.Limit = 0
	}
	r.History = append(r.History, Change{Time: now, From: from, To: s, Reason: reason})
	if len(r.History) > maxHistory {
		r.History = slices.Delete(r.History, 1, len(r.History)-maxHistory+1) // the first entry tells where it came from
	}
	return []Notice{{Name: EventStateChanged, Time: now, Previous: from, Reason: reason}}
}

// reopens tells whether an occurrence ends a resolution, and why.
func (res *Resolution) reopens(at time.Time, release string) (string, bool) {
	if res == nil || !at.After(res.Time) {
		return "", false // it happened before; it only came late
	}
	if !res.NextRelease {
		if release != "" && len(res.Releases) > 0 && !slices.Contains(res.Releases, release) {
			return fmt.Sprintf("seen in %s after it was resolved", release), true
		}
		return "seen again after it was resolved", true
	}
	if release == "" || slices.Contains(res.Releases, release) {
		return "", false
	}
	newest := ""
	for _, known := range res.Releases {
		if newest == "" || compareVersions(known, newest) > 0 {
			newest = known
		}
	}
	switch {
	case newest == "":
		return fmt.Sprintf("seen in %s after it was resolved", release), true
	case compareVersions(release, newest) <= 0:
		return "", false // an old release that was not known yet
	}
	return fmt.Sprintf("seen in %s after it was resolved in %s", release, newest), true
}

// ends tells whether a mute is over at the time now with count occurrences, and why.
func (m *Mute) ends(now time.Time, count uint64) (string, bool) {
	switch {
	case m == nil:
		return "", false
	case !m.Until.IsZero() && !now.Before(m.Until):
		return "the time of its mute is over", true
	case m.UntilCount > 0 && count >= m.UntilCount:
		return "seen as often as its mute allowed", true
	}
	return "", false
}

// tick applies the rules that depend on time alone and on the counts so far.
func (r *Record) tick(now time.Time, rules *Rules) []Notice {
	var out []Notice
	if r.State == Muted {
		if reason, over := r.Mute.ends(now, r.Count); over {
			out = append(out, r.to(Ongoing, now, reason)...)
		}
	}
	canEscalate := r.State == New || r.State == Ongoing || r.State == Regressed ||
		(r.State == Muted && r.Mute != nil && r.Mute.Escalating)
	if canEscalate && len(r.Slots) > 0 {
		if yes, limit := r.escalates(now); yes {
			out = append(out, r.to(Escalating, now, "more than the forecast of "+strconv.FormatUint(limit, 10)+" an hour")...)
			r.Limit = limit
		}
	}
	switch {
	case r.State == Escalating:
		if r.recent(now.Unix()/slotSeconds, slotsPerHour) > r.Limit {
			r.StateAt = now
		} else if now.Sub(r.StateAt) >= rules.CalmAfter {
			out = append(out, r.to(Ongoing, now, "below its forecast again")...)
		}
	case (r.State == New || r.State == Regressed) && now.Sub(r.StateAt) >= rules.OngoingAfter:
		reason := "no longer new"
		if r.State == Regressed {
			reason = "regressed some time ago"
		}
		out = append(out, r.to(Ongoing, now, reason)...)
	}
	if rules.ResolveAfter > 0 && r.State != Resolved && r.State != Muted && now.Sub(r.Touched) >= rules.ResolveAfter {
		change := r.to(Resolved, now, "not seen for "+humanDuration(rules.ResolveAfter))
		r.Resolution = &Resolution{Time: r.Touched, Releases: r.versions()}
		out = append(out, change...)
	}
	return out
}

// due returns when tick may have something to do next; zero = never.
func (r *Record) due(rules *Rules) time.Time {
	var at time.Time
	sooner := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	switch r.State {
	case New, Regressed:
		sooner(r.StateAt.Add(rules.OngoingAfter))
	case Escalating:
		sooner(r.StateAt.Add(rules.CalmAfter))
	case Muted:
		if r.Mute != nil && !r.Mute.Until.IsZero() {
			sooner(r.Mute.Until)
		}
	}
	if rules.ResolveAfter > 0 && r.State != Resolved && r.State != Muted {
		sooner(r.Touched.Add(rules.ResolveAfter))
	}
	return at
}

func (r *Record) versions() []string {
	out := make([]string, 0, len(r.Releases))
	for _, rel := range r.Releases {
		out = append(out, rel.Version)
	}
	return out
}

// compareVersions orders versions by their numbers, and versions with a suffix (1.2.0-rc1) before those
// without, as https://semver.org section 11 does. What is no version of numbers has no order: it
// counts as newer.
func compareVersions(a, b string) int {
	if a == b {
		return 0
	}
	an, as, aok := splitVersion(a)
	bn, bs, bok := splitVersion(b)
	if !aok || !bok {
		return 1
	}
	for i := range max(len(an), len(bn)) {
		var x, y uint64
		if i < len(an) {
			x = an[i]
		}
		if i < len(bn) {
			y = bn[i]
		}
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	switch {
	case as == bs:
		return 0
	case as == "":
		return 1
	case bs == "":
		return -1
	}
	return cmp.Compare(as, bs)
}

// splitVersion reads v1.2.3-rc1+build: numbers, suffix without the build.
func splitVersion(v string) (numbers []uint64, suffix string, ok bool) {
	v = strings.TrimPrefix(v, "v")
	v, _, _ = strings.Cut(v, "+")
	v, suffix, _ = strings.Cut(v, "-")
	for p := range strings.SplitSeq(v, ".") {
		n, err := strconv.ParseUint(p, 10, 64)
		if err != nil {
			return nil, "", false
		}
		numbers = append(numbers, n)
	}
	return numbers, suffix, true
}

func humanDuration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + " days"
	case d >= time.Hour && d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	}
	return d.String()
}
