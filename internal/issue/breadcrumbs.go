package issue

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// Defaults and bounds of the breadcrumbs.
const (
	defaultCrumbTraces = 20000
	defaultCrumbs      = 30
	maxCrumbBytes      = 2 << 10  // of one record: message and data are cut
	maxTraceBytes      = 32 << 10 // of one trace: its oldest records go
	keptTraceBytes     = 4 << 10  // a buffer that grew larger is not used for the next trace
	crumbShards        = 64
)

// Breadcrumbs keeps the last records of each trace, from all services, until an error of the trace
// asks for them. Bounded by traces, records per trace and bytes; sharded by trace ID. The zero value is
// ready to use, and safe for concurrent use.
//
// Records are kept encoded, in one buffer a trace: nearly every record becomes a breadcrumb and hardly one
// is ever read, so that adding must neither allocate nor give the garbage collector anything to follow.
type Breadcrumbs struct {
	traces   atomic.Int64
	perTrace atomic.Int64
	shards   [crumbShards]crumbShard
}

type crumbShard struct {
	sync.Mutex
	index map[[16]byte]int32 // trace -> its place in slots
	slots []crumbTrace       // in the order of arrival, from next on: the oldest trace goes first
	next  int
	_     [64]byte
}

// crumbTrace are the records of one trace, encoded one after another from buf[from] on.
type crumbTrace struct {
	id   [16]byte
	buf  []byte
	from int
	n    int
}

// Crumb is a breadcrumb on its way into [Breadcrumbs], which copies its strings.
type Crumb struct {
	Time     time.Time
	Service  string
	Category string
	Level    string
	Message  string
	SpanID   [8]byte
	Data     []CrumbData
}

// CrumbData is what a breadcrumb tells of a call.
type CrumbData struct{ Key, Value string }

// Resize sets the bounds. The greatest of all callers counts.
func (b *Breadcrumbs) Resize(traces, perTrace int) {
	raise(&b.traces, int64(traces))
	raise(&b.perTrace, int64(perTrace))
}

func raise(v *atomic.Int64, to int64) {
	for {
		have := v.Load()
		if to <= have || v.CompareAndSwap(have, to) {
			return
		}
	}
}

func (b *Breadcrumbs) bounds() (tracesPerShard, perTrace int) {
	traces, per := b.traces.Load(), b.perTrace.Load()
	if traces == 0 {
		traces = defaultCrumbTraces
	}
	if per == 0 {
		per = defaultCrumbs
	}
	return int((traces + crumbShards - 1) / crumbShards), int(per)
}

func (b *Breadcrumbs) shard(trace [16]byte) *crumbShard {
	h := binary.BigEndian.Uint64(trace[:8]) ^ binary.BigEndian.Uint64(trace[8:])
	return &b.shards[mix(h)%crumbShards]
}

// Add keeps a record of a trace.
func (b *Breadcrumbs) Add(trace [16]byte, crumb *Crumb) {
	if trace == ([16]byte{}) {
		return
	}
	limit, per := b.bounds()
	size := crumb.shorten()
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	i, ok := sh.index[trace]
	if !ok {
		i = sh.enter(trace, limit)
	}
	t := &sh.slots[i]
	for t.n > 0 && (t.n >= per || len(t.buf)-t.from+size > maxTraceBytes) {
		t.from += recordHead + int(binary.LittleEndian.Uint16(t.buf[t.from:]))
		t.n--
	}
	if t.from > 0 && cap(t.buf)-len(t.buf) < size {
		t.buf = t.buf[:copy(t.buf, t.buf[t.from:])]
		t.from = 0
	}
	if t.buf == nil {
		t.buf = make([]byte, 0, 4*size)
	}
	t.buf = crumb.append(t.buf)
	t.n++
}

