package issue

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// A process that is killed takes with it what it has counted and not yet written. So with a store that several processes
// share, a decision is stored together with lines that say what it counts, in the process's ledger, before the sender gets
// its answer. The change that writes a count removes its lines; lines of a process that is gone are counted by another one.

// adoptLimit is about how many lines of a ledger are taken over at a time.
const adoptLimit = 10000

// ledger is where this process's lines are.
type ledger struct {
	mu     sync.Mutex
	name   string // of the open one; "" = none
	opened int    // how many there were: each has a name of its own
	left   []ClosedLedger
	last   atomic.Uint64              // ID of a line
	taken  map[string]map[uint64]bool // lines of others that wait to be written here, by ledger; only for careLoop
}

// openLedger returns the name of the open ledger.
func (c *Core) openLedger(ctx context.Context) (string, error) {
	l := &c.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.name != "" {
		return l.name, nil
	}
	if c.down() {
		return "", ErrUnavailable // somebody has just tried
	}
	name := fmt.Sprintf("%s.%d", c.opt.Process, l.opened+1)
	if err := c.shared.OpenLedger(ctx, name, l.left, c.opt.Dead); err != nil {
		return "", err
	}
	l.name, l.left = name, nil
	l.opened++
	return name, nil
}

// leaveLedger closes a ledger: it is not known whether lines got into it, or another process has closed it. Lines of
// drop are counted otherwise.
func (c *Core) leaveLedger(name string, drop []uint64) {
	l := &c.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.name != name && len(drop) == 0 {
		return // somebody has left it before
	}
	l.left = append(l.left, ClosedLedger{name, drop})
	if l.name != "" && l.name != name {
		l.left = append(l.left, ClosedLedger{Name: l.name}) // the next one is opened, and so the lines are dropped, at once
	}
	l.name = ""
}

// closeLedger removes the ledger of a process that has written everything. What is left in it is another one's.
func (c *Core) closeLedger(ctx context.Context) {
	if c.shared == nil {
		return
	}
	l := &c.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.name != "" {
		l.left = append(l.left, ClosedLedger{Name: l.name})
	}
	if len(l.left) == 0 {
		return
	}
	if err := c.shared.OpenLedger(ctx, "", l.left, c.opt.Dead); err != nil {
		c.opt.Logger.Debug("The ledger could not be closed; another collector does it.", zap.Error(err))
	}
	l.name, l.left = "", nil
}

// The second byte of a line.
const (
	lineTaken byte = 1 << iota // an occurrence that another issue counts now
	lineWhole                  // with what makes a record of the issue, which may not be stored yet
)

// line returns a line that counts an occurrence, or takes it back. With first it brings the event along.
func (c *Core) line(ledger string, o *Occurrence, taken, first bool) Line {
	w := writer{b: make([]byte, 0, 128)}
	kind := byte(0)
	var meta *Occurrence
	if taken {
		kind = lineTaken
	} else if meta = c.unstored(o.Issue); meta != nil {
		kind = lineWhole
	}
	w.b = append(w.b, codecVersion, kind)
	for _, s := range []string{o.Issue, o.Service, o.Environment, o.Release, string(o.Key[:])} {
		w.text(s)
	}
	w.time(o.Time)
	w.number(o.who())
	if meta != nil {
		w.meta(meta)
		var event []byte
		if first && o.Sample != nil {
			if e := o.example(); e != nil {
				if c.opt.Redact != nil {
					e = redactEvent(e, c.opt.Redact)
				}
				event, _ = EncodeEvent(e) // without it the issue has no example, that is all
			}
		}
		w.text(string(event))
	}
	return Line{Ledger: ledger, ID: c.ledger.last.Add(1), Data: w.b}
}

func (w *writer) meta(o *Occurrence) {
	for _, s := range []string{o.Title, o.Culprit, o.Owner, o.Level, string(o.Basis)} {
		w.text(s)
	}
	w.number(uint64(len(o.Fingerprint)))
	for _, p := range o.Fingerprint {
		w.text(p.Name)
		w.text(p.Value)
	}
}

// unstored returns the description of an issue that is not known to be stored; nil otherwise.
func (c *Core) unstored(id string) *Occurrence {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.issues[id]; e != nil && e.hot != nil && e.hot.rec == nil {
		return e.hot.meta
	}
	return nil
}

// occurrence reads a line.
func (l *Line) occurrence() (o Occurrence, taken, ok bool) {
	if len(l.Data) < 2 || l.Data[0] != codecVersion {
		return o, false, false
	}
	kind, d := l.Data[1], reader{b: l.Data[2:]}
	o.Issue, o.Service, o.Environment, o.Release = d.text(), d.text(), d.text(), d.text()
	copy(o.Key[:], d.text())
	o.Time = d.time()
	o.user = d.number()
	if kind&lineWhole != 0 {
		o.Title, o.Culprit, o.Owner, o.Level, o.Basis = d.text(), d.text(), d.text(), d.text(), grouping.Basis(d.text())
		o.Fingerprint = list(&d, func() grouping.Part { return grouping.Part{Name: d.text(), Value: d.text()} })
		if b := []byte(d.text()); len(b) > 0 && d.err == nil {
			o.Sample = func() *Event {
				e, err := DecodeEvent(b)
				if err != nil {
					return nil
				}
				return e
			}
		}
	}
	o.line = l
	return o, kind&lineTaken != 0, d.err == nil && o.Issue != ""
}

