package issue

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// apply adds what a process counted to a record, once, changes the state where the rules say so, and
// returns the notices. A delta that was applied before (by its sequence number) changes nothing.
func (r *Record) apply(d *delta, process string, now time.Time, rules *Rules, milestones []uint64) []Notice {
	if r.Applied[process] >= d.seq {
		return nil
	}
	if d.n < 0 && uint64(-d.n) > r.Count && !d.force {
		return nil // what it takes back was not written by its process yet
	}
	var out []Notice
	if r.Empty() {
		if d.meta == nil || d.n <= 0 {
			return nil // evicted in the meantime, and nothing came that says what it was; or all of it moved elsewhere
		}
		r.create(d)
	}
	r.mark(process, d.seq)
	before := r.Count
	r.Count = addSigned(r.Count, d.n)
	switch {
	case before == 0 && r.Count > 0:
		out = append(out, Notice{Name: EventOccurrence, Time: now, Reason: r.History[0].Reason})
	case before > 0 && r.Count == 0:
		r.vacate()
		return nil
	}
	if d.fed.After(r.Touched) {
		r.Touched = d.fed
	}
	if !d.first.IsZero() && (r.FirstSeen.IsZero() || d.first.Before(r.FirstSeen)) {
		r.FirstSeen = d.first
	}
	if d.last.After(r.LastSeen) {
		r.LastSeen = d.last
	}
	for _, h := range d.hours {
		r.addHour(h.hour, h.n)
	}
	r.addSlots(d.slots, now)
	r.Services = addCounts(r.Services, d.services, maxServices)
	r.Environments = addCounts(r.Environments, d.envs, maxEnvironments)
	r.addReleases(d.releases)
	r.addTags(d.tags.list)
	r.addUsers(&d.users)
	r.addSamples(d.samples)
	if d.meta != nil && r.Owner == "" {
		r.Owner = d.meta.Owner
	}

	if r.State == Resolved && d.n > 0 {
		reason, yes := r.Resolution.reopens(d.reopenAt, d.reopenRelease)
		if !yes {
			reason, yes = r.Resolution.reopens(d.last, d.lastRelease)
		}
		if yes {
			out = append(out, r.to(Regressed, now, reason)...)
		}
	}
	for _, m := range milestones {
		if m > before && m > r.Milestone && m <= r.Count {
			r.Milestone = m
			out = append(out, Notice{Name: EventMilestone, Time: now, Milestone: m})
		}
	}
	return append(out, r.tick(now, rules)...)
}

// vacate forgets what occurrences brought that another issue counts now. The issue is told of as a new one when there
// is one of its own.
func (r *Record) vacate() {
	r.FirstSeen, r.LastSeen, r.Hours, r.Slots, r.Milestone = time.Time{}, time.Time{}, nil, nil, 0
	for _, s := range r.Samples {
		r.PutEvent(s.Slot, nil)
	}
	r.Samples = nil
}

func (r *Record) create(d *delta) {
	m, now := d.meta, d.began
	r.Title = clip.Bytes(cmp.Or(m.Title, "Error without a message"), maxTextBytes)
	r.Culprit, r.Owner = clip.Bytes(m.Culprit, maxTextBytes), clip.Bytes(m.Owner, maxNameBytes)
	r.Service, r.Level = clip.Bytes(m.Service, maxNameBytes), cmp.Or(m.Level, "error")
	r.Basis, r.Fingerprint = m.Basis, m.Fingerprint
	r.Created, r.Touched, r.StateAt, r.State = now, now, now, New
	r.Overflow = d.overflow
	r.History = []Change{{Time: now, To: New, Reason: "first occurrence"}}
}

// mark remembers the last increment of a process. Processes that are gone are forgotten when there are too
// many: the ones with the lowest number first, those of long-lived processes are high.
func (r *Record) mark(process string, seq uint64) {
	if r.Applied == nil {
		r.Applied = map[string]uint64{}
	}
	if _, ok := r.Applied[process]; !ok && len(r.Applied) >= 64 {
		oldest, first := "", true
		for p := range r.Applied {
			if first || p < oldest { // names begin with the time of the process's start
				oldest, first = p, false
			}
		}
		delete(r.Applied, oldest)
	}
	r.Applied[process] = seq
}

