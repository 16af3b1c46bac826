package tracecontext

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// routeTable keeps the calls of one method and path that wait for their other side.
type routeTable struct {
	mu     sync.Mutex
	routes map[uint64]*route
}

type route struct {
	clients waitlist
	roots   waitlist
}

// waitlist are calls that wait, oldest first from next on.
type waitlist struct {
	calls []waiting
	next  int
}

// add puts a call in, in place of the oldest one when there are enough.
func (l *waitlist) add(w waiting) {
	if len(l.calls) < auditPending {
		l.calls = append(l.calls, w)
		return
	}
	l.calls[l.next] = w
	l.next = (l.next + 1) % auditPending
}

// ordered puts the oldest call first.
func (l *waitlist) ordered() []waiting {
	if l.next > 0 {
		l.calls = slices.Concat(l.calls[l.next:], l.calls[:l.next])
		l.next = 0
	}
	return l.calls
}

// keep makes calls, the beginning of the list's own, all that wait.
func (l *waitlist) keep(calls []waiting) {
	clear(l.calls[len(calls):])
	l.calls = calls
}

// waiting is one side of a call.
type waiting struct {
	service, host string
	start, end    int64
	seen          time.Time
	link          uint64 // of a client: its key among the links
}

// watch keeps a client span, or a root server span, until Settle finds its other side.
func (a *Audit) watch(c Call, link uint64, root bool, now time.Time) {
	if c.Method == "" || c.Path == "" || c.End < c.Start {
		return
	}
	key := a.routeKey(c.Method, c.Path)
	t := &a.routes[key%auditShards]
	w := waiting{
		service: c.Service.name, host: c.Host,
		start: c.Start, end: c.End, seen: now, link: link,
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.routes[key]
	if r == nil {
		if len(t.routes) >= auditRoutes {
			return
		}
		r = &route{}
		t.routes[key] = r
	}
	if root {
		r.roots.add(w)
	} else {
		r.clients.add(w)
	}
}

// Settle returns the calls that lost their context, among those whose both sides have been known for
// some seconds. It forgets what is too old. all says not to wait, because this is the end.
func (a *Audit) Settle(now time.Time, all bool) []Finding {
	var found []Finding
	for i := range a.routes {
		t := &a.routes[i]
		t.mu.Lock()
		for key, r := range t.routes {
			found = a.settle(r, now, all, found)
			if len(r.clients.calls)+len(r.roots.calls) == 0 {
				delete(t.routes, key)
			}
		}
		t.mu.Unlock()
	}
	return found
}

func (a *Audit) settle(r *route, now time.Time, all bool, found []Finding) []Finding {
	live := func(w waiting) bool { return now.Sub(w.seen) <= auditMemory }
	ready := func(w waiting) bool { return all || now.Sub(w.seen) >= auditSettle }
	waits := r.clients.ordered()
	clients := waits[:0]
	for _, c := range waits {
		if live(c) && !a.answered(c.link, now) {
			clients = append(clients, c)
		}
	}
	r.clients.keep(clients)
	waits = r.roots.ordered()
	roots := waits[:0]
	for _, root := range waits {
		if !live(root) {
			continue
		}
		best := -1
		if ready(root) {
			for i, c := range r.clients.calls {
				if ready(c) && called(c, root) && (best < 0 || apart(c, root) < apart(r.clients.calls[best], root)) {
					best = i
				}
			}
		}
		if best < 0 {
			roots = append(roots, root)
			continue
		}
		found = append(found, Finding{Caller: r.clients.calls[best].service, Callee: root.service, Lost: true})
		r.clients.calls = slices.Delete(r.clients.calls, best, best+1)
	}
	r.roots.keep(roots)
	return found
}

// called tells that a root server span may be what a client span of another service waited for: it
// lies within it, and nothing says that the client called somebody else.
func called(c, root waiting) bool {
	if c.service == root.service || root.start < c.start-auditSkew || root.end > c.end+auditSkew {
		return false
	}
	if c.host == "" || strings.EqualFold(c.host, root.service) || strings.EqualFold(c.host, root.host) {
		return true
	}
	label, _, _ := strings.Cut(c.host, ".")
	return root.host == "" || strings.EqualFold(label, root.service)
}

// apart returns the time between the starts.
func apart(c, root waiting) int64 {
	if d := root.start - c.start; d > 0 {
		return d
	}
	return c.start - root.start
}