// enter adds a trace, in place of the oldest one when there are enough, and returns its place.
func (sh *crumbShard) enter(trace [16]byte, limit int) int32 {
	if sh.index == nil {
		sh.index = map[[16]byte]int32{}
	}
	i := sh.next
	// The bound may be raised later: the list then grows when the oldest trace is its first.
	if i == 0 && len(sh.slots) < limit {
		i = len(sh.slots)
		sh.slots = append(sh.slots, crumbTrace{})
	} else {
		delete(sh.index, sh.slots[i].id)
		sh.next = (i + 1) % len(sh.slots)
	}
	t := &sh.slots[i]
	t.id, t.buf, t.from, t.n = trace, t.buf[:0], 0, 0
	if cap(t.buf) > keptTraceBytes {
		t.buf = nil
	}
	sh.index[trace] = int32(i)
	return int32(i)
}

// An encoded record: two bytes for the length of what follows, time, span ID, the texts with their lengths,
// and the data.
const (
	recordHead  = 2
	recordFixed = 8 + 8 + 1 // time, span ID, number of data
	maxCrumbKey = 255       // bytes of the short texts, and pairs of data
)

// shorten cuts the texts to their bounds and returns the bytes that the record takes.
func (c *Crumb) shorten() int {
	c.Message = clip.Bytes(c.Message, maxCrumbBytes)
	c.Service, c.Category, c.Level = clip.Bytes(c.Service, maxCrumbKey), clip.Bytes(c.Category, maxCrumbKey), clip.Bytes(c.Level, maxCrumbKey)
	size := recordHead + recordFixed + 2*4 + len(c.Service) + len(c.Category) + len(c.Level) + len(c.Message)
	data := 0
	for i := range c.Data {
		data += 2*2 + len(c.Data[i].Key) + len(c.Data[i].Value)
	}
	if size+data > maxCrumbBytes || len(c.Data) > maxCrumbKey {
		c.Data, data = nil, 0
	}
	return size + data
}

// append encodes a record that was shortened.
func (c *Crumb) append(buf []byte) []byte {
	at := len(buf)
	buf = append(buf, 0, 0)
	nano := int64(0)
	if !c.Time.IsZero() {
		nano = c.Time.UnixNano()
	}
	buf = binary.LittleEndian.AppendUint64(buf, uint64(nano))
	buf = append(buf, c.SpanID[:]...)
	for _, s := range [...]string{c.Service, c.Category, c.Level, c.Message} {
		buf = appendText(buf, s)
	}
	buf = append(buf, byte(len(c.Data)))
	for i := range c.Data {
		buf = appendText(appendText(buf, c.Data[i].Key), c.Data[i].Value)
	}
	binary.LittleEndian.PutUint16(buf[at:], uint16(len(buf)-at-recordHead))
	return buf
}

func appendText(buf []byte, s string) []byte {
	buf = binary.LittleEndian.AppendUint16(buf, uint16(len(s)))
	return append(buf, s...)
}

// decode reads the record at the start of buf and returns what follows it.
func decode(buf []byte) (b Breadcrumb, rest []byte) {
	n := recordHead + int(binary.LittleEndian.Uint16(buf))
	buf, rest = buf[recordHead:n], buf[n:]
	if nano := int64(binary.LittleEndian.Uint64(buf)); nano != 0 {
		b.Time = time.Unix(0, nano).UTC()
	}
	if id := buf[8:16]; binary.LittleEndian.Uint64(id) != 0 {
		b.SpanID = hex.EncodeToString(id)
	}
	buf = buf[16:]
	text := func() string {
		n := 2 + int(binary.LittleEndian.Uint16(buf))
		s := string(buf[2:n])
		buf = buf[n:]
		return s
	}
	b.Service, b.Category, b.Level, b.Message = text(), text(), text(), text()
	pairs := buf[0]
	buf = buf[1:]
	if pairs > 0 {
		b.Data = make(map[string]string, pairs)
	}
	for range pairs {
		key := text()
		b.Data[key] = text()
	}
	return b, rest
}

// Of returns the records of a trace, oldest first; nil when there are none.
func (b *Breadcrumbs) Of(trace [16]byte) []Breadcrumb {
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	i, ok := sh.index[trace]
	if !ok {
		return nil
	}
	t := &sh.slots[i]
	out := make([]Breadcrumb, t.n)
	rest := t.buf[t.from:]
	for k := range out {
		out[k], rest = decode(rest)
	}
	slices.SortStableFunc(out, func(a, b Breadcrumb) int { return a.Time.Compare(b.Time) })
	return out
}