func addSigned(u uint64, n int64) uint64 {
	if n < 0 && uint64(-n) > u {
		return 0
	}
	return u + uint64(n)
}

// addHour counts in the hours of the last two weeks; what is older is in Count alone.
func (r *Record) addHour(hour, n int64) {
	if len(r.Hours) == 0 {
		r.Hours, r.LastHour = []uint32{0}, hour
	}
	if hour > r.LastHour {
		if gap := hour - r.LastHour; gap >= hoursKept {
			r.Hours = []uint32{0}
		} else {
			r.Hours = append(r.Hours, make([]uint32, gap)...)
		}
		r.LastHour = hour
	}
	if over := len(r.Hours) - hoursKept; over > 0 {
		r.Hours = slices.Delete(r.Hours, 0, over)
	}
	i := int64(len(r.Hours)) - 1 - (r.LastHour - hour)
	if i < 0 && -i <= int64(hoursKept-len(r.Hours)) {
		r.Hours = append(make([]uint32, -i), r.Hours...)
		i = 0
	}
	if i >= 0 {
		r.Hours[i] = uint32(min(addSigned(uint64(r.Hours[i]), n), 1<<32-1))
	}
}

func (r *Record) addSlots(list []Slot, now time.Time) {
	oldest := now.Unix()/slotSeconds - slotsPerHour
	r.Slots = slices.DeleteFunc(r.Slots, func(s Slot) bool { return s.At < oldest })
	for _, s := range list {
		if s.At < oldest || s.N == 0 {
			continue
		}
		i := slices.IndexFunc(r.Slots, func(have Slot) bool { return have.At == s.At })
		if i < 0 && len(r.Slots) < 2*slotsPerHour {
			r.Slots = append(r.Slots, s)
		} else if i >= 0 {
			r.Slots[i].N += s.N
		}
	}
}

// addCounts adds to a bounded map; where it is full the rest is counted under "".
func addCounts(m map[string]uint64, add names, limit int) map[string]uint64 {
	for _, a := range add {
		if m == nil {
			m = map[string]uint64{}
		}
		k := clip.Bytes(a.name, maxNameBytes)
		if _, ok := m[k]; !ok && len(m) >= limit {
			k = ""
		}
		if sum := addSigned(m[k], a.n); sum > 0 || a.n >= 0 {
			m[k] = sum
		} else {
			delete(m, k)
		}
	}
	return m
}

// addReleases counts releases; where there are too many the one seen longest ago goes.
func (r *Record) addReleases(add []seen) {
	if len(add) == 0 {
		return
	}
	for _, s := range add {
		v := clip.Bytes(s.release, maxNameBytes)
		i := slices.IndexFunc(r.Releases, func(have Release) bool { return have.Version == v })
		if i < 0 {
			if s.n <= 0 {
				continue
			}
			r.Releases = append(r.Releases, Release{Version: v, FirstSeen: s.first})
			i = len(r.Releases) - 1
		}
		rel := &r.Releases[i]
		rel.Count = addSigned(rel.Count, s.n)
		if s.first.Before(rel.FirstSeen) {
			rel.FirstSeen = s.first
		}
		if s.last.After(rel.LastSeen) {
			rel.LastSeen = s.last
		}
	}
	r.Releases = slices.DeleteFunc(r.Releases, func(rel Release) bool { return rel.Count == 0 })
	slices.SortFunc(r.Releases, func(a, b Release) int { return a.FirstSeen.Compare(b.FirstSeen) })
	for len(r.Releases) > maxReleases {
		oldest := 0
		for i := range r.Releases {
			if r.Releases[i].LastSeen.Before(r.Releases[oldest].LastSeen) {
				oldest = i
			}
		}
		r.Releases = slices.Delete(r.Releases, oldest, oldest+1)
	}
}