// who is the hash of the affected user, 0 if there is none.
func (o *Occurrence) who() uint64 {
	if o.User == "" {
		return o.user
	}
	return hashUser(o.User)
}

// cover makes the change of an issue remove the lines that it counts.
func (c *Core) cover(tx *Tx, w *work) {
	if c.shared == nil {
		return
	}
	tx.Lines = func() []Line {
		r := w.rec
		counted := r.Merged == "" && r.Applied[c.opt.Process] >= w.d.seq
		never := r.Empty() && w.d.meta != nil && w.d.n == 0
		if !counted && !never {
			return nil
		}
		return w.d.lines
	}
	tx.Gone = func(index []int) {
		sh := c.shard(w.e.id)
		sh.Lock()
		defer sh.Unlock()
		w.d.forgo(index, c.opt.Now())
	}
}

// forgo takes back what another process has counted: the lines at the given places.
func (d *delta) forgo(index []int, now time.Time) {
	gone := make(map[int]bool, len(index))
	for _, i := range index {
		gone[i] = true
	}
	rest := d.lines[:0:0]
	for i := range d.lines {
		if !gone[i] {
			rest = append(rest, d.lines[i])
			continue
		}
		o, taken, ok := d.lines[i].occurrence()
		o.line = nil
		switch {
		case ok && taken:
			fed := d.fed
			d.count(&o, now, 1)
			d.fed = fed
		case ok:
			d.count(&o, now, -1)
		}
	}
	d.lines = rest
	d.fold()
}

// keepLedger gives the sign of life and takes over what processes that are gone have not written.
func (c *Core) keepLedger(ctx context.Context) error {
	now := c.opt.Now()
	if c.isAway(now) {
		return ErrUnavailable
	}
	name, err := c.openLedger(ctx)
	if err != nil {
		return err
	}
	open, orphans, err := c.shared.KeepLedger(ctx, name, c.opt.Dead)
	if err != nil {
		return err
	}
	if !open {
		c.leaveLedger(name, nil)
	}
	for _, orphan := range orphans {
		if strings.HasPrefix(orphan, c.opt.Process+".") {
			continue // our own: what is in it is about to be written
		}
		if err := c.adopt(ctx, orphan, now); err != nil {
			return err
		}
	}
	return nil
}

// adopt counts lines of a ledger whose process is gone; the next write removes them.
func (c *Core) adopt(ctx context.Context, name string, now time.Time) error {
	if ok, err := c.store.Lease(ctx, "ledger "+name, c.opt.Process, now, 3*c.opt.Dead); err != nil || !ok {
		return err
	}
	lines, err := c.shared.AdoptLedger(ctx, name, adoptLimit)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		delete(c.ledger.taken, name)
		return c.store.Unlease(ctx, "ledger "+name, c.opt.Process)
	}
	if c.ledger.taken == nil {
		c.ledger.taken = map[string]map[uint64]bool{}
	}
	taken := c.ledger.taken[name]
	if taken == nil {
		taken = map[uint64]bool{}
		c.ledger.taken[name] = taken
	}
	var all []Occurrence
	var back []bool
	var bad []uint64
	for i := range lines {
		if taken[lines[i].ID] {
			continue
		}
		o, takenBack, ok := lines[i].occurrence()
		if !ok {
			bad = append(bad, lines[i].ID)
			continue
		}
		taken[lines[i].ID] = true
		all, back = append(all, o), append(back, takenBack)
	}
	if len(bad) > 0 {
		c.opt.Logger.Warn("Counts of a collector that is gone can't be read; they are lost.", zap.String("collector", name), zap.Int("counts", len(bad)))
		if err := c.shared.OpenLedger(ctx, "", []ClosedLedger{{name, bad}}, c.opt.Dead); err != nil {
			return err
		}
	}
	c.warm(ctx, all, now)
	var t tally
	for i := range all {
		if back[i] {
			c.take(&all[i], now)
		} else {
			c.count(&all[i], now, &t)
		}
	}
	if len(all) > 0 {
		c.opt.Logger.Info("A collector is gone; what it had counted and not written was taken over.", zap.String("collector", name), zap.Int("counts", len(all)))
	}
	return nil
}

// lines are those of a group.
func (g *group) lines() (all []Line) {
	for i := range g.now {
		all = append(all, g.now[i].lines...)
	}
	return all
}

// lineIDs are the lines of groups.
func lineIDs(groups []*group) (ids []uint64) {
	for _, g := range groups {
		for _, l := range g.lines() {
			ids = append(ids, l.ID)
		}
	}
	return ids
}
