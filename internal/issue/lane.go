package issue

// lane counts occurrences that differ in nothing but their time within five minutes. Nearly all of an issue that come
// between two writes are of one lane, so counting one touches little memory; fold tells the rest from it.
type lane struct {
	service, env, release string
	slot                  int64 // unix time / slotSeconds
	n                     int64
	first, last           int64 // unix nanoseconds
	live                  bool  // belongs to the last hour
}

// maxLanes bounds what waits for fold.
const maxLanes = 8

// laneOf returns the lane of an occurrence.
func (d *delta) laneOf(o *Occurrence, slot int64, live bool) *lane {
	for i := len(d.lanes) - 1; i >= 0; i-- {
		l := &d.lanes[i]
		if l.slot == slot && l.service == o.Service && l.env == o.Environment && l.release == o.Release {
			return l
		}
	}
	if len(d.lanes) == maxLanes {
		d.foldLanes()
	}
	d.lanes = append(d.lanes, lane{
		service: o.Service, env: o.Environment, release: o.Release, slot: slot, live: live,
	})
	return &d.lanes[len(d.lanes)-1]
}

// add counts an occurrence.
func (l *lane) add(nano int64) {
	if l.n++; l.n == 1 {
		l.first, l.last = nano, nano
		return
	}
	l.first, l.last = min(l.first, nano), max(l.last, nano)
}

// foldLanes counts what the lanes hold by hour, service, environment and release.
func (d *delta) foldLanes() {
	for i := range d.lanes {
		l := &d.lanes[i]
		d.addHour(l.slot/slotsPerHour, l.n)
		if l.live {
			d.addSlot(l.slot, l.n)
		}
		d.services.add(l.service, l.n, maxServices)
		if l.env != "" {
			d.envs.add(l.env, l.n, maxPending)
		}
		if l.release != "" {
			d.release(seen{l.release, l.n, fromNanos(l.first), fromNanos(l.last)})
		}
	}
	clear(d.lanes)
	d.lanes = d.lanes[:0]
}
