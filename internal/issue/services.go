package issue

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// Bounds of the service statistics.
const (
	maxStatServices = 2000
	maxStatKeys     = 200 // detectors, callers
	statBuckets     = 24  // hours of StatsWindow
)

// stats sums up what processors reported, in buckets of one hour.
type stats struct {
	mu       sync.Mutex
	services map[string]*serviceStat
	changed  bool
}

type serviceStat struct {
	Seen    time.Time                `json:"seen"`
	Buckets map[int64]*ServiceReport `json:"buckets"` // by unix hour
}

// Report implements [Reporter].
func (c *Core) Report(reports []ServiceReport) {
	now := c.opt.Now()
	hour := now.Unix() / 3600
	s := &c.stats
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range reports {
		r := &reports[i]
		name := clip.Bytes(r.Service, maxNameBytes)
		if s.services == nil {
			s.services = map[string]*serviceStat{}
		}
		st := s.services[name]
		if st == nil {
			if len(s.services) >= maxStatServices {
				continue
			}
			st = &serviceStat{Buckets: map[int64]*ServiceReport{}}
			s.services[name] = st
		}
		st.Seen = now.UTC()
		b := st.Buckets[hour]
		if b == nil {
			b = &ServiceReport{Service: name}
			st.Buckets[hour] = b
			st.forget(hour)
		}
		b.add(r)
	}
	s.changed = s.changed || len(reports) > 0
}

func (st *serviceStat) forget(hour int64) {
	for h := range st.Buckets {
		if h <= hour-statBuckets {
			delete(st.Buckets, h)
		}
	}
}

func (r *ServiceReport) add(o *ServiceReport) {
	r.Errors += o.Errors
	r.Records = addBounded(r.Records, o.Records)
	r.TraceIDs = addBounded(r.TraceIDs, o.TraceIDs)
	r.Redacted = addBounded(r.Redacted, o.Redacted)
	r.Calls = addBounded(r.Calls, o.Calls)
	r.Roots = addBounded(r.Roots, o.Roots)
}

func addBounded(m, add map[string]uint64) map[string]uint64 {
	if m == nil && len(add) > 0 {
		m = make(map[string]uint64, len(add))
	}
	for k, n := range add {
		k = clip.Bytes(k, maxNameBytes)
		if _, ok := m[k]; ok || len(m) < maxStatKeys {
			m[k] += n
		}
	}
	return m
}

// Services implements [Source]. With a shared store it adds up what all collectors reported.
func (c *Core) Services(ctx context.Context) ([]ServiceStats, error) {
	c.freshen(ctx)
	now := c.opt.Now()
	hour := now.Unix() / 3600
	sums := map[string]*ServiceReport{}
	seenAt := map[string]time.Time{}
	collect := func(all map[string]*serviceStat) {
		for name, st := range all {
			for h, b := range st.Buckets {
				if h <= hour-statBuckets {
					continue
				}
				if sums[name] == nil {
					sums[name] = &ServiceReport{Service: name}
				}
				sums[name].add(b)
			}
			if st.Seen.After(seenAt[name]) {
				seenAt[name] = st.Seen
			}
		}
	}
	if c.shared != nil && !c.isAway(now) {
		blobs, err := c.store.Blobs(ctx, statsPrefix)
		if err != nil {
			c.wentAway(err, now)
		}
		for key, b := range blobs {
			if key == c.statsKey() {
				continue
			}
			var all map[string]*serviceStat
			if json.Unmarshal(b, &all) == nil {
				collect(all)
			}
		}
	}
	c.stats.mu.Lock()
	collect(c.stats.services)
	c.stats.mu.Unlock()

	states := map[string]map[State]int{}
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for _, e := range sh.issues {
			if e.merged != "" || e.count == 0 {
				continue
			}
			if states[e.service] == nil {
				states[e.service] = map[State]int{}
			}
			states[e.service][e.state]++
			if sums[e.service] == nil && len(sums) < maxStatServices {
				sums[e.service] = &ServiceReport{Service: e.service}
			}
			if e.last.After(seenAt[e.service]) {
				seenAt[e.service] = e.last
			}
		}
		sh.Unlock()
	}
	out := make([]ServiceStats, 0, len(sums))
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, statsOf(sums[name], seenAt[name], states[name]))
	}
	return out, nil
}

