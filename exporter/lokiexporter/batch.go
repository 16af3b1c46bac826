package lokiexporter

import (
	"slices"
	"time"

	"github.com/grafana/loki/pkg/push"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// entryOverhead is what the encoding of an entry costs beside its text: timestamp, tags, lengths.
const entryOverhead = 32

// request is what is sent in one push: the streams of one tenant.
type request struct {
	tenant  string
	streams []stream
	index   map[string]int // labels -> position in streams
	bytes   int            // uncompressed, about
}

type stream struct {
	labels  string
	entries []entry
}

// entry remembers its record, so that what was not sent can be given back.
type entry struct {
	push.Entry
	at position
}

// position of a record in the batch: resource, scope, record.
type position struct{ resource, scope, record int }

func (r *request) size() int {
	n := 0
	for i := range r.streams {
		n += len(r.streams[i].entries)
	}
	return n
}

func (r *request) add(labels string, e entry, bytes int) {
	i, ok := r.index[labels]
	if !ok {
		i = len(r.streams)
		r.index[labels] = i
		r.streams = append(r.streams, stream{labels: labels})
	}
	r.streams[i].entries = append(r.streams[i].entries, e)
	r.bytes += bytes
}

// message is the protobuf form. Entries are in order of time: an out-of-order one costs Loki more.
func (r *request) message() *push.PushRequest {
	out := &push.PushRequest{Streams: make([]push.Stream, len(r.streams))}
	for i := range r.streams {
		s := &r.streams[i]
		if byTime := func(a, b entry) int { return a.Timestamp.Compare(b.Timestamp) }; !slices.IsSortedFunc(s.entries, byTime) {
			slices.SortStableFunc(s.entries, byTime)
		}
		entries := make([]push.Entry, len(s.entries))
		for j := range s.entries {
			entries[j] = s.entries[j].Entry
		}
		out.Streams[i] = push.Stream{Labels: s.labels, Entries: entries}
	}
	return out
}

// halves divides a request that the server found too large; false when it is a single entry.
func (r *request) halves() (a, b *request, ok bool) {
	total := r.size()
	if total < 2 {
		return nil, nil, false
	}
	a, b = newRequest(r.tenant), newRequest(r.tenant)
	n := 0
	for _, s := range r.streams {
		for _, e := range s.entries {
			half := a
			if n >= total/2 {
				half = b
			}
			half.add(s.labels, e, entryBytes(e.Entry))
			n++
		}
	}
	return a, b, true
}

func newRequest(tenant string) *request { return &request{tenant: tenant, index: map[string]int{}} }

func entryBytes(e push.Entry) int {
	n := entryOverhead + len(e.Line)
	for _, m := range e.StructuredMetadata {
		n += len(m.Name) + len(m.Value) + 6
	}
	return n
}

// batcher turns a batch of records into requests.
type batcher struct {
	cfg     *Config
	labeler *labeler
	trimmed func(part string)
	open    map[string]*request // by tenant
	full    []*request
	buffer  []push.LabelAdapter
	meta    *metadataBuilder
}

// requests divides the records by tenant and size.
func (e *lokiExporter) requests(logs plog.Logs) []*request {
	b := &batcher{cfg: e.cfg, labeler: e.labeler, trimmed: e.countTrimmed, open: map[string]*request{}, meta: newMetadataBuilder(e.cfg.Limits)}
	for i, rl := range logs.ResourceLogs().All() {
		resourceLabels := b.labeler.pick(slices.Clone(b.labeler.static), b.labeler.resource, rl.Resource().Attributes())
		b.meta.enterResource(rl.Resource())
		shared := ""
		if len(b.labeler.attributes) == 0 {
			shared = format(resourceLabels)
		}
		for j, sl := range rl.ScopeLogs().All() {
			b.meta.enterScope(sl.Scope())
			for k, lr := range sl.LogRecords().All() {
				b.record(position{i, j, k}, resourceLabels, shared, rl.Resource(), sl.Scope(), lr)
			}
		}
	}
	for _, r := range b.open {
		b.full = append(b.full, r)
	}
	return b.full
}

func (b *batcher) record(at position, labels []push.LabelAdapter, text string, resource pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) {
	if text == "" {
		b.buffer = append(b.buffer[:0], labels...)
		b.buffer = b.labeler.pick(b.buffer, b.labeler.attributes, lr.Attributes())
		labels = b.buffer
		text = format(labels)
	}
	metadata, cut := b.meta.of(labels, lr)
	if cut {
		b.trimmed("metadata")
	}
	content, cut := shorten(line(b.cfg.Line, resource, scope, lr), b.cfg.Limits.MaxLineBytes)
	if cut {
		b.trimmed("line")
	}
	e := entry{at: at, Entry: push.Entry{Timestamp: timestamp(lr), Line: content, StructuredMetadata: metadata}}
	bytes := entryBytes(e.Entry)
	b.request(b.tenant(resource, lr), bytes).add(text, e, bytes)
}

// request returns the tenant's open request, or a new one when the entry would make it too large.
func (b *batcher) request(tenant string, bytes int) *request {
	r := b.open[tenant]
	if r != nil && r.bytes+bytes > b.cfg.Limits.MaxRequestBytes {
		b.full = append(b.full, r)
		r = nil
	}
	if r == nil {
		r = newRequest(tenant)
		b.open[tenant] = r
	}
	return r
}

func (b *batcher) tenant(resource pcommon.Resource, lr plog.LogRecord) string {
	if key := b.cfg.Tenant.Attribute; key != "" {
		if v, ok := lr.Attributes().Get(key); ok && v.AsString() != "" {
			return v.AsString()
		}
		if v, ok := resource.Attributes().Get(key); ok && v.AsString() != "" {
			return v.AsString()
		}
	}
	return b.cfg.Tenant.Default
}

// unsent copies the records of requests out of the batch they came in.
func unsent(logs plog.Logs, requests []*request) plog.Logs {
	missing := map[position]bool{}
	for _, r := range requests {
		for _, s := range r.streams {
			for _, e := range s.entries {
				missing[e.at] = true
			}
		}
	}
	out := plog.NewLogs()
	logs.CopyTo(out)
	i := -1
	out.ResourceLogs().RemoveIf(func(rl plog.ResourceLogs) bool {
		i++
		j := -1
		rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool {
			j++
			k := -1
			sl.LogRecords().RemoveIf(func(plog.LogRecord) bool {
				k++
				return !missing[position{i, j, k}]
			})
			return sl.LogRecords().Len() == 0
		})
		return rl.ScopeLogs().Len() == 0
	})
	return out
}

// oldest is used in messages: Loki refuses entries that are too old.
func (r *request) oldest() time.Time {
	var t time.Time
	for _, s := range r.streams {
		for _, e := range s.entries {
			if t.IsZero() || e.Timestamp.Before(t) {
				t = e.Timestamp
			}
		}
	}
	return t
}
