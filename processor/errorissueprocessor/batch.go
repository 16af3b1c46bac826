package errorissueprocessor

import (
	"context"
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/issue/record"
)

// batch gathers the failures of one batch, so that the registry judges them at once, and stamps the
// records with its verdicts. It is reused.
type batch struct {
	core     *core
	keys     record.Keys
	failures []*record.Failure
	unused   []*record.Failure
	results  []*grouping.Result
	targets  []target
	occurred []issue.Occurrence
	verdicts []issue.Verdict
	counts   []kindCount
	crumbs   issue.CrumbWriter
	data     []issue.CrumbData // of the breadcrumb in hand
	other    issue.Summary     // the last issue that took an occurrence of another one
	// resources are those of the batch; failures point into arrays that it had before it grew, too.
	resources []record.Resource
}

// target is where a verdict is written.
type target struct {
	record  pcommon.Map // the log record's or the event's attributes
	span    pcommon.Map // the span's, where there is one
	hasSpan bool
	same    bool      // the span is that of the target before
	trusted string    // issue ID that the record came with; "" = none
	key     issue.Key // occurrence's key that the record came with
}

func (c *core) batch() *batch {
	b := c.batches.Get().(*batch)
	if c.crumbs() {
		b.crumbs.To = c.registry.Breadcrumbs()
	}
	return b
}

// free forgets everything of the batch, so that nothing keeps its records alive.
func (b *batch) free() {
	b.keys.Reset()
	for _, f := range b.failures {
		*f = record.Failure{}
		b.unused = append(b.unused, f)
	}
	clear(b.failures)
	clear(b.results)
	clear(b.targets)
	clear(b.occurred)
	clear(b.verdicts)
	clear(b.resources)
	clear(b.data[:cap(b.data)])
	b.other = issue.Summary{}
	b.resources = b.resources[:0]
	b.failures, b.results, b.targets = b.failures[:0], b.results[:0], b.targets[:0]
	b.occurred, b.verdicts = b.occurred[:0], b.verdicts[:0]
	if cap(b.occurred) <= maxPooled {
		b.core.batches.Put(b)
	}
}

// maxPooled bounds the batches that are kept for reuse.
const maxPooled = 4096

// add takes a copy of a failure and groups it.
func (b *batch) add(scratch *record.Failure, t target) {
	f := b.failure()
	*f = *scratch
	if len(b.core.cfg.Grouping.Rules) > 0 {
		f.Input.Attr = f.Attribute
	}
	result := b.core.groups.group(&f.Input)
	if t.trusted != "" {
		result = trust(t, result)
	}
	b.failures = append(b.failures, f)
	b.results = append(b.results, result)
	b.targets = append(b.targets, t)
}

// incoming takes over the stamp that another collector wrote, and tells whether the record only
// repeats a failure.
func (t *target) incoming() (repeat bool) {
	id, ok := t.record.Get(eventlog.AttrID)
	if !ok || id.Type() != pcommon.ValueTypeStr || len(id.Str()) != 16 {
		return false
	}
	t.trusted = id.Str()
	if key, ok := t.record.Get(eventlog.AttrEventID); ok && len(key.Str()) == 2*len(t.key) {
		if _, err := hex.Decode(t.key[:], []byte(key.Str())); err != nil {
			t.key = issue.Key{}
		}
	}
	v, ok := t.record.Get(eventlog.AttrRepeat)
	return ok && v.Type() == pcommon.ValueTypeBool && v.Bool()
}

// trust takes over what another collector has found out.
func trust(t target, own *grouping.Result) *grouping.Result {
	result := *own
	result.ID = t.trusted
	if v, ok := t.record.Get(eventlog.AttrTitle); ok && v.Str() != "" {
		result.Title = v.Str()
	}
	if v, ok := t.record.Get(eventlog.AttrCulprit); ok && v.Str() != "" {
		result.Culprit = v.Str()
	}
	return &result
}

// failure returns one to be filled, of an earlier batch if there is one: the registry calls Sample
// during Judge only, so nobody holds it any longer.
func (b *batch) failure() *record.Failure {
	if n := len(b.unused); n > 0 {
		f := b.unused[n-1]
		b.unused = b.unused[:n-1]
		return f
	}
	return new(record.Failure)
}

