package tracecontext

import (
	"encoding/binary"
	"hash/maphash"
	"time"
)

// The audit's bounds.
const (
	auditShards  = 16
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
	seed     maphash.Seed
	services serviceTable
	links    [auditShards]linkTable
	routes   [auditShards]routeTable
}

// Call is one side of a call between services.
type Call struct {
	Service  Service // of the span
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
		a.routes[i].routes = map[uint64]*route{}
	}
	return a
}

func (a *Audit) hash(trace [16]byte, span [8]byte) uint64 {
	var b [24]byte
	copy(b[:16], trace[:])
	copy(b[16:], span[:])
	return maphash.Bytes(a.seed, b[:])
}

// Client notes a client span of a service that calls another.
func (a *Audit) Client(c Call, now time.Time) (f Finding, ok bool) {
	if c.Service.id == 0 {
		return f, false
	}
	key := a.hash(c.TraceID, c.SpanID)
	t := &a.links[key%auditShards]
	t.mu.Lock()
	l := t.enter(key, now)
	l.client = c.Service.id
	callee := l.callee
	t.mu.Unlock()
	if callee == 0 {
		a.watch(c, key, false, now)
		return f, false
	}
	return a.between(c.Service.id, callee)
}

// Server notes a server span.
func (a *Audit) Server(c Call, now time.Time) (f Finding, ok bool) {
	if c.Service.id == 0 {
		return f, false
	}
	if c.ParentID == [8]byte{} {
		a.watch(c, 0, true, now)
		return f, false
	}
	key := a.hash(c.TraceID, c.ParentID)
	t := &a.links[key%auditShards]
	t.mu.Lock()
	l := t.enter(key, now)
	l.callee = c.Service.id
	client := l.client
	t.mu.Unlock()
	if client == 0 {
		return f, false
	}
	return a.between(client, c.Service.id)
}

// between tells of a call whose two sides are known, unless a service called itself.
func (a *Audit) between(caller, callee uint16) (f Finding, ok bool) {
	if caller == callee {
		return f, false
	}
	return Finding{Caller: a.services.name(caller), Callee: a.services.name(callee)}, true
}

// answered tells that the child of a client span was seen.
func (a *Audit) answered(key uint64, now time.Time) bool {
	t := &a.links[key%auditShards]
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of(key, now).callee != 0
}

// routeKey hashes what both sides of a call agree on.
func (a *Audit) routeKey(method, path string) uint64 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], maphash.String(a.seed, method))
	return maphash.String(a.seed, path) ^ maphash.Bytes(a.seed, b[:])
}
