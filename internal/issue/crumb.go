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
	names [4]crumbNames
}

// maxRunBytes bounds what a writer gathers.
const maxRunBytes = 16 << 10

// Add keeps a record of a trace; those without one are not kept.
func (w *CrumbWriter) Add(trace [16]byte, crumb *Crumb) {
	if trace == ([16]byte{}) {
		return
	}
	if trace != w.trace || len(w.buf) > maxRunBytes {
		w.flush()
		w.trace = trace
	}
	names := &w.names[0]
	if crumb.Category != "" {
		names = &w.names[crumb.Category[0]>>4%4] // apart: client and server
	}
	w.buf = crumb.append(w.buf, names.of(crumb))
	w.n++
}

// Flush hands over what was gathered, and forgets the records' strings.
func (w *CrumbWriter) Flush() {
	w.flush()
	for i := range w.names {
		w.names[i] = crumbNames{encoded: w.names[i].encoded[:0]}
	}
}

func (w *CrumbWriter) flush() {
	if w.n > 0 {
		w.To.put(w.trace, w.buf, w.n)
		w.buf, w.n = w.buf[:0], 0
	}
}

// An encoded record: two bytes for the length of what follows, time, span ID, the texts with their lengths,
// and the data.
const (
	recordHead  = 2
	recordFixed = 8 + 8 + 2 + 1 // time, span ID, length of the message, number of data
	maxCrumbKey = 255           // bytes of the short texts, and pairs of data
)

// crumbNames are the texts that are the same in most records of a batch, as they are encoded.
type crumbNames struct {
	service, category, level string
	encoded                  []byte // empty = nothing yet
}

func (n *crumbNames) of(c *Crumb) []byte {
	if len(n.encoded) == 0 || n.service != c.Service || n.category != c.Category || n.level != c.Level {
		n.service, n.category, n.level = c.Service, c.Category, c.Level
		n.encoded = c.names(n.encoded[:0])
	}
	return n.encoded
}

// names encodes the short texts.
func (c *Crumb) names(buf []byte) []byte {
	for _, s := range [...]string{c.Service, c.Category, c.Level} {
		s = clip.Bytes(s, maxCrumbKey)
		buf = append(binary.LittleEndian.AppendUint16(buf, uint16(len(s))), s...)
	}
	return buf
}

// append encodes a record, with its texts cut to their bounds; head is what names returned.
func (c *Crumb) append(buf, head []byte) []byte {
	message, data := c.Message, c.Data
	if len(message) > maxCrumbBytes {
		message = clip.Bytes(message, maxCrumbBytes)
	}
	size, more := recordHead+recordFixed+len(head)+len(message), 0
	for i := range data {
		more += 2*2 + len(data[i].Key) + len(data[i].Value)
	}
	if size+more > maxCrumbBytes || len(data) > maxCrumbKey {
		data, more = nil, 0
	}
	size += more
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
	i += copy(b[i:], head)
	i = putText(b, i, message)
	b[i] = byte(len(data))
	i++
	for k := range data {
		i = putText(b, i, data[k].Key)
		i = putText(b, i, data[k].Value)
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
