package issue

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// An issue keeps up to 12 events: the first one, up to 8 that are spread over its life, its releases
// and services, and the latest three.
const (
	firstSlot    = 0
	spreadSlots  = 8                             // 1..8
	latestSlots  = 3                             // 9..11
	SampleSlots  = 1 + spreadSlots + latestSlots // slots are 0 to SampleSlots-1
	latestFrom   = 1 + spreadSlots
	sampleEvery  = 10 * time.Second // at most one latest event in this time
	spreadEvery  = time.Second      // the same for the others, but for a new release
	sampleBudget = 4                // events of one issue waiting for the next write
)

// The budgets of all issues together. First events, and those of a release that has none, are always kept. Of the others an
// event costs a hundred times what counting an occurrence does: it is built, redacted, encoded and compressed.
const (
	// An issue that gets no latest event now, or none that is spread over its life, gets one later. With tens of thousands of
	// issues most occurrences would be due for one.
	latestReserve, latestPerSecond = 300, 100
	// As long as errors are few, the latest event is always there: these come on top. After a time without many errors there
	// is a reserve, so that each of a burst is kept; a stream of errors has what is added in a second.
	spareReserve, sparePerSecond = 200, 10
)

// budget is a reserve of events that is filled again second by second.
type budget struct {
	reserve, perSecond int64
	second, left       atomic.Int64
}

// allows takes an event out of the reserve. Callers that come together at the turn of a second may get one more or less.
func (b *budget) allows(now time.Time) bool {
	if at, last := now.Unix(), b.second.Load(); at != last && b.second.CompareAndSwap(last, at) && at > last {
		b.left.Store(min(b.reserve, max(b.left.Load(), 0)+(at-last)*b.perSecond))
	}
	return b.left.Load() > 0 && b.left.Add(-1) >= 0
}

type sampleReason uint8

const (
	sampleLatest sampleReason = iota + 1
	sampleSpread              // a new release or service, or a power of two
	sampleFirst
)

// addSamples puts events into the record's slots.
func (r *Record) addSamples(list []sampled) {
	for _, s := range list {
		if s.event == nil || r.holds(s.event.ID) {
			continue
		}
		switch {
		case !r.used(firstSlot):
			r.fill(firstSlot, s.event)
		case s.why == sampleLatest:
			r.addLatest(s.event)
		default:
			r.addSpread(s.event)
			r.addLatest(s.event)
		}
	}
}

func (r *Record) holds(key string) bool {
	for _, s := range r.Samples {
		if s.Key == key {
			return true
		}
	}
	return false
}

func (r *Record) used(slot uint8) bool {
	for _, s := range r.Samples {
		if s.Slot == slot {
			return true
		}
	}
	return false
}

func (r *Record) fill(slot uint8, e *Event) {
	n := Sample{Slot: slot, Time: e.Time, Key: e.ID, Release: e.Release, Service: e.Service}
	r.PutEvent(slot, e)
	for i := range r.Samples {
		if r.Samples[i].Slot == slot {
			r.Samples[i] = n
			return
		}
	}
	r.Samples = append(r.Samples, n)
}

// addLatest replaces the oldest of the latest.
func (r *Record) addLatest(e *Event) {
	if slot, ok := r.oldest(latestFrom, latestFrom+latestSlots); ok {
		r.fill(slot, e)
	}
}

// addSpread takes a free slot, or that of the event which is nearest in time to the one before it: what is
// left is spread over the issue's life.
func (r *Record) addSpread(e *Event) {
	var times [1 + spreadSlots]time.Time
	var have [1 + spreadSlots]bool
	for _, s := range r.Samples {
		if s.Slot <= spreadSlots {
			times[s.Slot], have[s.Slot] = s.Time, true
		}
	}
	best, gap := uint8(0), time.Duration(-1)
	for i := uint8(1); i <= spreadSlots; i++ {
		if !have[i] {
			r.fill(i, e)
			return
		}
		near := time.Duration(1<<63 - 1)
		for j := uint8(0); j <= spreadSlots; j++ {
			if j != i && have[j] {
				near = min(near, times[i].Sub(times[j]).Abs())
			}
		}
		if gap < 0 || near < gap {
			best, gap = i, near
		}
	}
	r.fill(best, e)
}

