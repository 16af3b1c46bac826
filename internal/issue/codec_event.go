package issue

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// An event has dozens of frames, and thousands of events may be stored in a second: its stored form is binary like that
// of a record. Every field is there in a fixed order; a test fills all of them.

var eventBuffers = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// EncodeEvent returns the stored form of an event, trimmed to about 64 KiB.
func EncodeEvent(e *Event) ([]byte, error) {
	buffer := eventBuffers.Get().(*[]byte)
	defer eventBuffers.Put(buffer)
	w := writer{b: (*buffer)[:0]}
	w.event(e)
	if len(w.b) > maxEventBytes {
		w.b = w.b[:0]
		w.event(trimEvent(e))
	}
	if cap(w.b) <= 1<<20 {
		*buffer = w.b
	}
	return pack(w.b, formBinary), nil
}

// DecodeEvent reads the stored form of an event.
func DecodeEvent(b []byte) (*Event, error) {
	b, form, err := unpack(b)
	if err != nil {
		return nil, err
	}
	e := &Event{}
	if form == formJSON { // of an earlier version
		if err := json.Unmarshal(b, e); err != nil {
			return nil, fmt.Errorf("decode event: %w", err)
		}
		return e, nil
	}
	d := reader{b: b}
	d.event(e)
	if d.err != nil {
		return nil, d.err
	}
	return e, nil
}

func (w *writer) event(e *Event) {
	w.instant(e.Time)
	for _, s := range e.texts() {
		w.text(*s)
	}
	w.number(handled(e.Handled))
	w.number(uint64(len(e.Exceptions)))
	for i := range e.Exceptions {
		x := &e.Exceptions[i]
		for _, s := range exceptionTexts(x) {
			w.text(*s)
		}
		w.b = binary.AppendVarint(w.b, int64(x.Parent))
		w.number(uint64(len(x.Frames)))
		for k := range x.Frames {
			f := &x.Frames[k]
			w.text(f.Function)
			w.text(f.Module)
			w.text(f.File)
			w.b = binary.AppendVarint(w.b, int64(f.Line))
			w.b = binary.AppendVarint(w.b, int64(f.Column))
			w.number(flag(f.InApp))
		}
	}
	w.number(uint64(len(e.Breadcrumbs)))
	for i := range e.Breadcrumbs {
		c := &e.Breadcrumbs[i]
		w.instant(c.Time)
		for _, s := range c.texts() {
			w.text(*s)
		}
		w.pairs(c.Data)
	}
	for _, m := range e.maps() {
		w.pairs(*m)
	}
}

func (d *reader) event(e *Event) {
	e.Time = d.instant()
	for _, s := range e.texts() {
		*s = d.text()
	}
	if n := d.number(); n > 0 {
		yes := n == 2
		e.Handled = &yes
	}
	e.Exceptions = list(d, func() (x stacktrace.Exception) {
		for _, s := range exceptionTexts(&x) {
			*s = d.text()
		}
		x.Parent = int(d.signed())
		x.Frames = list(d, func() stacktrace.Frame {
			return stacktrace.Frame{
				Function: d.text(), Module: d.text(), File: d.text(), Line: int(d.signed()), Column: int(d.signed()), InApp: d.number() == 1,
			}
		})
		return x
	})
	e.Breadcrumbs = list(d, func() (c Breadcrumb) {
		c.Time = d.instant()
		for _, s := range c.texts() {
			*s = d.text()
		}
		c.Data = d.pairs()
		return c
	})
	for _, m := range e.maps() {
		*m = d.pairs()
	}
}

func (e *Event) texts() [13]*string {
	return [...]*string{
		&e.ID, &e.TraceID, &e.SpanID, &e.Service, &e.Environment, &e.Release, &e.Level, &e.Message, &e.Template, &e.Logger,
		&e.Transaction, (*string)(&e.Language), &e.Stack,
	}
}

func (e *Event) maps() [5]*map[string]string {
	return [...]*map[string]string{&e.Request, &e.User, &e.Tags, &e.Resource, &e.Extra}
}

func exceptionTexts(x *stacktrace.Exception) [4]*string {
	return [...]*string{&x.Type, &x.Message, &x.Module, (*string)(&x.Relation)}
}

func (c *Breadcrumb) texts() [5]*string {
	return [...]*string{&c.Service, &c.Category, &c.Level, &c.Message, &c.SpanID}
}

func handled(b *bool) uint64 {
	if b == nil {
		return 0
	}
	return 1 + flag(*b)
}

// instant writes any time there is, unlike writer.time: an SDK's clock may be set to anything.
func (w *writer) instant(t time.Time) {
	if t.IsZero() {
		w.b = binary.AppendVarint(w.b, math.MinInt64)
		return
	}
	w.b = binary.AppendVarint(w.b, t.Unix())
	w.number(uint64(t.Nanosecond()))
}

func (d *reader) instant() time.Time {
	n := d.signed()
	if n == math.MinInt64 || d.err != nil {
		return time.Time{}
	}
	return time.Unix(n, int64(d.number()%1e9)).UTC()
}

func (w *writer) pairs(m map[string]string) {
	w.number(uint64(len(m)))
	for k, v := range m {
		w.text(k)
		w.text(v)
	}
}

func (d *reader) pairs() map[string]string {
	n := d.length()
	if n == 0 {
		return nil
	}
	m := make(map[string]string, min(n, 1000))
	for ; n > 0 && d.err == nil; n-- {
		k := d.text()
		m[k] = d.text()
	}
	return m
}
