package sentryproto

import (
	"iter"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Value is one value of a parsed text. The zero Value is a missing one; all methods accept it.
type Value struct {
	p *Parser
	i uint32
}

func (v Value) node() *node { return &v.p.nodes[v.i] }

// Kind tells what the value is.
func (v Value) Kind() Kind {
	if v.p == nil {
		return Missing
	}
	return v.node().kind
}

// Raw is the value's text; a string's without quotes and with its escapes.
func (v Value) Raw() string {
	if v.p == nil {
		return ""
	}
	n := v.node()
	return v.p.src[n.start:n.end]
}

// Str is a string's value, always valid UTF-8; "" for every other kind.
func (v Value) Str() string {
	if v.Kind() != String {
		return ""
	}
	n := v.node()
	s := v.p.src[n.start:n.end]
	if n.flags&escaped != 0 {
		s = unescape(s)
	}
	if n.flags != 0 && !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return s
}

// Text is a string's value, or a number's or boolean's text; "" for every other kind. Relay, too,
// takes a scalar where a string is expected.
func (v Value) Text() string {
	switch v.Kind() {
	case String:
		return v.Str()
	case Number, True, False:
		return v.Raw()
	}
	return ""
}

// Float is a number's value, also when it stands in a string; false for everything else.
func (v Value) Float() (float64, bool) {
	if k := v.Kind(); k != Number && k != String {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.Raw(), 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

// Int is an integer's value, also when it stands in a string; false for everything else.
func (v Value) Int() (int64, bool) {
	if k := v.Kind(); k != Number && k != String {
		return 0, false
	}
	s := v.Raw()
	if len(s) == 0 || len(s) > 9 || s[0] == '-' || s[0] == '+' {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	n := int64(0) // line numbers, of which there are many
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// Bool is a boolean's value; ok is false for every other kind.
func (v Value) Bool() (value, ok bool) {
	k := v.Kind()
	return k == True, k == True || k == False
}

// Get returns a member of an object; the missing value when there is none. The last of equal keys counts.
func (v Value) Get(key string) Value {
	var found Value
	for k, m := range v.Members() {
		if k == key {
			found = m
		}
	}
	return found
}

// Members yields the keys and values of an object, in order; nothing for every other kind.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != Object {
			return
		}
		for i, end := v.i+1, v.node().next; i < end; i = v.p.nodes[i+1].next {
			if !yield(Value{v.p, i}.Str(), Value{v.p, i + 1}) {
				return
			}
		}
	}
}

// Elements yields the elements of an array, in order; nothing for every other kind.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		for i, end := v.i+1, v.node().next; i < end; i = v.p.nodes[i].next {
			if !yield(Value{v.p, i}) {
				return
			}
		}
	}
}

// Len is the number of elements or members.
func (v Value) Len() int {
	n := 0
	switch v.Kind() {
	case Array:
		for range v.Elements() {
			n++
		}
	case Object:
		for i, end := v.i+1, v.node().next; i < end; i = v.p.nodes[i+1].next {
			n++
		}
	}
	return n
}

// Values yields the elements of a list, whether it is written as `[…]` or as `{"values": […]}`.
// Nulls, which SDKs put in place of what they could not send, are left out.
func (v Value) Values() iter.Seq[Value] {
	v = v.list()
	return func(yield func(Value) bool) {
		for e := range v.Elements() {
			if e.Kind() != Null && !yield(e) {
				return
			}
		}
	}
}

// list is the list inside of `{"values": […]}`, or the value itself.
func (v Value) list() Value {
	if v.Kind() == Object {
		if inner := v.Get("values"); inner.Kind() != Missing {
			return inner
		}
	}
	return v
}
