package traceidprocessor

import (
	"encoding/binary"
	"math/rand/v2"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// settle decides on the records that have no trace ID, now that all records of the batch are known.
func (b *logBatch) settle() {
	for i := range b.pending {
		p := &b.pending[i]
		if i == 0 || p.service != b.service {
			b.flush(b.ctx)
			b.service = p.service
		}
		b.settleOne(p)
	}
	b.flush(b.ctx)
}

func (b *logBatch) settleOne(p *pendingLog) {
	attrs := p.record.Attributes()
	set := func(trace [16]byte, st status, rule string, source, name string) {
		p.record.SetTraceID(trace)
		attrs.PutStr(attrStatus, st.String())
		attrs.PutStr(attrSource, rule+source)
		b.count(st, rule+name)
	}
	for _, req := range p.requests {
		if b.links == nil {
			break
		}
		if trace, ok := b.links.Lookup(p.scopeOf(req.ID), req.ID, b.now); ok {
			set(trace, recovered, "request_id:", req.Source, req.Key.Name)
			return
		}
	}
	for _, req := range p.requests {
		if trace, rule := b.derive(p, req, p.policy.derive); rule.Found() {
			set(trace, generated, "derive_"+rule.String()+":", req.Source, req.Key.Name)
			return
		}
	}
	if p.invalid != "" && p.policy.derive == tracecontext.DeriveHash {
		if trace, rule := tracecontext.DeriveTrace(tracecontext.DeriveHash, p.value); rule.Found() {
			set(trace, generated, "derive_"+rule.String()+":", p.invalid, "trace_id")
			return
		}
	}
	st := missing
	if p.invalid != "" {
		st = invalid
	}
	switch p.policy.onMissing {
	case missingPass:
		b.count(st, "")
	case missingFlag:
		attrs.PutStr(attrStatus, st.String())
		if p.invalid != "" {
			attrs.PutStr(attrSource, p.invalid)
		}
		b.count(st, "")
	case missingGenerate:
		for _, req := range p.requests {
			if trace, rule := b.derive(p, req, tracecontext.DeriveHash); rule.Found() {
				set(trace, generated, "request_id:", req.Source, req.Key.Name)
				return
			}
		}
		set(randomTrace(), generated, "random", "", "")
	case missingDrop:
		if b.drops == nil {
			b.drops = make([]bool, b.total)
		}
		b.drops[p.ordinal] = true
		b.count(dropped, "")
		b.core.stats.firstDrop(p.service, signalLogs, "no trace ID ("+st.String()+") and 'on_missing: drop'")
	}
}

// derive makes a trace ID of a request ID. A request ID that means something in its process only is
// made unique by the name of the process.
func (b *logBatch) derive(p *pendingLog, req tracecontext.Request, mode tracecontext.Derive) ([16]byte, tracecontext.Rule) {
	if req.Key.Rank == tracecontext.RankHint {
		return [16]byte{}, tracecontext.RuleUnreadable
	}
	if scope := p.scopeOf(req.ID); scope != "" {
		return tracecontext.DeriveTrace(mode, scope+"\x00"+req.ID)
	}
	return tracecontext.DeriveTrace(mode, req.ID)
}

func (p *pendingLog) scopeOf(id string) string {
	if tracecontext.Weak(id) {
		return p.scope
	}
	return ""
}

// processKeys are the resource attributes that tell processes apart.
var processKeys = []string{"service.namespace", "service.name", "service.instance.id", "host.name", "k8s.pod.uid", "k8s.pod.name", "container.id", "process.pid"}

// processName names the process that a resource describes; it is never empty.
func processName(resource pcommon.Map) string {
	var buf []byte
	for _, key := range processKeys {
		if v, ok := resource.Get(key); ok {
			buf = append(buf, v.AsString()...)
		}
		buf = append(buf, '|')
	}
	return string(buf)
}

// randomTrace returns a random, valid trace ID.
func randomTrace() (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], rand.Uint64())
	binary.BigEndian.PutUint64(id[8:], rand.Uint64()|1)
	return id
}

// randomSpan returns a random, valid span ID.
func randomSpan() (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], rand.Uint64()|1)
	return id
}

// remove takes the dropped records out of the batch, and what is empty then.
func (b *logBatch) remove(ld plog.Logs) {
	n := 0
	ld.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool {
			sl.LogRecords().RemoveIf(func(plog.LogRecord) bool {
				n++
				return b.drops[n-1]
			})
			return sl.LogRecords().Len() == 0
		})
		return rl.ScopeLogs().Len() == 0
	})
}
