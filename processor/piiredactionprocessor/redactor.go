package piiredactionprocessor

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/pii"
)

// Attributes that the processor sets on spans and log records.
const (
	attrCount = "culprit.pii.count"
	attrTypes = "culprit.pii.types"
	attrUser  = "user.hash"
)

// unscanned stands in the place of a value that could not be scanned.
const unscanned = pii.Unscanned

// maxDepth bounds nested maps and lists; what lies deeper is taken out.
const maxDepth = 64

// redactor works on one batch.
type redactor struct {
	*core
	w        *pii.Worker
	signal   string
	where    location
	found    int      // values of the record in hand
	types    []string // detectors of the record in hand
	counts   []int64  // by rule and location; see countAt
	counted  []int    // the places of counts that are not 0
	keys     int64    // attribute keys that were changed
	service  string
	byname   map[string]uint64 // of the service in hand
	failures map[string]int64
	number   [32]byte
	places   [locations][16]pii.Place // of the attributes of the map before at each location, which mostly has the same ones
	plain    [locations]pii.Place     // of texts without a key
	safe     bool                     // each value is guarded on its own: the record made the scanner panic
}

func newRedactor(c *core) *redactor {
	return &redactor{
		core: c, counts: make([]int64, c.scanner.Rules()*int(locations)), byname: map[string]uint64{}, failures: map[string]int64{},
	}
}

// begin takes a redactor for a batch.
func (c *core) begin(signal string) *redactor {
	r := c.redactors.Get().(*redactor)
	r.signal = signal
	r.w = c.scanner.Acquire()
	r.w.DryRun = c.cfg.DryRun
	r.w.Count = r.count
	return r
}

// end writes the batch's counts and gives the redactor back.
func (r *redactor) end(ctx context.Context) {
	r.flushService()
	r.writeCounts(ctx)
	r.w.Release()
	r.w = nil
	r.redactors.Put(r)
}

// text redacts one string.
func (r *redactor) text(s string, key *pii.Key) (string, bool) {
	if s == "" {
		return s, false
	}
	if r.safe {
		return r.guarded(s, key, false)
	}
	return r.w.Redact(s, key)
}

// name redacts a string without a key that is often the same: a span's name, a severity.
func (r *redactor) name(s string) (string, bool) {
	p := &r.plain[r.where]
	if s == "" || p.Knows(s) {
		return s, false
	}
	return r.textAt(p, s)
}

// textAt is text for the value of a place.
func (r *redactor) textAt(p *pii.Place, s string) (string, bool) {
	if r.safe {
		return r.guarded(s, p.Key(), false)
	}
	return r.w.RedactAt(p, s)
}

// guarded is text or decimal for a record that made the scanner panic.
func (r *redactor) guarded(s string, key *pii.Key, number bool) (out string, changed bool) {
	defer r.guard(&out, &changed)
	if number {
		return r.w.RedactNumber(s, key)
	}
	return r.w.Redact(s, key)
}

// guard replaces a value that makes the scanner panic: it is never passed on.
func (r *redactor) guard(out *string, changed *bool) {
	if p := recover(); p != nil {
		r.failures["error"]++
		*out, *changed = unscanned, true
	}
}

// attributes redacts keys and values of a map.
func (r *redactor) attributes(m pcommon.Map, depth int) {
	rename, i := false, depth*5
	places := &r.places[r.where]
	for k, v := range m.All() {
		p := &places[i&15]
		i++
		key := p.Key()
		if key == nil || key.Name() != k {
			if key = r.w.Key(k); key == nil {
				r.value(v, nil, depth)
				continue
			}
			p.Take(key)
		}
		if key.Changes() {
			rename = true
		}
		if s := v.Str(); s == "" {
			r.value(v, key, depth) // of another type, or nothing
		} else if !p.Knows(s) {
			if out, changed := r.textAt(p, s); changed {
				v.SetStr(out)
			}
		}
	}
	if rename && !r.cfg.DryRun {
		r.rename(m, depth)
	}
}

// value redacts one value in place; its type stays, except where a number goes.
func (r *redactor) value(v pcommon.Value, key *pii.Key, depth int) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if out, changed := r.text(v.Str(), key); changed {
			v.SetStr(out)
		}
	case pcommon.ValueTypeInt:
		n := v.Int()
		if out, changed := r.decimal(strconv.AppendInt(r.number[:0], n, 10), key); changed {
			v.SetStr(out)
		}
	case pcommon.ValueTypeDouble:
		f := v.Double()
		if f == math.Trunc(f) && math.Abs(f) < 1e18 {
			if out, changed := r.decimal(strconv.AppendFloat(r.number[:0], f, 'f', -1, 64), key); changed {
				v.SetStr(out)
			}
		} else if key != nil && key.Sensitive() {
			r.whole(v, key)
		}
	case pcommon.ValueTypeBytes:
		b := v.Bytes()
		if b.Len() == 0 {
			return
		}
		raw := b.AsRaw()
		if out, changed := r.text(unsafe.String(unsafe.SliceData(raw), len(raw)), key); changed {
			b.FromRaw([]byte(out))
		}
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		r.nested(v, key, depth)
	}
}