func statsOf(r *ServiceReport, at time.Time, issues map[State]int) ServiceStats {
	s := ServiceStats{
		Service: r.Service, LastSeen: at.UTC(), Records: r.Records, Errors: r.Errors, TraceIDs: r.TraceIDs, Coverage: -1,
		Redacted: r.Redacted, Calls: r.Calls, Roots: r.Roots, LostContext: -1, Issues: issues,
	}
	if all := r.Records["logs"] + r.Records["traces"]; all > 0 {
		s.ErrorRate = min(float64(r.Errors)/float64(all), 1)
	}
	var logs uint64
	for _, n := range r.TraceIDs {
		logs += n
	}
	if logs > 0 {
		s.Coverage = float64(r.TraceIDs["present"]+r.TraceIDs["recovered"]) / float64(logs)
	}
	var calls, roots uint64
	for _, n := range r.Calls {
		calls += n
	}
	for _, n := range r.Roots {
		roots += n
	}
	if calls > 0 {
		s.LostContext = min(float64(roots)/float64(calls), 1)
	}
	return s
}

const statsPrefix = "services/"

// statsKey is one blob for a store of our own, one for each process in a shared one.
func (c *Core) statsKey() string {
	if c.shared == nil {
		return statsPrefix + "all"
	}
	return statsPrefix + c.opt.Process
}

// saveStats keeps the statistics in the store, at most every ten seconds.
func (c *Core) saveStats(ctx context.Context) {
	now := c.opt.Now()
	s := &c.stats
	s.mu.Lock()
	if !s.changed || c.isAway(now) {
		s.mu.Unlock()
		return
	}
	for name, st := range s.services {
		if st.forget(now.Unix() / 3600); len(st.Buckets) == 0 {
			delete(s.services, name)
		}
	}
	b, err := json.Marshal(s.services)
	s.changed = false
	s.mu.Unlock()
	if err != nil {
		return
	}
	if err := c.store.PutBlob(ctx, c.statsKey(), b); err != nil {
		s.mu.Lock()
		s.changed = true
		s.mu.Unlock()
	}
}

func (c *Core) loadStats(ctx context.Context) error {
	if c.shared != nil {
		return nil // other processes' are read when they are asked for
	}
	blobs, err := c.store.Blobs(ctx, statsPrefix)
	if err != nil {
		return err
	}
	var all map[string]*serviceStat
	if b := blobs[c.statsKey()]; len(b) > 0 && json.Unmarshal(b, &all) == nil {
		maps.DeleteFunc(all, func(_ string, st *serviceStat) bool { return st == nil || st.Buckets == nil })
		c.stats.mu.Lock()
		c.stats.services = all
		c.stats.mu.Unlock()
	}
	return nil
}

// serviceReleases returns the releases in which any issue of the issue's service was seen: those that are out
// when it is resolved.
func (c *Core) serviceReleases(ctx context.Context, id string) []string {
	id = c.alias(id)
	sh := c.shard(id)
	sh.Lock()
	e := sh.issues[id]
	service := ""
	if e != nil {
		service = e.service
	}
	sh.Unlock()
	if service == "" {
		return nil
	}
	var out []string
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for _, e := range sh.issues {
			if e.service != service || e.hot == nil || e.hot.rec == nil {
				continue
			}
			for _, r := range e.hot.rec.Releases {
				if len(out) < maxReleases && !slices.Contains(out, r.Version) {
					out = append(out, r.Version)
				}
			}
		}
		sh.Unlock()
	}
	return out
}
