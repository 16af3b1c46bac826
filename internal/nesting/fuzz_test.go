package nesting

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// depth is how many lists and maps lie in each other.
func depth(v pcommon.Value) int {
	deepest := 0
	switch v.Type() {
	case pcommon.ValueTypeSlice:
		for _, e := range v.Slice().All() {
			deepest = max(deepest, depth(e))
		}
		return deepest + 1
	case pcommon.ValueTypeMap:
		for _, e := range v.Map().All() {
			deepest = max(deepest, depth(e))
		}
		return deepest + 1
	default:
		return 0
	}
}

func deepest(r plogotlp.ExportRequest) int {
	n := 0
	attributes := func(m pcommon.Map) {
		for _, v := range m.All() {
			n = max(n, depth(v))
		}
	}
	for _, rl := range r.Logs().ResourceLogs().All() {
		attributes(rl.Resource().Attributes())
		for _, sl := range rl.ScopeLogs().All() {
			attributes(sl.Scope().Attributes())
			for _, lr := range sl.LogRecords().All() {
				attributes(lr.Attributes())
				n = max(n, depth(lr.Body()))
			}
		}
	}
	return n
}

// What the check passes is not too deep for the decoder. (Not the other way round: of a field that comes twice the decoder keeps
// the last.)
func FuzzProtobuf(f *testing.F) {
	for name, place := range places {
		if place.message != Logs {
			continue
		}
		for _, levels := range []int{0, 3, MaxLevels, MaxLevels + 1} {
			raw, err := place.make(func(v pcommon.Value) { fill(v, levels, name == "scope") }).MarshalProto()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw, uint16(7))
		}
	}
	f.Fuzz(func(t *testing.T, message []byte, size uint16) {
		err := feed(Protobuf(Logs), message, int(size)+1)
		if whole := feed(Protobuf(Logs), message, len(message)+1); whole != err { //nolint:errorlint // the very same
			t.Fatalf("in pieces %v, whole %v", err, whole)
		}
		if len(message) > 1<<20 {
			return // the decoder's own recursion
		}
		r := plogotlp.NewExportRequest()
		if r.UnmarshalProto(message) != nil {
			return
		}
		if n := deepest(r); err == nil && n > MaxLevels {
			t.Fatalf("%d levels: %v", n, err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"arrayValue":{"values":[{"stringValue":"\"["}]}}}]}]}]}`), uint16(3))
	f.Fuzz(func(t *testing.T, message []byte, size uint16) {
		err := feed(JSON(), message, int(size)+1)
		if whole := feed(JSON(), message, len(message)+1); whole != err { //nolint:errorlint // the very same
			t.Fatalf("in pieces %v, whole %v", err, whole)
		}
		r := plogotlp.NewExportRequest()
		if len(message) > 1<<20 || r.UnmarshalJSON(message) != nil {
			return
		}
		if n := deepest(r); err == nil && n > maxBrackets/3 {
			t.Fatalf("%d levels were passed", n)
		}
	})
}
