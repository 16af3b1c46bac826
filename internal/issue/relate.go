package issue

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"
)

// Which records of a trace tell of one failure is known by what came before them. In a store of one process that outlives it,
// that is written down with the counts, so that the second half of a trace may come after a restart.

// maxRelated bounds the traces that are written down at a time. During a flood of errors the others are forgotten by a
// restart.
const maxRelated = 2048

// traceBytes is what a trace takes in the journal, about.
const traceBytes = 128

// relations are the traces that changed since they were last written down.
type relations struct {
	n      atomic.Int64
	mu     sync.Mutex
	traces [][16]byte
}

// relate has a trace written down; under its shard's lock.
func (c *Core) relate(id [16]byte, t *traceRec) {
	if c.journal == nil || t.waits || c.related.n.Load() >= maxRelated {
		return
	}
	t.waits = true
	c.related.n.Add(1)
	c.related.mu.Lock()
	defer c.related.mu.Unlock()
	c.related.traces = append(c.related.traces, id)
}

// takeRelated returns the traces that wait and their stored form. What it tells of was counted before it returns, so it is
// called before the counts are collected, and written with the last of them.
func (c *Core) takeRelated() ([][16]byte, []byte) {
	if c.related.n.Load() == 0 {
		return nil, nil
	}
	c.related.mu.Lock()
	list := c.related.traces
	c.related.traces = nil
	c.related.n.Store(0)
	c.related.mu.Unlock()
	var w writer
	for _, id := range list {
		sh, hash := c.traces.shard(id)
		sh.Lock()
		if t := sh.get(id, hash); t != nil {
			(*t).waits = false
			w.b = append(w.b, id[:]...)
			w.trace(*t)
		}
		sh.Unlock()
	}
	return list, w.b
}

// giveRelated has traces written down again that could not be.
func (c *Core) giveRelated(list [][16]byte) {
	for _, id := range list {
		sh, hash := c.traces.shard(id)
		sh.Lock()
		if t := sh.get(id, hash); t != nil {
			c.relate(id, *t)
		}
		sh.Unlock()
	}
}

func (w *writer) trace(t *traceRec) {
	w.number(uint64(len(t.Failures)))
	for i := range t.Failures {
		f := &t.Failures[i]
		w.b = append(append(append(w.b, f.Key[:]...), f.Span[:]...), byte(f.Signal))
		for _, s := range []string{f.Issue, f.Service, f.Env, f.Release} {
			w.text(s)
		}
		w.instant(f.Time)
		w.number(uint64(f.Chain))
		w.number(uint64(len(f.Roots)))
		for _, r := range f.Roots {
			w.b = binary.BigEndian.AppendUint64(w.b, r)
		}
		w.number(uint64(len(f.Callers)))
		for _, s := range f.Callers {
			w.text(s)
		}
	}
	w.number(uint64(len(t.Links)))
	for _, l := range t.Links {
		w.b = append(append(w.b, l.Span[:]...), l.Parent[:]...)
	}
}

func (d *reader) trace() *traceRec {
	t := &traceRec{}
	t.Failures = list(d, func() (f failure) {
		d.bytes(f.Key[:])
		d.bytes(f.Span[:])
		var signal [1]byte
		d.bytes(signal[:])
		f.Signal = Signal(signal[0])
		for _, s := range []*string{&f.Issue, &f.Service, &f.Env, &f.Release} {
			*s = d.text()
		}
		f.Time = d.instant()
		f.Chain = int(min(d.number(), maxRoots))
		f.Roots = list(d, func() uint64 {
			var b [8]byte
			d.bytes(b[:])
			return binary.BigEndian.Uint64(b[:])
		})
		f.Callers = list(d, d.text)
		return f
	})
	t.Links = list(d, func() (l link) {
		d.bytes(l.Span[:])
		d.bytes(l.Parent[:])
		return l
	})
	return t
}

// recallTraces reads what takeRelated returned.
func (c *Core) recallTraces(d *reader, at time.Time) {
	for len(d.b) > 0 {
		var id [16]byte
		d.bytes(id[:])
		t := d.trace()
		if d.err != nil || len(t.Failures) > maxFailures || len(t.Links) > maxLinks {
			d.err = errCodec
			return
		}
		sh, hash := c.traces.shard(id)
		sh.Lock()
		if have := sh.get(id, hash); have != nil {
			*have = t // later entries know more
		} else {
			sh.put(c.traces, id, hash, t, at)
		}
		sh.Unlock()
	}
}

// bytes reads as many bytes as there is room for.
func (d *reader) bytes(out []byte) {
	if len(d.b) < len(out) {
		d.b, d.err = nil, errCodec
		return
	}
	copy(out, d.b)
	d.b = d.b[len(out):]
}
