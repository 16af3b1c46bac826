package issue

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// The stored form of a record is binary: thousands of records are written each second. Numbers are varints, texts and
// lists have their length in front. What few issues have is JSON at the end.

// rare is what few issues have.
type rare struct {
	Tickets    map[string]Ticket `json:"t,omitempty"`
	Resolution *Resolution       `json:"r,omitempty"`
	Mute       *Mute             `json:"m,omitempty"`
}

// EncodeRecord returns the stored form of a record.
func EncodeRecord(r *Record) ([]byte, error) { return AppendRecord(make([]byte, 0, 1024), r) }

// AppendRecord appends the stored form of a record.
func AppendRecord(b []byte, r *Record) ([]byte, error) {
	if r.users != nil && r.Sketch == nil {
		r.Sketch = r.users.encode()
	}
	w := writer{b: b}
	w.b = append(w.b, codecVersion)
	for _, s := range []string{r.ID, r.Title, r.Culprit, r.Owner, r.Service, r.Level, string(r.State), string(r.Basis), r.Merged} {
		w.text(s)
	}
	w.number(uint64(len(r.Fingerprint)))
	for _, p := range r.Fingerprint {
		w.text(p.Name)
		w.text(p.Value)
	}
	for _, t := range []time.Time{r.FirstSeen, r.LastSeen, r.Created, r.Touched, r.StateAt} {
		w.time(t)
	}
	for _, n := range []uint64{r.Version, r.Count, r.Users, r.Limit, r.Milestone, flag(r.Overflow)} {
		w.number(n)
	}
	w.b = binary.AppendVarint(w.b, r.LastHour)
	w.text(string(packHours(r.Hours)))
	w.text(string(r.Sketch))
	w.counts(r.Services)
	w.counts(r.Environments)
	w.counts(r.Applied)
	w.number(uint64(len(r.Tags)))
	for k, v := range r.Tags {
		w.text(k)
		w.counts(v)
	}
	w.number(uint64(len(r.Releases)))
	for _, x := range r.Releases {
		w.text(x.Version)
		w.number(x.Count)
		w.time(x.FirstSeen)
		w.time(x.LastSeen)
	}
	w.number(uint64(len(r.Aliases)))
	for _, a := range r.Aliases {
		w.text(a)
	}
	w.number(uint64(len(r.History)))
	for _, h := range r.History {
		w.time(h.Time)
		w.text(string(h.From))
		w.text(string(h.To))
		w.text(h.Reason)
	}
	w.number(uint64(len(r.Slots)))
	for _, s := range r.Slots {
		w.b = binary.AppendVarint(w.b, s.At)
		w.number(s.N)
	}
	w.number(uint64(len(r.Samples)))
	for _, s := range r.Samples {
		w.number(uint64(s.Slot))
		w.time(s.Time)
		w.text(s.Key)
		w.text(s.Release)
		w.text(s.Service)
	}
	if len(r.Tickets) > 0 || r.Resolution != nil || r.Mute != nil {
		b, err := json.Marshal(rare{r.Tickets, r.Resolution, r.Mute})
		if err != nil {
			return nil, fmt.Errorf("encode issue %s: %w", r.ID, err)
		}
		w.b = append(w.b, b...)
	}
	return w.b, nil
}