func (r *Record) addTags(add []tagCount) {
	for _, t := range add {
		n := t.n
		key := clip.Bytes(t.key, maxNameBytes)
		values, ok := r.Tags[key]
		if !ok {
			if len(r.Tags) >= maxTagKeys || n <= 0 {
				continue
			}
			if r.Tags == nil {
				r.Tags = map[string]Counts{}
			}
			values = Counts{}
			r.Tags[key] = values
		}
		v := clip.Bytes(t.value, maxNameBytes)
		if _, ok := values[v]; !ok && len(values) >= maxTagValues {
			v = ""
		}
		if sum := addSigned(values[v], n); sum > 0 {
			values[v] = sum
		} else {
			delete(values, v)
		}
	}
}

func (r *Record) addUsers(users *userSet) {
	if users.empty() {
		return
	}
	r.userSet().merge(users)
	r.Users, r.Sketch = r.users.count(true), nil
}

// userSet returns the record's users, decoded; Sketch is made of them again when the record is encoded.
func (r *Record) userSet() *userSet {
	if r.users == nil {
		r.users = decodeUsers(r.Sketch)
	}
	return r.users
}

// mergeFrom adds all of another record: the two were merged by hand.
func (r *Record) mergeFrom(o *Record) {
	r.Count += o.Count
	if o.FirstSeen.Before(r.FirstSeen) {
		r.FirstSeen = o.FirstSeen
	}
	if o.LastSeen.After(r.LastSeen) {
		r.LastSeen = o.LastSeen
	}
	for i, n := range o.Hours {
		r.addHour(o.LastHour-int64(len(o.Hours)-1-i), int64(n))
	}
	r.Services = addCounts(r.Services, signed(o.Services), maxServices)
	r.Environments = addCounts(r.Environments, signed(o.Environments), maxEnvironments)
	for _, rel := range o.Releases {
		r.addReleases([]seen{{rel.Version, int64(rel.Count), rel.FirstSeen, rel.LastSeen}})
	}
	for key, values := range o.Tags {
		for v, n := range values {
			r.addTags([]tagCount{{tagValue{key, v}, int64(n)}})
		}
	}
	r.addUsers(o.userSet())
	for tracker, t := range o.Tickets {
		if _, ok := r.Tickets[tracker]; !ok {
			if r.Tickets == nil {
				r.Tickets = map[string]Ticket{}
			}
			r.Tickets[tracker] = t
		}
	}
	r.Milestone = max(r.Milestone, o.Milestone)
}

func signed(m map[string]uint64) names {
	out := make(names, 0, len(m))
	for k, n := range m {
		out = append(out, named{k, int64(min(n, 1<<62))})
	}
	return out
}

// Clone returns a deep copy of the issue, without events.
func (i *Issue) Clone() Issue {
	c := *i
	c.Fingerprint = slices.Clone(i.Fingerprint)
	c.Hours = slices.Clone(i.Hours)
	c.Services = maps.Clone(i.Services)
	c.Releases = slices.Clone(i.Releases)
	c.Environments = maps.Clone(i.Environments)
	if i.Tags != nil {
		c.Tags = make(map[string]Counts, len(i.Tags))
		for k, v := range i.Tags {
			c.Tags[k] = maps.Clone(v)
		}
	}
	c.Aliases = slices.Clone(i.Aliases)
	c.History = slices.Clone(i.History)
	c.Tickets = maps.Clone(i.Tickets)
	if i.Resolution != nil {
		r := *i.Resolution
		c.Resolution = &r
	}
	if i.Mute != nil {
		m := *i.Mute
		c.Mute = &m
	}
	c.Events = nil
	return c
}

// Summary returns the part of an issue that travels with its events, without the URL.
func (i *Issue) Summary() Summary {
	s := Summary{
		ID: i.ID, Title: i.Title, Culprit: i.Culprit, Owner: i.Owner, Service: i.Service, Level: i.Level, State: i.State,
		Count: i.Count, Users: i.Users, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen, Basis: i.Basis,
		Fingerprint: slices.Clone(i.Fingerprint), Services: slices.Sorted(maps.Keys(i.Services)),
	}
	for _, r := range i.Releases {
		s.Releases = append(s.Releases, r.Version)
	}
	return s
}
