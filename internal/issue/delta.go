package issue

import (
	"sync"
	"time"
)

// Bounds of what an issue remembers.
const (
	maxTagKeys      = 32 // and 20 values each; the rest is counted under ""
	maxTagValues    = 20
	maxPending      = 512 // tags, releases, environments between two writes
	maxServices     = 50
	maxReleases     = 50
	maxEnvironments = 20
	maxHistory      = 100
	maxAliases      = 1000
	maxTextBytes    = 1 << 10 // title, culprit
	maxNameBytes    = 200     // service, release, tag key and value
	// sketchPrecision gives 4 KiB and a standard error of 1.6 %.
	sketchPrecision = 12
)

// delta is what was counted of one issue since its last write. Numbers may be negative where an
// occurrence was moved to another issue. Deltas are used again, with the space that they have: see [newDelta].
type delta struct {
	seq         uint64
	n           int64
	first, last time.Time
	began, fed  time.Time // when it was first and last added to, by the process's own clock
	lanes       []lane    // what fold has not counted yet
	notes       []note    // the keys of what is counted
	hours       []hourCount
	slots       []Slot
	services    names
	envs        names
	releases    []seen
	tagged      []tagged // tags as they came; fold counts them
	tags        tagCounts
	users       userSet
	samples     []sampled
	lines       []Line      // of ledgers, which it counts
	meta        *Occurrence // describes the issue; set while the store may not know it
	overflow    bool
	force       bool   // take back what can be taken back
	lastRelease string // of the occurrence of last
	// The occurrence that ends a resolution, as far as this process knew of one.
	reopenAt      time.Time
	reopenRelease string
}

// seen is a counter of a release with the time that it covers.
type seen struct {
	release     string
	n           int64
	first, last time.Time
}

// tagged are the tags of occurrences.
type tagged struct {
	tags map[string]string
	n    int64
}

// maxTagged bounds what waits for fold: maps of tags are larger than their counts.
const maxTagged = 32

var deltas = sync.Pool{New: func() any { return &delta{} }}

func newDelta() *delta { return deltas.Get().(*delta) }

// free gives a delta back that nobody uses any more.
func (d *delta) free() {
	clear(d.lanes)
	clear(d.services)
	clear(d.envs)
	clear(d.releases)
	clear(d.tagged)
	d.tags.reset()
	clear(d.samples)
	clear(d.lines)
	*d = delta{
		lanes: d.lanes[:0], hours: d.hours[:0], slots: d.slots[:0], services: d.services[:0], envs: d.envs[:0], releases: d.releases[:0],
		tagged: d.tagged[:0], tags: d.tags, samples: d.samples[:0], notes: d.notes[:0], lines: d.lines[:0], users: userSet{few: d.users.few[:0]},
	}
	deltas.Put(d)
}

// names counts by name. There are few, so a list is faster than a map.
type names []named

type named struct {
	name string
	n    int64
}

// add counts n for a name; what is above the limit is not told apart.
func (l *names) add(name string, n int64, limit int) {
	for i := range *l {
		if (*l)[i].name == name {
			(*l)[i].n += n
			return
		}
	}
	if len(*l) < limit {
		*l = append(*l, named{name, n})
	}
}

type hourCount struct {
	hour int64
	n    int64
}

// sampled is an event on its way into a slot.
type sampled struct {
	event *Event
	why   sampleReason
}

// count adds an occurrence (sign 1) or takes it back (-1).
func (d *delta) count(o *Occurrence, now time.Time, sign int64) {
	d.n += sign
	if o.line != nil {
		d.lines = append(d.lines, *o.line)
	}
	if d.began.IsZero() {
		d.began = now
	}
	if sign > 0 {
		d.fed = now
	}
	// An incident is what happens now, not what is read from an old file.
	nano := o.Time.UnixNano()
	slot := nano / (slotSeconds * 1e9)
	live := slot > now.Unix()/slotSeconds-slotsPerHour
	if sign > 0 {
		if d.first.IsZero() || o.Time.Before(d.first) {
			d.first = o.Time
		}
		if o.Time.After(d.last) {
			d.last, d.lastRelease = o.Time, o.Release
		}
		d.laneOf(o, slot, live).add(nano)
	} else {
		d.foldLanes() // it may be among them
		l := d.laneOf(o, slot, live)
		l.n, l.first, l.last = -1, nano, nano
		d.foldLanes()
	}
	if len(o.Tags) > 0 {
		d.tagged = append(d.tagged, tagged{o.Tags, sign})
		if len(d.tagged) >= maxTagged {
			d.foldTags()
		}
	}
}

// fold counts the lanes and tags that wait.
func (d *delta) fold() {
	d.foldLanes()
	d.foldTags()
}

func (d *delta) foldTags() {
	for _, t := range d.tagged {
		for k, v := range t.tags {
			d.tags.add(tagValue{k, v}, t.n)
		}
	}
	clear(d.tagged)
	d.tagged = d.tagged[:0]
}

// release counts what was seen of a release.
func (d *delta) release(s seen) {
	for i := range d.releases {
		have := &d.releases[i]
		if have.release != s.release {
			continue
		}
		have.n += s.n
		if have.first.IsZero() || s.first.Before(have.first) {
			have.first = s.first
		}
		if s.last.After(have.last) {
			have.last = s.last
		}
		return
	}
	if len(d.releases) < maxPending {
		d.releases = append(d.releases, s)
	}
}

func (d *delta) addHour(hour, n int64) {
	for i := len(d.hours) - 1; i >= 0; i-- {
		if d.hours[i].hour == hour {
			d.hours[i].n += n
			return
		}
	}
	if len(d.hours) < hoursKept {
		d.hours = append(d.hours, hourCount{hour, n})
	}
}

// addSlot never makes a slot negative: what is taken back may have been counted before.
func (d *delta) addSlot(slot, n int64) {
	for i := range d.slots {
		if d.slots[i].At == slot {
			d.slots[i].N = addSigned(d.slots[i].N, n)
			return
		}
	}
	if n > 0 && len(d.slots) < 2*slotsPerHour {
		d.slots = append(d.slots, Slot{slot, uint64(n)})
	}
}

// merge adds another delta.
func (d *delta) merge(o *delta) {
	d.n += o.n
	if d.meta == nil {
		d.meta, d.overflow = o.meta, o.overflow
	}
	if !o.first.IsZero() && (d.first.IsZero() || o.first.Before(d.first)) {
		d.first = o.first
	}
	if o.last.After(d.last) {
		d.last, d.lastRelease = o.last, o.lastRelease
	}
	if d.began.IsZero() || (!o.began.IsZero() && o.began.Before(d.began)) {
		d.began = o.began
	}
	if o.fed.After(d.fed) {
		d.fed = o.fed
	}
	o.fold()
	for _, h := range o.hours {
		d.addHour(h.hour, h.n)
	}
	for _, s := range o.slots {
		d.addSlot(s.At, int64(s.N))
	}
	for _, s := range o.services {
		d.services.add(s.name, s.n, maxServices)
	}
	for _, e := range o.envs {
		d.envs.add(e.name, e.n, maxPending)
	}
	for _, r := range o.releases {
		d.release(r)
	}
	for _, t := range o.tags.list {
		d.tags.add(t.tagValue, t.n)
	}
	d.users.merge(&o.users)
	d.samples = append(d.samples, o.samples...)
	d.notes = append(d.notes, o.notes...)
	d.lines = append(d.lines, o.lines...)
}