// oldest returns a free slot of the half-open range, or the one with the oldest event.
func (r *Record) oldest(from, to uint8) (uint8, bool) {
	best, found := from, false
	var at time.Time
	for i := from; i < to; i++ {
		free := true
		for _, s := range r.Samples {
			if s.Slot == i {
				free = false
				if !found || s.Time.Before(at) {
					best, at, found = i, s.Time, true
				}
			}
		}
		if free {
			return i, true
		}
	}
	return best, found
}

// sample keeps the occurrence's event where it is worth it.
func (e *entry) sample(c *Core, d *delta, o *Occurrence, now time.Time) {
	h := e.hot
	if o.Sample == nil {
		return
	}
	var why sampleReason
	since := time.Duration(now.UnixNano() - e.sampled)
	switch {
	case e.count == 1:
		why = sampleFirst
	case e.count >= h.nextSpread && since >= spreadEvery && c.latest.allows(now):
		why = sampleSpread // otherwise at a later occurrence
	case o.Release != "" && !h.cold && len(h.sampledReleases) < maxReleases && !slices.Contains(h.sampledReleases, o.Release):
		why = sampleSpread
	case since >= sampleEvery && c.latest.allows(now), c.spare.allows(now):
		why = sampleLatest
	default:
		return
	}
	if n := len(d.samples); n >= sampleBudget {
		if why != sampleLatest || d.samples[n-1].why != sampleLatest {
			return
		}
		d.samples = d.samples[:n-1] // the newer one is the latest
	}
	event := o.example()
	if event == nil {
		return
	}
	if event.ID == "" {
		event.ID = o.Key.String()
	}
	if !sane(event.Time, now).Equal(event.Time) {
		event.Time = o.Time // the latest samples would never make room for one from the future
	}
	if o.Release != "" && !slices.Contains(h.sampledReleases, o.Release) {
		h.sampledReleases = append(h.sampledReleases, o.Release)
	}
	if why != sampleLatest {
		h.nextSpread = 4 * e.count
	}
	e.sampled = now.UnixNano()
	d.samples = append(d.samples, sampled{event, why})
}

// trimEvent returns a copy of an event without what is long and can be missed most.
func trimEvent(e *Event) *Event {
	c := *e
	c.Stack = clip.Bytes(c.Stack, 16<<10)
	c.Message = clip.Bytes(c.Message, 4<<10)
	if len(c.Breadcrumbs) > 10 {
		c.Breadcrumbs = c.Breadcrumbs[len(c.Breadcrumbs)-10:]
	}
	c.Breadcrumbs = append([]Breadcrumb(nil), c.Breadcrumbs...)
	for i := range c.Breadcrumbs {
		c.Breadcrumbs[i].Message = clip.Bytes(c.Breadcrumbs[i].Message, 500)
		c.Breadcrumbs[i].Data = nil
	}
	c.Extra, c.Resource = trimMap(c.Extra), trimMap(c.Resource)
	c.Tags, c.Request, c.User = trimMap(c.Tags), trimMap(c.Request), trimMap(c.User)
	if len(c.Exceptions) > 10 {
		c.Exceptions = c.Exceptions[:10]
	}
	for i := range c.Exceptions {
		if i == 0 {
			c.Exceptions = append(c.Exceptions[:0:0], c.Exceptions...)
		}
		c.Exceptions[i].Message = clip.Bytes(c.Exceptions[i].Message, 2<<10)
		if len(c.Exceptions[i].Frames) > 50 {
			c.Exceptions[i].Frames = c.Exceptions[i].Frames[:50]
		}
	}
	return &c
}

// trimMap keeps up to 30 pairs of up to 200 bytes.
func trimMap(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if len(out) == 30 {
			break
		}
		out[clip.Bytes(k, maxNameBytes)] = clip.Bytes(v, maxNameBytes)
	}
	return out
}
