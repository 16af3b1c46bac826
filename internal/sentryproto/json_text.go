package sentryproto

import (
	"encoding/json"
	"unicode/utf8"
)

// JSON is the text of an array or object as strict JSON in UTF-8: as it came where that is so, else
// written again, so that whoever reads it after us can. "" for every other kind.
func (v Value) JSON() string {
	if k := v.Kind(); k != Array && k != Object {
		return ""
	}
	raw := v.Raw()
	if !v.p.lax && (!v.p.wide || utf8.ValidString(raw)) {
		return raw
	}
	return string(appendJSON(make([]byte, 0, len(raw)+len(raw)/8), v))
}

// appendJSON writes a value. The parser bounds its depth.
func appendJSON(dst []byte, v Value) []byte {
	switch v.Kind() {
	case String:
		return appendJSONString(dst, v.Str())
	case Array:
		dst = append(dst, '[')
		comma := false
		for e := range v.Elements() {
			if comma {
				dst = append(dst, ',')
			}
			comma = true
			dst = appendJSON(dst, e)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		comma := false
		for k, m := range v.Members() {
			if comma {
				dst = append(dst, ',')
			}
			comma = true
			dst = append(appendJSONString(dst, k), ':')
			dst = appendJSON(dst, m)
		}
		return append(dst, '}')
	case Null, Missing:
		return append(dst, "null"...) // NaN among them
	}
	return append(dst, v.Raw()...)
}

func appendJSONString(dst []byte, s string) []byte {
	b, err := json.Marshal(s)
	if err != nil { // a string: cannot happen
		return append(dst, `""`...)
	}
	return append(dst, b...)
}
