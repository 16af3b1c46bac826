package issue

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

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

// CrumbWriter gathers the records of a batch: of those of one trace that follow each other, all go into the table at
// once. It is not safe for concurrent use, and keeps its memory for the next batch.
type CrumbWriter struct {
	To *Breadcrumbs

	trace [16]byte
	buf   []byte // n encoded records of trace
	n     int
}

// maxRunBytes bounds what a writer gathers.
const maxRunBytes = 16 << 10

// Add keeps a record of a trace; those without one are not kept.
func (w *CrumbWriter) Add(trace [16]byte, crumb *Crumb) {
	if trace == ([16]byte{}) {
		return
	}
	if trace != w.trace || len(w.buf) > maxRunBytes {
		w.Flush()
		w.trace = trace
	}
	w.buf = crumb.append(w.buf, crumb.shorten())
	w.n++
}

// Flush hands over what was gathered.
func (w *CrumbWriter) Flush() {
	if w.n > 0 {
		w.To.put(w.trace, w.buf, w.n)
		w.buf, w.n = w.buf[:0], 0
	}
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

// append encodes a record that was shortened to size.
func (c *Crumb) append(buf []byte, size int) []byte {
	at := len(buf)
	buf = slices.Grow(buf, size)[:at+size]
	b := buf[at:]
	nano := int64(0)
	if !c.Time.IsZero() {
		nano = c.Time.UnixNano()
	}
	binary.LittleEndian.PutUint16(b, uint16(size-recordHead))
	binary.LittleEndian.PutUint64(b[recordHead:], uint64(nano))
	i := recordHead + 8
	i += copy(b[i:], c.SpanID[:])
	i = putText(b, i, c.Service)
	i = putText(b, i, c.Category)
	i = putText(b, i, c.Level)
	i = putText(b, i, c.Message)
	b[i] = byte(len(c.Data))
	i++
	for k := range c.Data {
		i = putText(b, i, c.Data[k].Key)
		i = putText(b, i, c.Data[k].Value)
	}
	return buf
}

// putText writes a text at i and returns what follows it.
func putText(b []byte, i int, s string) int {
	binary.LittleEndian.PutUint16(b[i:], uint16(len(s)))
	return i + 2 + copy(b[i+2:], s)
}

// encoded returns the bytes that the record at the start of buf takes.
func encoded(buf []byte) int { return recordHead + int(binary.LittleEndian.Uint16(buf)) }

// decode reads the record at the start of buf and returns what follows it.
func decode(buf []byte) (b Breadcrumb, rest []byte) {
	n := encoded(buf)
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
