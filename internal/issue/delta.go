package issue

import "time"

// Bounds of what an issue remembers.
const (
	maxTagKeys      = 32 // and 20 values each; the rest is counted under ""
	maxTagValues    = 20
	maxPendingTags  = 512
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

// tagValue is one value of a tag.
type tagValue struct{ key, value string }

// seen is a counter with the time that it covers.
type seen struct {
	n           int64
	first, last time.Time
}

// delta is what was counted of one issue since its last write. Numbers may be negative where an
// occurrence was moved to another issue.
type delta struct {
	seq         uint64
	n           int64
	first, last time.Time
	began, fed  time.Time // when it was first and last added to, by the process's own clock
	hours       []hourCount
	slots       []Slot
	services    map[string]int64
	envs        map[string]int64
	releases    map[string]seen
	tags        map[tagValue]int64
	users       *userSet
	samples     []sampled
	meta        *Occurrence // describes the issue; set while the store may not know it
	overflow    bool
	force       bool   // take back what can be taken back
	lastRelease string // of the occurrence of last
	// The occurrence that ends a resolution, as far as this process knew of one.
	reopenAt      time.Time
	reopenRelease string
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
	if d.began.IsZero() {
		d.began = now
	}
	if sign > 0 {
		d.fed = now
	}
	hour := o.Time.Unix() / 3600
	d.addHour(hour, sign)
	// An incident is what happens now, not what is read from an old file.
	if slot := o.Time.Unix() / slotSeconds; slot > now.Unix()/slotSeconds-slotsPerHour {
		d.addSlot(slot, sign)
	}
	if sign > 0 {
		if d.first.IsZero() || o.Time.Before(d.first) {
			d.first = o.Time
		}
		if o.Time.After(d.last) {
			d.last, d.lastRelease = o.Time, o.Release
		}
	}
	d.service(o.Service, sign)
	if o.Environment != "" {
		if d.envs == nil {
			d.envs = map[string]int64{}
		}
		d.envs[o.Environment] += sign
	}
	if o.Release != "" {
		if d.releases == nil {
			d.releases = map[string]seen{}
		}
		s := d.releases[o.Release]
		s.n += sign
		if s.first.IsZero() || o.Time.Before(s.first) {
			s.first = o.Time
		}
		if o.Time.After(s.last) {
			s.last = o.Time
		}
		d.releases[o.Release] = s
	}
	for k, v := range o.Tags {
		if d.tags == nil {
			d.tags = make(map[tagValue]int64, len(o.Tags))
		}
		t := tagValue{k, v}
		if len(d.tags) >= maxPendingTags {
			if _, ok := d.tags[t]; !ok {
				t.value = ""
			}
		}
		d.tags[t] += sign
	}
}

func (d *delta) addHour(hour, sign int64) {
	for i := len(d.hours) - 1; i >= 0; i-- {
		if d.hours[i].hour == hour {
			d.hours[i].n += sign
			return
		}
	}
	if len(d.hours) < hoursKept {
		d.hours = append(d.hours, hourCount{hour, sign})
	}
}

func (d *delta) addSlot(slot, sign int64) {
	for i := range d.slots {
		if d.slots[i].At == slot {
			if sign > 0 || d.slots[i].N > 0 {
				d.slots[i].N += uint64(sign)
			}
			return
		}
	}
	if sign > 0 && len(d.slots) < 2*slotsPerHour {
		d.slots = append(d.slots, Slot{slot, 1})
	}
}

// service counts an occurrence for an affected service.
func (d *delta) service(name string, n int64) {
	if d.services == nil {
		d.services = map[string]int64{}
	}
	if len(d.services) >= maxServices {
		if _, ok := d.services[name]; !ok {
			return
		}
	}
	d.services[name] += n
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n-- // not within a character
	}
	return s[:n]
}
