package tracecontext

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"time"
)

// The audit's bounds.
const (
	auditShards  = 16
	auditLinks   = 4096            // calls a shard remembers in each of two generations
	auditRoutes  = 256             // routes a shard watches
	auditPending = 64              // clients, and roots, that a route watches
	auditMemory  = time.Minute     // how long a call waits for its other side
	auditSettle  = 5 * time.Second // time for the true child of a call to arrive
	auditSkew    = 25_000_000      // nanoseconds by which clocks may differ
)

// Audit finds calls between services that lose the trace context: a server span that starts a new
// trace while a client span of another service was waiting for the same method and path of the same
// host. It sees spans in any order, remembers a bounded number of them for a minute, and is safe for
// concurrent use. It can only judge calls whose both sides pass this process.
type Audit struct {
	seed   maphash.Seed
	links  [auditShards]linkTable
	routes [auditShards]routeTable
}

// Call is one side of a call between services.
type Call struct {
	Service  string // of the span
	TraceID  [16]byte
	SpanID   [8]byte
	ParentID [8]byte
	Method   string // HTTP method, or RPC service; "" = unknown, then a lost context cannot be found
	Path     string // URL path, or RPC method
	Host     string // the host that is called, without port; "" = unknown
	Start    int64  // Unix nanoseconds
	End      int64
}

// Finding is a call whose two sides were found.
type Finding struct {
	Caller, Callee string // services
	Lost           bool   // the server span started a new trace
}

// NewAudit returns an empty audit.
func NewAudit() *Audit {
	a := &Audit{seed: maphash.MakeSeed()}
	for i := range auditShards {
		a.links[i].young = map[uint64]linked{}
		a.routes[i].routes = map[uint64]*route{}
	}
	return a
}

// linkTable joins the client span of a call with its child, whichever comes first.
type linkTable struct {
	mu         sync.Mutex
	young, old map[uint64]linked
	turned     time.Time
}

// linked is what is known of one client span.
type linked struct {
	client string // service of the client span; "" = not seen
	callee string // service of its child; "" = not seen
	seen   bool   // the client span was seen
}

func (a *Audit) hash(trace [16]byte, span [8]byte) uint64 {
	var b [24]byte
	copy(b[:16], trace[:])
	copy(b[16:], span[:])
	return maphash.Bytes(a.seed, b[:])
}

// get returns what is known of a call. t.mu must be held.
func (t *linkTable) get(key uint64) linked {
	if l, ok := t.young[key]; ok {
		return l
	}
	return t.old[key]
}

// put keeps it, in the young generation. t.mu must be held.
func (t *linkTable) put(key uint64, l linked, now time.Time) {
	if len(t.young) >= auditLinks || now.Sub(t.turned) > auditMemory {
		t.old, t.young, t.turned = t.young, map[uint64]linked{}, now
	}
	t.young[key] = l
}

// Client notes a client span of a service that calls another.
func (a *Audit) Client(c Call, now time.Time) (f Finding, ok bool) {
	key := a.hash(c.TraceID, c.SpanID)
	t := &a.links[key%auditShards]
	t.mu.Lock()
	l := t.get(key)
	l.client, l.seen = c.Service, true
	t.put(key, l, now)
	t.mu.Unlock()
	if l.callee != "" {
		return Finding{Caller: c.Service, Callee: l.callee}, c.Service != l.callee
	}
	a.watch(c, key, false, now)
	return f, false
}

// Server notes a server span.
func (a *Audit) Server(c Call, now time.Time) (f Finding, ok bool) {
	if c.ParentID == [8]byte{} {
		a.watch(c, 0, true, now)
		return f, false
	}
	key := a.hash(c.TraceID, c.ParentID)
	t := &a.links[key%auditShards]
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.get(key)
	l.callee = c.Service
	t.put(key, l, now)
	return Finding{Caller: l.client, Callee: c.Service}, l.seen && l.client != c.Service
}

// answered tells that the child of a client span was seen.
func (a *Audit) answered(key uint64) bool {
	t := &a.links[key%auditShards]
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.get(key).callee != ""
}

// routeKey hashes what both sides of a call agree on.
func (a *Audit) routeKey(method, path string) uint64 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], maphash.String(a.seed, method))
	return maphash.String(a.seed, path) ^ maphash.Bytes(a.seed, b[:])
}