// DecodeRecord reads the stored form of a record. Its texts share one piece of memory: clone those that outlive it.
func DecodeRecord(b []byte) (*Record, error) {
	if len(b) == 0 || b[0] != codecVersion {
		return nil, errCodec
	}
	d := reader{b: b[1:], all: string(b[1:])}
	r := &Record{}
	for _, s := range []*string{&r.ID, &r.Title, &r.Culprit, &r.Owner, &r.Service, &r.Level, (*string)(&r.State), (*string)(&r.Basis), &r.Merged} {
		*s = d.text()
	}
	r.Fingerprint = list(&d, func() grouping.Part { return grouping.Part{Name: d.text(), Value: d.text()} })
	for _, t := range []*time.Time{&r.FirstSeen, &r.LastSeen, &r.Created, &r.Touched, &r.StateAt} {
		*t = d.time()
	}
	for _, n := range []*uint64{&r.Version, &r.Count, &r.Users, &r.Limit, &r.Milestone} {
		*n = d.number()
	}
	r.Overflow = d.number() != 0
	r.LastHour = d.signed()
	r.Hours = unpackHours([]byte(d.text()))
	if s := d.text(); s != "" {
		r.Sketch = []byte(s)
	}
	r.Services, r.Environments, r.Applied = d.counts(), d.counts(), d.counts()
	for n := d.length(); n > 0 && d.err == nil; n-- {
		if r.Tags == nil {
			r.Tags = map[string]Counts{}
		}
		k := d.text()
		r.Tags[k] = d.counts()
	}
	r.Releases = list(&d, func() Release {
		return Release{Version: d.text(), Count: d.number(), FirstSeen: d.time(), LastSeen: d.time()}
	})
	r.Aliases = list(&d, d.text)
	r.History = list(&d, func() Change {
		return Change{Time: d.time(), From: State(d.text()), To: State(d.text()), Reason: d.text()}
	})
	r.Slots = list(&d, func() Slot { return Slot{At: d.signed(), N: d.number()} })
	r.Samples = list(&d, func() Sample {
		return Sample{Slot: uint8(d.number()), Time: d.time(), Key: d.text(), Release: d.text(), Service: d.text()}
	})
	if d.err == nil && len(d.b) > 0 {
		var x rare
		if err := json.Unmarshal(d.b, &x); err != nil {
			return nil, errCodec
		}
		r.Tickets, r.Resolution, r.Mute = x.Tickets, x.Resolution, x.Mute
	}
	return r, d.err
}

func flag(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

type writer struct{ b []byte }

func (w *writer) number(n uint64) { w.b = binary.AppendUvarint(w.b, n) }

func (w *writer) text(s string) {
	w.number(uint64(len(s)))
	w.b = append(w.b, s...)
}

// The times that fit into nanoseconds since 1970; [math.MinInt64] is the zero time.
var earliest, latest = time.Unix(0, math.MinInt64+1), time.Unix(0, math.MaxInt64)

// time writes nanoseconds. A time that does not fit becomes the nearest that does: it must not keep a record, and those
// that are written together with it, from being stored.
func (w *writer) time(t time.Time) {
	n := int64(math.MinInt64)
	switch {
	case t.IsZero():
	case t.Before(earliest):
		n = earliest.UnixNano()
	case t.After(latest):
		n = latest.UnixNano()
	default:
		n = t.UnixNano()
	}
	w.b = binary.AppendVarint(w.b, n)
}

func (w *writer) counts(m map[string]uint64) {
	w.number(uint64(len(m)))
	for k, n := range m {
		w.text(k)
		w.number(n)
	}
}

type reader struct {
	b []byte
	// all, where it is set, is what b was at first: texts are parts of it then, one allocation for all of them, and keep it
	// in memory.
	all string
	err error
}

func (d *reader) number() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.b, d.err = nil, errCodec
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *reader) signed() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.b, d.err = nil, errCodec
		return 0
	}
	d.b = d.b[n:]
	return v
}

// length of a list: each element has at least one byte.
func (d *reader) length() uint64 {
	n := d.number()
	if n > uint64(len(d.b)) {
		d.b, d.err = nil, errCodec
		return 0
	}
	return n
}

func (d *reader) text() string {
	n := d.length()
	if n == 0 {
		return ""
	}
	var s string
	if at := len(d.all) - len(d.b); d.all != "" {
		s = d.all[at : at+int(n)]
	} else {
		s = string(d.b[:n])
	}
	d.b = d.b[n:]
	return s
}

func (d *reader) time() time.Time {
	n := d.signed()
	if n == math.MinInt64 || d.err != nil {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func (d *reader) counts() map[string]uint64 {
	n := d.length()
	if n == 0 {
		return nil
	}
	m := make(map[string]uint64, min(n, 1000))
	for ; n > 0 && d.err == nil; n-- {
		k := d.text()
		m[k] = d.number()
	}
	return m
}

func list[T any](d *reader, one func() T) []T {
	n := d.length()
	if n == 0 {
		return nil
	}
	out := make([]T, 0, min(n, 1000))
	for ; n > 0 && d.err == nil; n-- {
		out = append(out, one())
	}
	return out
}
