package errorissueprocessor

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/otel-culprit/culprit/internal/issue"
)

// maxServices bounds the services that are told apart; the others are counted under "".
const maxServices = 10_000

// services counts records and errors of each service until the registry takes them.
type services struct {
	counts sync.Map // string -> *serviceCounts
	n      atomic.Int32
}

type serviceCounts struct {
	logs, spans, errors atomic.Uint64
}

// of returns the counters of a service.
func (s *services) of(service string) *serviceCounts {
	if c, ok := s.counts.Load(service); ok {
		return c.(*serviceCounts)
	}
	if s.n.Load() >= maxServices {
		service = ""
	}
	c, loaded := s.counts.LoadOrStore(strings.Clone(service), &serviceCounts{})
	if !loaded {
		s.n.Add(1)
	}
	return c.(*serviceCounts)
}

// take returns what was counted since the last call.
func (s *services) take() []issue.ServiceReport {
	var out []issue.ServiceReport
	s.counts.Range(func(k, v any) bool {
		c := v.(*serviceCounts)
		logs, spans, errors := c.logs.Swap(0), c.spans.Swap(0), c.errors.Swap(0)
		if logs+spans+errors == 0 {
			return true
		}
		r := issue.ServiceReport{Service: k.(string), Errors: errors}
		if logs+spans > 0 {
			r.Records = map[string]uint64{}
		}
		if logs > 0 {
			r.Records["logs"] = logs
		}
		if spans > 0 {
			r.Records["traces"] = spans
		}
		out = append(out, r)
		return true
	})
	return out
}
