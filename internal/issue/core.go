package issue

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cespare/xxhash/v2"
	"go.uber.org/zap"
)

// Options of a [Core]. The zero value of each field means its default.
type Options struct {
	Store      Store // required
	Process    string
	Logger     *zap.Logger
	Now        func() time.Time
	Rules      Rules
	Milestones []uint64      // default 10, 100, 1000, ... 10^18
	MaxIssues  int           // default 100000
	MaxBytes   int64         // of the store; 0 = not bounded
	Retention  time.Duration // issues not heard of for so long are removed; default 720h
	HotIssues  int           // issues kept whole in memory; default 20000
	Keys       int           // occurrence keys remembered; default 262144
	Traces     int           // traces whose failures are remembered; default 65536
	Window     time.Duration // how long both are remembered, at most twice that; default 10m
	MaxNew     int           // new issues of one service within MaxNewPer; default 100, negative = no limit
	MaxNewPer  time.Duration // default 1m
	Flush      time.Duration // how long counts wait before they are written; default 700ms
	FlushNew   time.Duration // the same for new issues and changed states; default 40ms
	// Dead is after how long without a sign of life another process of a shared store is taken for dead, and its counts
	// are taken over; default 10s. If it lives nevertheless, nothing is counted twice.
	Dead  time.Duration
	Links Links
	// Redact removes personal data and secrets from a text before it is stored or shown; key is the name under
	// which it stood, or "". nil = off.
	Redact func(text, key string) string
	// Observe is told what happens, for metrics; nil = nobody.
	Observe Observer
}

// Observer counts what a registry does.
type Observer interface {
	Judged(occurrences, repeats, resent, overflow, fresh int)
	Flushed(issues int, took time.Duration, err error)
	Evicted(n int, reason string)
}

type noObserver struct{}

func (noObserver) Judged(int, int, int, int, int)    {}
func (noObserver) Flushed(int, time.Duration, error) {}
func (noObserver) Evicted(int, string)               {}

// Core is the registry: it judges occurrences in memory, writes what it counted to its [Store] in
// groups, and applies the rules of the states. It implements [Registry] and [Source].
type Core struct {
	opt    Options
	store  Store
	shared Shared // nil unless several processes use the store
	// journal is nil unless the store outlives the process and is its own.
	journal    Journal
	loose      looseNotes
	related    relations
	noteBuffer []byte // under flushMu

	shards [64]coreShard
	keys   *window[keyEntry]
	odd    oddIDs
	traces *window[*traceRec]
	crumbs Breadcrumbs
	limit  newLimit
	stats  stats
	latest budget // of latest events, by issues in turn
	spare  budget // the same for more of them, while errors are few
	watch  watchers
	ledger ledger // with a shared store

	issues  atomic.Int64 // entries that are no aliases
	hot     atomic.Int64
	urgent  atomic.Bool
	aliased atomic.Bool // there is an alias: most registries never have one
	crowded atomic.Bool // so much waits that all of it is to be written now
	kick    chan struct{}
	full    chan struct{} // there are too many issues
	flushMu sync.Mutex    // one writer at a time: records are changed under it
	seq     uint64        // of increments; under flushMu
	away    atomic.Int64
	since   atomic.Uint64 // position in the store's changes
	syncMu  sync.Mutex
	synced  atomic.Int64
	loaded  atomic.Bool

	stop    context.CancelFunc
	workers sync.WaitGroup
}

var (
	_ Registry = (*Core)(nil)
	_ Source   = (*Core)(nil)
)

type coreShard struct {
	sync.Mutex
	issues map[string]*entry
	dirty  []*entry // with something to write
	notes  int      // keys that wait to be written
	_      [64]byte
}

// entry is an issue as lists show it; hot is what judging needs and comes and goes.
type entry struct {
	id, title, culprit, service, owner, level string
	state                                     State
	count, users                              uint64
	first, last, touched, due                 time.Time
	services                                  []string
	merged                                    string // the issue it was merged into
	kept                                      bool   // has a ticket or a manual state: evicted last
	ghost                                     bool   // known by its ID only: another process counted it first
	leaving                                   bool   // is being removed
	told                                      time.Time
	sampled                                   int64 // unix nanoseconds of the last event that was kept; 0 = not known
	hot                                       *hotEntry
}