// judge asks the registry and stamps all records of the batch.
func (b *batch) judge(ctx context.Context) {
	b.crumbs.Flush()
	if len(b.failures) == 0 {
		return
	}
	defer b.tell(ctx)
	registry := b.core.registry
	for i, f := range b.failures {
		result := b.results[i]
		key := b.targets[i].key
		if key == (issue.Key{}) {
			key = b.keys.Key(f, result.ID)
		}
		o := issue.Occurrence{
			Key:          key,
			Issue:        result.ID,
			Title:        result.Title,
			Culprit:      result.Culprit,
			Owner:        ownerOf(b.core.owners, f, result),
			Level:        f.Level,
			Basis:        result.Basis,
			Fingerprint:  result.Parts,
			Root:         result.Root,
			Service:      f.Input.Service,
			Environment:  f.Environment(),
			Release:      f.Release(),
			Signal:       f.Signal,
			Time:         f.Time,
			TraceID:      f.TraceID,
			SpanID:       f.SpanID,
			ParentSpanID: f.Parent,
		}
		if registry != nil {
			o.Tags, o.User = f.Facts()
			o.Sample = func() *issue.Event {
				return f.Event(key, result, registry.Breadcrumbs().Of(f.TraceID), record.DefaultTags)
			}
		}
		b.occurred = append(b.occurred, o)
	}
	if registry == nil {
		for i := range b.occurred {
			b.stamp(i, &issue.Verdict{Issue: b.occurred[i].Issue})
		}
		return
	}
	b.verdicts = registry.Judge(ctx, b.occurred, b.verdicts)
	for i := range min(len(b.occurred), len(b.verdicts)) {
		v := b.verdicts[i]
		if !v.Repeat && b.againBehind(i) {
			// A deeper span further on in the batch may have told of the same failure.
			if now, ok := registry.Known(b.occurred[i].Key); ok && now.Repeat {
				v = now
			}
		}
		b.stamp(i, &v)
	}
}

// againBehind tells whether the trace of an occurrence has another one further on in the batch, which is not looked through
// to its end when it is long.
func (b *batch) againBehind(i int) bool {
	rest := b.occurred[i+1:]
	if len(rest) > 64 {
		return true
	}
	for k := range rest {
		if rest[k].TraceID == b.occurred[i].TraceID {
			return true
		}
	}
	return false
}

func (b *batch) stamp(i int, v *issue.Verdict) {
	o, t := &b.occurred[i], &b.targets[i]
	if v.Issue != o.Issue && !v.Repeat {
		// Merged into another issue, or one new issue too many: show whose it is now.
		if b.other.ID != v.Issue { // in a flood it is the same one for all
			b.other, _ = b.core.registry.Summary(context.Background(), v.Issue)
		}
		if s := &b.other; s.ID != "" {
			o.Title, o.Culprit = s.Title, s.Culprit
			if s.Owner != "" {
				o.Owner = s.Owner
			}
			if s.Basis == issue.ByOverflow {
				b.core.countOverflow(o)
			}
		}
	}
	// What a client sent was removed, so that a record has no stamp yet, nor has a span before its first exception.
	fresh := !b.core.cfg.TrustIncoming
	writeStamp(t.record, o, v, fresh)
	// Of several exceptions of one span the last counts, unless it only repeats one before it.
	if t.hasSpan && !(t.same && v.Repeat) {
		writeStamp(t.span, o, v, fresh && !t.same)
	}
	if !t.hasSpan && o.Signal != issue.FailedSpan {
		b.core.inTrace.add(o.TraceID)
	}
	b.core.failing.add(o.TraceID)
	b.core.seen.of(o.Service).errors.Add(1)
	b.count(errorKind{signalOf(o.Signal), o.Basis, v.Repeat})
}

// writeStamp writes what the registry says; fresh tells that there is no stamp yet.
func writeStamp(attrs pcommon.Map, o *issue.Occurrence, v *issue.Verdict, fresh bool) {
	if !fresh {
		// Nothing of an earlier exception of the same span, or of another collector's opinion, stays.
		for _, key := range [...]string{eventlog.AttrRepeatOf, eventlog.AttrCulprit, eventlog.AttrOwner, eventlog.AttrRepeat} {
			attrs.Remove(key)
		}
	}
	id, repeatOf := v.Issue, ""
	if v.Repeat {
		// The ID of a record comes from itself, whatever was seen before it; where its failure is
		// counted is said beside it.
		id = o.Issue
		if v.Issue != o.Issue {
			repeatOf = v.Issue
		}
	}
	attrs.EnsureCapacity(attrs.Len() + 8)
	attrs.PutStr(eventlog.AttrID, id)
	attrs.PutStr(eventlog.AttrTitle, o.Title)
	putSet(attrs, eventlog.AttrRepeatOf, repeatOf)
	putSet(attrs, eventlog.AttrCulprit, o.Culprit)
	putSet(attrs, eventlog.AttrOwner, o.Owner)
	putSet(attrs, eventlog.AttrState, string(v.State))
	if v.Repeat {
		attrs.PutBool(eventlog.AttrRepeat, true)
	}
	attrs.PutStr(eventlog.AttrEventID, o.Key.String())
}

// putSet leaves out what is empty.
func putSet(attrs pcommon.Map, key, value string) {
	if value != "" {
		attrs.PutStr(key, value)
	}
}