// decimal redacts a number by its digits.
func (r *redactor) decimal(digits []byte, key *pii.Key) (string, bool) {
	if len(digits) < 7 && (key == nil || !key.Matters()) {
		return "", false
	}
	s := unsafe.String(unsafe.SliceData(digits), len(digits))
	if r.safe {
		return r.guarded(s, key, true)
	}
	return r.w.RedactNumber(s, key)
}

func (r *redactor) nested(v pcommon.Value, key *pii.Key, depth int) {
	if key != nil && key.Allowed() {
		return
	}
	if depth >= maxDepth {
		r.failures["depth"]++
		if !r.cfg.DryRun {
			v.SetStr(unscanned)
		}
		return
	}
	switch {
	case v.Type() == pcommon.ValueTypeSlice:
		r.list(v.Slice(), key, depth)
	case key != nil && key.Sensitive():
		r.members(v.Map(), key, depth)
	default:
		r.named(v.Map(), depth)
		r.attributes(v.Map(), depth+1)
	}
}

// members redacts a map that goes as a whole: all of its values are the sensitive key's, and their keys are read like any.
func (r *redactor) members(m pcommon.Map, key *pii.Key, depth int) {
	rename := false
	for k, v := range m.All() {
		if own := r.w.Key(k); own != nil && own.Changes() {
			rename = true
		}
		r.value(v, key, depth+1)
	}
	if rename && !r.cfg.DryRun {
		r.rename(m, depth+1)
	}
}

// whole replaces a value that is no text because of its key.
func (r *redactor) whole(v pcommon.Value, key *pii.Key) {
	text := r.w.Whole(key)
	if !r.cfg.DryRun {
		v.SetStr(text)
	}
}

// user sets user.hash before the user's attributes go.
func (r *redactor) user(m pcommon.Map) {
	if !r.cfg.UserHash || r.cfg.DryRun || !namesUser(m) {
		return
	}
	for _, name := range [...]string{"user.id", "enduser.id", "user.email"} {
		v, ok := m.Get(name)
		if !ok {
			continue
		}
		if _, ok := m.Get(attrUser); ok {
			return
		}
		if user := v.AsString(); user != "" {
			m.PutStr(attrUser, r.userHash(user))
			return
		}
	}
}

// namesUser tells in one pass whether m may have a key that user looks for.
func namesUser(m pcommon.Map) bool {
	for k := range m.All() {
		if (len(k) == len("user.id") || len(k) == len("user.email")) && (strings.HasPrefix(k, "user.") || k == "enduser.id") {
			return true
		}
	}
	return false
}

// audit tells on the record what was taken out of it.
func (r *redactor) audit(m pcommon.Map) {
	if r.found > 0 && r.cfg.Audit != AuditOff && !(r.cfg.DryRun && r.cfg.Audit == AuditOff) {
		n := int64(r.found)
		if v, ok := m.Get(attrCount); ok && r.cfg.TrustIncoming {
			n += v.Int()
		}
		m.PutInt(attrCount, n)
		if r.cfg.Audit == AuditTypes {
			r.auditTypes(m)
		}
	}
}

// auditTypes names the detectors; those of an agent that is trusted stay.
func (r *redactor) auditTypes(m pcommon.Map) {
	v, ok := m.Get(attrTypes)
	if !ok || !r.cfg.TrustIncoming || v.Type() != pcommon.ValueTypeSlice {
		v, _ = m.GetOrPutEmpty(attrTypes)
		v.SetEmptySlice()
	}
	s := v.Slice()
	for _, t := range r.types {
		known := false
		for _, e := range s.All() {
			known = known || e.Str() == t
		}
		if !known {
			s.AppendEmpty().SetStr(t)
		}
	}
}

// record begins the count of a record.
func (r *redactor) record() {
	r.found = 0
	r.types = r.types[:0]
}

// each calls f for the records from 0 to n. When one of them makes the scanner panic, that one is done
// again with each of its values guarded, so that the others are not lost.
func (r *redactor) each(n int, f func(i int)) {
	for i := 0; i < n; {
		i = r.run(i, n, f)
	}
	r.safe = false
}

func (r *redactor) run(i, n int, f func(i int)) (next int) {
	next = i
	defer func() {
		if p := recover(); p != nil {
			if r.safe {
				panic(fmt.Sprintf("pii_redaction: outside of the scanner: %v", p))
			}
			r.safe = true
		}
	}()
	for ; next < n; next++ {
		f(next)
		r.safe = false
	}
	return next
}
