package traceidprocessor

import (
	"context"
	"encoding/hex"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// logBatch works on one batch of log records.
type logBatch struct {
	*core
	tally
	ctx context.Context
	now time.Time

	// Of the current resource:
	resource pcommon.Map
	policy   *policy
	scope    string // names the process; made when it is needed
	found    tracecontext.Scan
	searched bool // the resource was searched

	scan    tracecontext.Scan
	pending []pendingLog
	drops   []bool // by ordinal of the record; nil when nothing is dropped
	total   int
}

// pendingLog is a record without a trace ID, whose request ID another record of the batch may know.
type pendingLog struct {
	record   plog.LogRecord
	ordinal  int
	resource pcommon.Map
	policy   *policy
	service  string
	scope    string
	requests []tracecontext.Request
	invalid  string // a key with a value that is no ID
	value    string // that value
}

var logBatches = sync.Pool{New: func() any { return new(logBatch) }}

func (c *core) processLogs(ctx context.Context, ld plog.Logs) (plog.Logs, error) {
	b := logBatches.Get().(*logBatch)
	b.core, b.ctx, b.now = c, ctx, c.now()
	b.tally.stats, b.tally.signal = c.stats, signalLogs
	for _, rl := range ld.ResourceLogs().All() {
		b.enter(rl.Resource().Attributes())
		for _, sl := range rl.ScopeLogs().All() {
			c.scrub(sl.Scope().Attributes())
			records := sl.LogRecords()
			for i := range records.Len() {
				b.record(records.At(i))
				b.total++
			}
		}
		b.flush(ctx)
	}
	b.settle()
	if b.drops != nil {
		b.remove(ld)
	}
	*b = logBatch{tally: tally{sources: b.sources[:0], missing: b.missing[:0]}}
	logBatches.Put(b)
	if ld.ResourceLogs().Len() == 0 {
		return ld, processorhelper.ErrSkipProcessingData
	}
	return ld, nil
}

// enter begins a resource.
func (b *logBatch) enter(resource pcommon.Map) {
	b.scrub(resource)
	b.resource, b.scope, b.searched = resource, "", false
	b.service = serviceName(resource)
	b.policy = b.policyFor(b.service)
}

func serviceName(resource pcommon.Map) string {
	if v, ok := resource.Get("service.name"); ok {
		return v.AsString()
	}
	return ""
}

// record does all that can be done without the other records of the batch.
func (b *logBatch) record(r plog.LogRecord) {
	attrs := r.Attributes()
	if !r.TraceID().IsEmpty() {
		known, reserved := b.finder.Interesting(attrs)
		if reserved {
			b.core.scrub(attrs)
		}
		if known {
			b.own(r, attrs)
		}
		b.statuses[present]++
	} else {
		b.scan.Reset()
		b.finder.Attributes(attrs, &b.scan)
		b.core.scrub(attrs)
		b.search(r, attrs)
	}
	if len(b.policy.required) > 0 {
		b.lacking(b.policy.required, attrs, b.resource)
	}
}

// own works on a record that has its trace ID.
func (b *logBatch) own(r plog.LogRecord, attrs pcommon.Map) {
	b.scan.Reset()
	b.finder.Attributes(attrs, &b.scan)
	b.compare(r, attrs)
	b.normalize(attrs)
}

// compare learns from a record that has its trace ID, and notes another one among its attributes.
func (b *logBatch) compare(r plog.LogRecord, attrs pcommon.Map) {
	if found, ok := b.scan.Result(); ok {
		fixed, broken := tracecontext.Repair(r.TraceID())
		switch {
		case broken && tracecontext.SameTrace(fixed, found.TraceID):
			// A converter put the same ID on the record in a form that names another trace.
			r.SetTraceID(found.TraceID)
			attrs.PutStr(attrStatus, recovered.String())
			attrs.PutStr(attrSource, found.Source)
		case !tracecontext.SameTrace(r.TraceID(), found.TraceID):
			attrs.PutStr(attrConflict, hex.EncodeToString(found.TraceID[:]))
			b.conflicts++
		case r.SpanID().IsEmpty():
			r.SetSpanID(found.SpanID)
		}
	}
	b.learn(r.TraceID())
}

// learn notes which trace the request IDs of the record belong to.
func (b *logBatch) learn(trace [16]byte) {
	if b.links == nil {
		return
	}
	for _, req := range b.scan.Requests() {
		if req.Key.Rank == tracecontext.RankHint {
			continue
		}
		if b.links.Learn(b.scopeOf(req.ID), req.ID, trace, b.now) {
			b.torn++
		}
	}
}

// scopeOf returns where a request ID means something: everywhere, or in its process only.
func (b *logBatch) scopeOf(id string) string {
	if !tracecontext.Weak(id) {
		return ""
	}
	if b.scope == "" {
		b.scope = processName(b.resource)
	}
	return b.scope
}

// search looks for the trace ID in the attributes (which are in the scan already), the body and the
// resource.
func (b *logBatch) search(r plog.LogRecord, attrs pcommon.Map) {
	found, ok := b.scan.Result()
	if !ok && b.cfg.Body {
		b.finder.Messages(&b.scan)
		b.finder.Body(r.Body(), &b.scan)
		found, ok = b.scan.Result()
	}
	if !ok {
		if !b.searched {
			b.found.Reset()
			b.finder.Attributes(b.resource, &b.found)
			b.searched = true
		}
		found, ok = b.found.Result()
	}
	b.normalize(attrs)
	if ok {
		r.SetTraceID(found.TraceID)
		if r.SpanID().IsEmpty() {
			r.SetSpanID(found.SpanID)
		}
		if found.HasFlags && r.Flags() == 0 {
			r.SetFlags(plog.LogRecordFlags(found.Flags))
		}
		attrs.PutStr(attrStatus, recovered.String())
		attrs.PutStr(attrSource, found.Source)
		b.learn(found.TraceID)
		b.count(recovered, found.Key.Name)
		return
	}
	p := pendingLog{record: r, ordinal: b.total, resource: b.resource, policy: b.policy, service: b.service}
	p.invalid, p.value = b.scan.Invalid()
	if requests := b.scan.Requests(); len(requests) > 0 {
		p.requests = append([]tracecontext.Request(nil), requests...)
		for i := range requests {
			p.scope = b.scopeOf(requests[i].ID)
			if p.scope != "" {
				break
			}
		}
	}
	b.pending = append(b.pending, p)
}

// normalize sets request.id and user.id where they are known under other names.
func (b *logBatch) normalize(attrs pcommon.Map) {
	if !b.cfg.Normalize {
		return
	}
	if reqs := b.scan.Requests(); len(reqs) > 0 && reqs[0].Key.Rank < tracecontext.RankTask {
		putNew(attrs, attrRequest, reqs[0].ID)
	}
	putNew(attrs, attrUser, b.scan.User())
}