type hotEntry struct {
	rec             *Record // as last read or written; nil = not in the store yet, or cold
	cold            bool    // the store has a record that was not read: what lists know of the issue is enough to judge
	pending, flying *delta
	queued, urgent  bool
	born            bool     // the next occurrence is the first ever
	users           *userSet // of everybody as far as known here; nil until somebody is affected
	lastUsers       [4]uint64
	nextUser        uint8
	nextSpread      uint64
	tries           int // writes that had to be put off
	used            time.Time
	overflow        bool
	sampledReleases []string
	meta            *Occurrence
}

// NewCore returns a registry over a store. It does nothing until Start.
func NewCore(opt Options) *Core {
	opt.Process = cmp.Or(opt.Process, processName())
	if opt.Logger == nil {
		opt.Logger = zap.NewNop()
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	opt.Rules.defaults()
	if opt.Milestones == nil {
		for m := uint64(10); m <= 1e18; m *= 10 {
			opt.Milestones = append(opt.Milestones, m)
		}
	}
	opt.MaxIssues = cmp.Or(opt.MaxIssues, 100000)
	opt.Retention = cmp.Or(opt.Retention, 720*time.Hour)
	opt.HotIssues = cmp.Or(opt.HotIssues, 20000)
	opt.Keys = cmp.Or(opt.Keys, 1<<18)
	opt.Traces = cmp.Or(opt.Traces, 1<<16)
	opt.Window = cmp.Or(opt.Window, 10*time.Minute)
	opt.MaxNew = cmp.Or(opt.MaxNew, 100)
	opt.MaxNewPer = cmp.Or(opt.MaxNewPer, time.Minute)
	opt.Flush = cmp.Or(opt.Flush, 700*time.Millisecond)
	opt.FlushNew = cmp.Or(opt.FlushNew, 40*time.Millisecond)
	opt.Dead = cmp.Or(opt.Dead, 10*time.Second)
	if opt.Observe == nil {
		opt.Observe = noObserver{}
	}
	c := &Core{
		opt: opt, store: opt.Store, keys: newWindow[keyEntry](opt.Keys, opt.Window),
		traces: newWindow[*traceRec](opt.Traces, opt.Window), kick: make(chan struct{}, 1),
		full: make(chan struct{}, 1), latest: budget{reserve: latestReserve, perSecond: latestPerSecond},
		spare: budget{reserve: spareReserve, perSecond: sparePerSecond},
	}
	c.shared, _ = opt.Store.(Shared)
	c.journal, _ = opt.Store.(Journal)
	c.limit.set(opt.MaxNew, opt.MaxNewPer)
	for i := range c.shards {
		c.shards[i].issues = map[string]*entry{}
	}
	return c
}

// processName begins with the time, so that names of later processes are greater.
func processName() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return fmt.Sprintf("%012x-%s", time.Now().UnixMilli(), hex.EncodeToString(b[:]))
}

// Start reads the store's index and begins to write. ctx is for the reading only. With a shared store
// that is away it succeeds and catches up later.
func (c *Core) Start(ctx context.Context) error {
	if err := c.load(ctx); err != nil {
		if c.shared == nil || !errors.Is(err, ErrUnavailable) {
			return fmt.Errorf("read the issues: %w", err)
		}
		c.opt.Logger.Warn("The issues' store is away. Errors are judged by what this process knows, and counted later.", zap.Error(err))
	}
	run, stop := context.WithCancel(context.Background())
	c.stop = stop
	c.workers.Add(2)
	go c.flushLoop(run)
	go c.careLoop(run)
	return nil
}

// Shutdown writes what is left, within ctx, and closes the store. It is safe without Start, and twice.
func (c *Core) Shutdown(ctx context.Context) error {
	if c.stop == nil {
		return nil
	}
	c.stop()
	c.stop = nil
	c.workers.Wait()
	err := c.flush(ctx, true)
	for err == nil && c.waiting() && ctx.Err() == nil {
		err = c.flush(ctx, true) // what came while an earlier write failed
	}
	c.closeLedger(ctx)
	c.saveStats(ctx)
	c.watch.close()
	return errors.Join(err, c.store.Close())
}

