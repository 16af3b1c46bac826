package tracecontext

import (
	"strings"
	"sync"

	"github.com/otel-culprit/culprit/internal/clip"
)

const (
	auditServices = 1 << 14 // services that are told apart; the calls of others are not looked at
	auditName     = 256     // bytes of a name that count
)

// Service is a service as an [Audit] knows it.
type Service struct {
	name string
	id   uint16 // 0 = one too many
}

// serviceTable numbers the services, so that what is remembered of a call is small.
type serviceTable struct {
	ids   sync.Map // name -> uint16
	mu    sync.RWMutex
	names []string // guarded by mu; by number - 1
}

// Service looks a service up: once for each resource, not for each span.
func (a *Audit) Service(name string) Service {
	name = clip.Bytes(name, auditName)
	if id, ok := a.services.ids.Load(name); ok {
		return Service{name, id.(uint16)}
	}
	return a.services.add(name)
}

func (t *serviceTable) add(name string) Service {
	t.mu.Lock()
	defer t.mu.Unlock()
	if id, ok := t.ids.Load(name); ok {
		return Service{name, id.(uint16)}
	}
	if len(t.names) >= auditServices {
		return Service{name: name}
	}
	name = strings.Clone(name)
	t.names = append(t.names, name)
	id := uint16(len(t.names))
	t.ids.Store(name, id)
	return Service{name, id}
}

func (t *serviceTable) name(id uint16) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.names[id-1]
}
