package record

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Keys gives the occurrences of one batch their keys. It is not safe for concurrent use.
type Keys struct {
	seen map[issue.Key]uint32
	buf  []byte
}

// Reset makes k ready for the next batch.
func (k *Keys) Reset() {
	clear(k.seen)
}

// Key returns the key of a failure: the same for the same record of the same batch, however often a
// sender repeats it. Equal records of a batch are told apart by their order.
func (k *Keys) Key(f *Failure, issueID string) issue.Key {
	b := append(k.buf[:0], issueID...)
	b = append(b, 0, byte(f.Signal))
	b = binary.LittleEndian.AppendUint64(b, f.resource.sum())
	b = append(b, f.TraceID[:]...)
	b = append(b, f.SpanID[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(f.timeOrArrival().UnixNano()))
	// What was said: batches of a service that writes whole milliseconds hold different records of one
	// time and issue.
	for _, s := range [...]string{f.Input.Type, f.Input.Message, f.Input.Stack, f.Input.Body} {
		b = binary.LittleEndian.AppendUint64(b, xxhash.Sum64String(s))
	}
	key := hash128(b)
	if k.seen == nil {
		k.seen = make(map[issue.Key]uint32)
	}
	n := k.seen[key]
	k.seen[key] = n + 1
	if n > 0 {
		b = binary.LittleEndian.AppendUint32(b, n)
		key = hash128(b)
	}
	k.buf = b
	return key
}

// timeOrArrival is the record's time. A record that has none gets the minute of its arrival: sent
// again at once it has the same key, said again later it has not.
func (f *Failure) timeOrArrival() time.Time {
	if f.Time.IsZero() {
		f.Time = time.Now().UTC().Truncate(time.Minute)
	}
	return f.Time
}

// hash128 hashes with two seeds and sets the bits of a UUID v4 (RFC 9562 section 5.4).
func hash128(b []byte) issue.Key {
	var key issue.Key
	var d xxhash.Digest
	for i := range uint64(2) {
		d.ResetWithSeed(i)
		_, _ = d.Write(b) // never fails
		binary.BigEndian.PutUint64(key[8*i:], d.Sum64())
	}
	key[6] = key[6]&0x0f | 0x40
	key[8] = key[8]&0x3f | 0x80
	return key
}

// sum hashes the attributes, whatever their order.
func (r *Resource) sum() uint64 {
	if r.hashed {
		return r.hash
	}
	r.hashed = true
	for k, v := range r.Attributes.All() {
		var d xxhash.Digest
		d.Reset()
		_, _ = d.WriteString(k)
		var number [8]byte
		switch v.Type() {
		case pcommon.ValueTypeStr:
			_, _ = d.WriteString(v.Str())
		case pcommon.ValueTypeInt:
			binary.LittleEndian.PutUint64(number[:], uint64(v.Int()))
			_, _ = d.Write(number[:])
		case pcommon.ValueTypeDouble:
			binary.LittleEndian.PutUint64(number[:], math.Float64bits(v.Double()))
			_, _ = d.Write(number[:])
		default:
			_, _ = d.WriteString(v.AsString())
		}
		r.hash += d.Sum64()
	}
	return r.hash
}
