// Package rate is the `10/1m` of configurations: so many of something in a length of time.
package rate

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limit allows so many in each window of time. The zero value allows everything.
type Limit struct {
	count int
	per   time.Duration
}

// New returns the limit of count in each window of per.
func New(count int, per time.Duration) Limit { return Limit{count: count, per: per} }

// Count is how many a window allows.
func (l Limit) Count() int { return l.count }

// Per is the length of a window.
func (l Limit) Per() time.Duration { return l.per }

// Unlimited tells that the limit allows everything.
func (l Limit) Unlimited() bool { return l.per <= 0 }

// UnmarshalText reads `10/1m`, or `off` for no limit.
func (l *Limit) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if s == "off" || s == "" {
		*l = Limit{}
		return nil
	}
	count, per, ok := strings.Cut(s, "/")
	n, err := strconv.Atoi(strings.TrimSpace(count))
	if !ok || err != nil || n < 0 {
		return fmt.Errorf("%q is not a rate; write so many per length of time, such as \"10/1m\" or \"100/30s\", or \"off\"", s)
	}
	d, err := duration(strings.TrimSpace(per))
	if err != nil || d <= 0 {
		return fmt.Errorf("%q is not a rate: %q must be a positive length of time, as in \"%d/1m\" or \"%d/30s\"", s, per, n, n)
	}
	*l = Limit{count: n, per: d}
	return nil
}

// duration reads a length of time; the number may be left out before the unit, as in "10/m".
func duration(s string) (time.Duration, error) {
	if s != "" && (s[0] < '0' || s[0] > '9') {
		s = "1" + s
	}
	return time.ParseDuration(s)
}

// MarshalText writes what UnmarshalText reads.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// String returns `10/1m0s`, or `off`.
func (l Limit) String() string {
	if l.Unlimited() {
		return "off"
	}
	return strconv.Itoa(l.count) + "/" + l.per.String()
}

// Window counts against a limit. The zero value is an empty window. It is not safe for concurrent
// use; see [Table].
type Window struct {
	start time.Time
	n     int
}

// Take counts one and tells whether the limit allows it. A window begins with its first one.
func (w *Window) Take(l Limit, now time.Time) bool {
	if l.Unlimited() {
		return true
	}
	if now.Sub(w.start) >= l.per || now.Before(w.start) {
		w.start, w.n = now, 0
	}
	if w.n >= l.count {
		return false
	}
	w.n++
	return true
}

// Over tells that the window has ended, so that forgetting it changes nothing.
func (w *Window) Over(l Limit, now time.Time) bool { return now.Sub(w.start) >= l.per }

// Table has a window for each key, of a bounded number of keys. When it is full and no window has
// ended, all further keys share one.
type Table struct {
	limit Limit
	size  int

	mu      sync.Mutex
	windows map[string]*Window // guarded by mu
	rest    Window             // guarded by mu
	swept   time.Time          // guarded by mu
}

// NewTable returns a table of at most size keys.
func NewTable(limit Limit, size int) *Table {
	return &Table{limit: limit, size: size, windows: make(map[string]*Window)}
}

// Take counts one under a key and tells whether the limit allows it.
func (t *Table) Take(key string, now time.Time) bool {
	if t.limit.Unlimited() {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	w, ok := t.windows[key]
	if !ok {
		if len(t.windows) >= t.size && now.Sub(t.swept) >= t.limit.per {
			t.swept = now
			for k, w := range t.windows {
				if w.Over(t.limit, now) {
					delete(t.windows, k)
				}
			}
		}
		if len(t.windows) >= t.size {
			return t.rest.Take(t.limit, now)
		}
		w = &Window{}
		t.windows[strings.Clone(key)] = w
	}
	return w.Take(t.limit, now)
}