func (c *Core) load(ctx context.Context) error {
	if c.shared != nil {
		_, position, err := c.shared.Changed(ctx, ^uint64(0))
		if err != nil {
			return err
		}
		c.since.Store(position)
	}
	err := c.store.Scan(ctx, func(r *Record) bool {
		sh := c.shard(r.ID)
		sh.Lock()
		defer sh.Unlock()
		// What was judged meanwhile is newer, or will be with its next write.
		if e := sh.issues[r.ID]; e == nil || e.hot == nil {
			c.show(sh, r, nil)
		}
		return true
	})
	if err != nil {
		return err
	}
	c.loaded.Store(true)
	return errors.Join(c.recall(ctx), c.loadStats(ctx))
}

func (c *Core) shard(id string) *coreShard {
	return &c.shards[xxhash.Sum64String(id)%uint64(len(c.shards))]
}

// show brings the entry of a record up to date, with what is still to be written; under the shard's lock.
func (c *Core) show(sh *coreShard, r *Record, waiting *delta) *entry {
	e := sh.issues[r.ID]
	if e == nil {
		e = &entry{id: strings.Clone(r.ID)}
		sh.issues[e.id] = e
		if r.Merged == "" {
			c.issues.Add(1)
		}
	} else if e.ghost {
		e.ghost = false
		if r.Merged == "" {
			c.issues.Add(1)
		}
	} else if (e.merged == "") != (r.Merged == "") {
		if r.Merged == "" {
			c.issues.Add(1)
		} else {
			c.issues.Add(-1)
		}
	}
	keep(&e.merged, r.Merged)
	if r.Merged != "" {
		c.aliased.Store(true)
		e.state, e.count = "", 0
		e.due = time.Time{}
		return e
	}
	keep(&e.title, r.Title)
	keep(&e.culprit, r.Culprit)
	keep(&e.service, r.Service)
	keep(&e.owner, r.Owner)
	keep(&e.level, r.Level)
	e.state = r.State.constant()
	e.count, e.users, e.first, e.last, e.touched = r.Count, r.Users, r.FirstSeen, r.LastSeen, r.Touched
	e.due = r.due(&c.opt.Rules)
	e.kept = len(r.Tickets) > 0 || r.Resolution != nil || r.Mute != nil || len(r.Aliases) > 0 || manual(r.History)
	e.affects(r.Services)
	if waiting != nil {
		e.count = addSigned(e.count, waiting.n)
		if waiting.last.After(e.last) {
			e.last = waiting.last
		}
		if !waiting.first.IsZero() && (e.first.IsZero() || waiting.first.Before(e.first)) {
			e.first = waiting.first
		}
	}
	return e
}

// keep replaces a text that has changed. The text of a record is part of a larger one, which is not to stay in memory.
func keep(to *string, text string) {
	if *to != text {
		*to = strings.Clone(text)
	}
}

// affects lists the services that an issue was seen in besides its own.
func (e *entry) affects(services map[string]uint64) {
	others := len(services)
	if _, ok := services[e.service]; ok {
		others--
	}
	gone := func(s string) bool { _, ok := services[s]; return !ok || s == e.service }
	if others == len(e.services) && !slices.ContainsFunc(e.services, gone) {
		return
	}
	e.services = make([]string, 0, others)
	for s := range services {
		if s != e.service {
			e.services = append(e.services, strings.Clone(s))
		}
	}
	slices.Sort(e.services)
}

// manual tells whether a person has touched the issue.
func manual(history []Change) bool {
	return slices.ContainsFunc(history, func(c Change) bool { return strings.HasSuffix(c.Reason, byHand) })
}

const byHand = "by hand"

// Size returns how many issues are known.
func (c *Core) Size() int { return int(max(c.issues.Load(), 0)) }

// Breadcrumbs is the table of records by trace that all components share.
func (c *Core) Breadcrumbs() *Breadcrumbs { return &c.crumbs }

// Links are the configured link templates.
func (c *Core) Links() Links { return c.opt.Links }

func (c *Core) redact(s string) string {
	if c.opt.Redact == nil || s == "" {
		return s
	}
	return c.opt.Redact(s, "")
}
