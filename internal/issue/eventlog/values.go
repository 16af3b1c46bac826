package eventlog

import (
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// str returns a value as a string; "" where there is none.
func str(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

func boolean(m pcommon.Map, key string) bool {
	v, ok := m.Get(key)
	return ok && (v.Type() == pcommon.ValueTypeBool && v.Bool() || v.Type() == pcommon.ValueTypeStr && v.Str() == "true")
}

// uinteger reads a count; 0 for what is none.
func uinteger(m pcommon.Map, key string) uint64 {
	v, ok := m.Get(key)
	if !ok {
		return 0
	}
	switch v.Type() {
	case pcommon.ValueTypeInt:
		return uint64(max(v.Int(), 0))
	case pcommon.ValueTypeDouble:
		if d := v.Double(); d >= 0 && d < math.MaxInt64 {
			return uint64(d)
		}
	case pcommon.ValueTypeStr:
		u, err := strconv.ParseUint(v.Str(), 10, 64)
		if err == nil {
			return u
		}
	}
	return 0
}

// number reads a line or column.
func number(m pcommon.Map, key string) int {
	return int(min(uinteger(m, key), math.MaxInt32))
}

func readTime(m pcommon.Map, key string) time.Time {
	v, ok := m.Get(key)
	if !ok {
		return time.Time{}
	}
	if v.Type() == pcommon.ValueTypeInt {
		return time.Unix(0, v.Int()).UTC()
	}
	t, err := time.Parse(time.RFC3339Nano, v.AsString())
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// eachMap yields the maps of a slice; everything else in it is skipped.
func eachMap(m pcommon.Map, key string) func(yield func(pcommon.Map) bool) {
	return func(yield func(pcommon.Map) bool) {
		v, ok := m.Get(key)
		if !ok || v.Type() != pcommon.ValueTypeSlice {
			return
		}
		for _, e := range v.Slice().All() {
			if e.Type() == pcommon.ValueTypeMap && !yield(e.Map()) {
				return
			}
		}
	}
}

func stringMap(m pcommon.Map, key string) map[string]string {
	v, ok := m.Get(key)
	if !ok || v.Type() != pcommon.ValueTypeMap || v.Map().Len() == 0 {
		return nil
	}
	out := make(map[string]string, v.Map().Len())
	for k, e := range v.Map().All() {
		out[k] = e.AsString()
	}
	return out
}

func stringSlice(m pcommon.Map, key string) []string {
	v, ok := m.Get(key)
	if !ok || v.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	var out []string
	for _, e := range v.Slice().All() {
		out = append(out, e.AsString())
	}
	return out
}
