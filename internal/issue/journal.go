package issue

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
)

// A sender that gets no answer sends its batch again, also when the reason was a restart of this process. So the keys
// of what was counted are written together with the counts: a crash leaves both or neither.

// note is a key with the part of its verdict that must stay the same.
type note struct {
	key  Key
	said uint8 // state, and flags shifted by noteFlags
}

const noteFlags = 4

func noteOf(k Key, v *Verdict) note {
	state, flags := said(v)
	return note{k, state | flags<<noteFlags}
}

// looseNotes are of repeats: nothing is counted for them, so they belong to no issue's delta.
type looseNotes struct {
	mu   sync.Mutex
	list []looseNote
}

type looseNote struct {
	note
	issue string
}

// noted remembers the key of an occurrence in what is written with its count; under the shard's lock.
func (c *Core) noted(sh *coreShard, d *delta, k Key, v *Verdict) {
	if c.journal != nil && sh.notes < max(c.opt.Keys/8, 1) { // one issue may have most of them
		d.notes = append(d.notes, noteOf(k, v))
		sh.notes++
	}
}

// notedRepeat remembers the key of a repeat.
func (c *Core) notedRepeat(k Key, v *Verdict) {
	if c.journal == nil {
		return
	}
	c.loose.mu.Lock()
	defer c.loose.mu.Unlock()
	if len(c.loose.list) < c.opt.Keys {
		c.loose.list = append(c.loose.list, looseNote{noteOf(k, v), v.Issue})
	}
}

// takeLoose returns the notes of repeats. What is not written goes back.
func (c *Core) takeLoose() []looseNote {
	c.loose.mu.Lock()
	defer c.loose.mu.Unlock()
	list := c.loose.list
	c.loose.list = nil
	return list
}

func (c *Core) giveLoose(list []looseNote) {
	c.loose.mu.Lock()
	defer c.loose.mu.Unlock()
	c.loose.list = append(list, c.loose.list...)
}

// withTraces is the first byte of an entry that begins with traces, whose length is in front of them.
const withTraces = 2

// update hands changes to the store, with the keys that they count and what was told of traces. Under flushMu.
func (c *Core) update(ctx context.Context, txs []*Tx, chunk []*work, told []byte, now time.Time) error {
	if c.journal == nil {
		return c.store.Update(ctx, txs)
	}
	w := writer{b: append(c.noteBuffer[:0], codecVersion)}
	if len(told) > 0 {
		w.b[0] = withTraces
		w.number(uint64(len(told)))
		w.b = append(w.b, told...)
	}
	for _, k := range chunk {
		if len(k.d.notes) > 0 {
			w.notes(k.e.id, k.d.notes)
		}
	}
	loose := c.takeLoose()
	for i := range loose {
		w.notes(loose[i].issue, []note{loose[i].note})
	}
	c.noteBuffer = w.b
	switch {
	case len(w.b) > 1:
	case len(txs) == 0:
		return nil
	default:
		return c.store.Update(ctx, txs)
	}
	err := c.journal.UpdateWith(ctx, txs, Entry{Time: now, Data: w.b}, now.Add(-c.opt.Window), int64(c.opt.Keys)*noteBytes+int64(c.opt.Traces)*traceBytes)
	if err != nil {
		c.giveLoose(loose)
	}
	return err
}

// noteBytes is what a note takes in the journal, about.
const noteBytes = 20

func (w *writer) notes(issue string, list []note) {
	w.text(issue)
	w.number(uint64(len(list)))
	for i := range list {
		w.b = append(append(w.b, list[i].key[:]...), list[i].said)
	}
}

// recall reads the journal: what was counted before the restart is not counted again.
func (c *Core) recall(ctx context.Context) error {
	if c.journal == nil {
		return nil
	}
	forget := c.opt.Now().Add(-c.opt.Window)
	return c.journal.Entries(ctx, func(e Entry) bool {
		if !e.Time.Before(forget) && !c.recallEntry(e) {
			c.opt.Logger.Warn("The keys of some occurrences can't be read; a batch that is sent again may be counted twice.", zap.Time("written", e.Time))
		}
		return true
	})
}

func (c *Core) recallEntry(e Entry) bool {
	if len(e.Data) == 0 || (e.Data[0] != codecVersion && e.Data[0] != withTraces) {
		return false
	}
	d := reader{b: e.Data[1:]}
	if e.Data[0] == withTraces {
		n := d.length()
		traces := reader{b: d.b[:n]}
		d.b = d.b[n:]
		if c.recallTraces(&traces, e.Time); traces.err != nil || d.err != nil {
			return false
		}
	}
	for len(d.b) > 0 {
		v := c.look(d.text())
		for n := d.length(); n > 0 && d.err == nil; n-- {
			var k note
			var said [1]byte
			d.bytes(k.key[:])
			if d.bytes(said[:]); d.err != nil {
				return false
			}
			k.said = said[0]
			flags := k.said >> noteFlags
			v.State = states[min(int(k.said&(1<<noteFlags-1)), len(states)-1)]
			v.Repeat, v.First = flags&keyRepeat != 0, flags&keyFirst != 0
			c.setKey(k.key, &v, e.Time)
		}
	}
	return d.err == nil
}

// done gives a delta back that was written; under the shard's lock.
func (sh *coreShard) done(d *delta) {
	sh.notes -= len(d.notes)
	d.free()
}

// unnote forgets notes of a delta that another shard is to count; under its old shard's lock.
func (sh *coreShard) unnote(list ...*delta) {
	for _, d := range slices.DeleteFunc(list, func(d *delta) bool { return d == nil }) {
		sh.notes -= len(d.notes)
		d.notes = nil
	}
}
