package nesting

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.opentelemetry.io/collector/pdata/pprofile/pprofileotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// fill puts lists and maps in each other.
func fill(v pcommon.Value, levels int, maps bool) {
	for i := range levels {
		switch {
		case maps:
			v = v.SetEmptyMap().PutEmpty("a")
		case i%7 == 3:
			v.SetEmptySlice().AppendEmpty().SetStr("beside")
			v = v.Slice().AppendEmpty()
		default:
			v = v.SetEmptySlice().AppendEmpty()
		}
	}
	v.SetInt(1)
}

type request interface {
	MarshalProto() ([]byte, error)
	MarshalJSON() ([]byte, error)
}

// places are all that values lie in, each with the request around it.
var places = map[string]struct {
	message Message
	make    func(set func(pcommon.Value)) request
}{}

func init() {
	attribute := func(set func(pcommon.Value), m pcommon.Map) { set(m.PutEmpty("deep")) }
	logs := func(name string, put func(set func(pcommon.Value), rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord)) {
		places[name] = struct {
			message Message
			make    func(set func(pcommon.Value)) request
		}{Logs, func(set func(pcommon.Value)) request {
			l := plog.NewLogs()
			rl := l.ResourceLogs().AppendEmpty()
			sl := rl.ScopeLogs().AppendEmpty()
			put(set, rl, sl, sl.LogRecords().AppendEmpty())
			return plogotlp.NewExportRequestFromLogs(l)
		}}
	}
	type R = plog.ResourceLogs
	type S = plog.ScopeLogs
	type L = plog.LogRecord
	logs("resource", func(set func(pcommon.Value), rl R, _ S, _ L) { attribute(set, rl.Resource().Attributes()) })
	logs("scope", func(set func(pcommon.Value), _ R, sl S, _ L) { attribute(set, sl.Scope().Attributes()) })
	logs("body", func(set func(pcommon.Value), _ R, _ S, lr L) { set(lr.Body()) })
	logs("log attribute", func(set func(pcommon.Value), _ R, _ S, lr L) { attribute(set, lr.Attributes()) })

	spans := func(name string, of func(ptrace.Span) pcommon.Map) {
		places[name] = struct {
			message Message
			make    func(set func(pcommon.Value)) request
		}{Traces, func(set func(pcommon.Value)) request {
			t := ptrace.NewTraces()
			attribute(set, of(t.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty()))
			return ptraceotlp.NewExportRequestFromTraces(t)
		}}
	}
	spans("span", ptrace.Span.Attributes)
	spans("span event", func(s ptrace.Span) pcommon.Map { return s.Events().AppendEmpty().Attributes() })
	spans("span link", func(s ptrace.Span) pcommon.Map { return s.Links().AppendEmpty().Attributes() })

	points := func(name string, of func(pmetric.Metric) pcommon.Map) {
		places[name] = struct {
			message Message
			make    func(set func(pcommon.Value)) request
		}{Metrics, func(set func(pcommon.Value)) request {
			m := pmetric.NewMetrics()
			attribute(set, of(m.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()))
			return pmetricotlp.NewExportRequestFromMetrics(m)
		}}
	}
	points("metric", pmetric.Metric.Metadata)
	points("gauge", func(m pmetric.Metric) pcommon.Map { return m.SetEmptyGauge().DataPoints().AppendEmpty().Attributes() })
	points("sum", func(m pmetric.Metric) pcommon.Map { return m.SetEmptySum().DataPoints().AppendEmpty().Attributes() })
	points("histogram", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptyHistogram().DataPoints().AppendEmpty().Attributes()
	})
	points("exponential histogram", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptyExponentialHistogram().DataPoints().AppendEmpty().Attributes()
	})
	points("summary", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptySummary().DataPoints().AppendEmpty().Attributes()
	})
	points("exemplar of a number", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptySum().DataPoints().AppendEmpty().Exemplars().AppendEmpty().FilteredAttributes()
	})
	points("exemplar of a histogram", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptyHistogram().DataPoints().AppendEmpty().Exemplars().AppendEmpty().FilteredAttributes()
	})
	points("exemplar of an exponential histogram", func(m pmetric.Metric) pcommon.Map {
		return m.SetEmptyExponentialHistogram().DataPoints().AppendEmpty().Exemplars().AppendEmpty().FilteredAttributes()
	})

	places["profiles' dictionary"] = struct {
		message Message
		make    func(set func(pcommon.Value)) request
	}{Profiles, func(set func(pcommon.Value)) request {
		p := pprofile.NewProfiles()
		set(p.Dictionary().AttributeTable().AppendEmpty().Value())
		return pprofileotlp.NewExportRequestFromProfiles(p)
	}}
	places["profiles' resource"] = struct {
		message Message
		make    func(set func(pcommon.Value)) request
	}{Profiles, func(set func(pcommon.Value)) request {
		p := pprofile.NewProfiles()
		attribute(set, p.ResourceProfiles().AppendEmpty().Resource().Attributes())
		return pprofileotlp.NewExportRequestFromProfiles(p)
	}}
}

// feed gives a check a message in pieces.
func feed(c Check, message []byte, size int) error {
	for from := 0; from < len(message); from += size {
		if err := c.Next(message[from:min(from+size, len(message))]); err != nil {
			return err
		}
	}
	return nil
}

// In every place a value may be MaxLevels deep and no deeper, in both encodings, in pieces of all sizes.
func TestEveryPlace(t *testing.T) {
	for name, place := range places {
		for _, maps := range []bool{false, true} {
			for _, size := range []int{1, 3, 100, 1 << 20} {
				for levels, expected := range map[int]error{0: nil, 1: nil, MaxLevels: nil, MaxLevels + 1: ErrTooDeep, 10 * MaxLevels: ErrTooDeep} {
					raw, err := place.make(func(v pcommon.Value) { fill(v, levels, maps) }).MarshalProto()
					require.NoError(t, err)
					assert.ErrorIs(t, feed(Protobuf(place.message), raw, size), expected, "%s: %d levels, maps: %t, pieces of %d bytes", name, levels, maps, size)
				}
			}
			text, err := place.make(func(v pcommon.Value) { fill(v, MaxLevels, maps) }).MarshalJSON()
			require.NoError(t, err)
			require.NoError(t, feed(JSON(), text, 7), name)
			text, err = place.make(func(v pcommon.Value) { fill(v, 2*MaxLevels, maps) }).MarshalJSON()
			require.NoError(t, err)
			assert.ErrorIs(t, feed(JSON(), text, 7), ErrTooDeep, name)
		}
	}
}

// The shortest message that is too deep: every skip ahead must see it.
func TestShortestTooDeep(t *testing.T) {
	message := []byte{5<<3 | 2, 0} // an empty list
	for range MaxLevels {
		message = wrap(5, wrap(1, message))
	}
	for _, field := range []uint64{5, 2, 2, 1} {
		message = wrap(field, message)
	}
	assert.ErrorIs(t, feed(Protobuf(Logs), message, 1), ErrTooDeep)
}

func wrap(field uint64, message []byte) []byte {
	out := append(varintOf(field<<3|2), varintOf(uint64(len(message)))...)
	return append(out, message...)
}

func varintOf(n uint64) (out []byte) {
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

func TestScopesOfOldSenders(t *testing.T) {
	deep := []byte{5<<3 | 2, 0}
	for range MaxLevels {
		deep = wrap(5, wrap(1, deep))
	}
	old := wrap(1, wrap(deprecated, wrap(2, wrap(5, deep))))
	assert.ErrorIs(t, feed(Protobuf(Logs), old, 5), ErrTooDeep)
}

func TestMalformed(t *testing.T) {
	long := bytes.Repeat([]byte{0}, 1000)
	f := func(message ...byte) {
		t.Helper()
		assert.ErrorIs(t, feed(Protobuf(Logs), append(message, long...), 3), ErrMalformed)
	}
	f(0)                                                                                                    // field 0
	f(1<<3 | 3)                                                                                             // a group
	f(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)                                        // a varint of eleven bytes
	f(0x80|5<<3&0x7f, 0x80, 0x80, 0x80, 0x80, 0x40)                                                         // a field number beyond 29 bits, whose lower 32 bits are another one
	f(append(varintOf(1<<3|2), append(varintOf(600), append(varintOf(1<<3|2), varintOf(601)...)...)...)...) // longer than what it lies in
}

func TestTextInJSON(t *testing.T) {
	brackets := strings.Repeat("[", 10*maxBrackets)
	require.NoError(t, feed(JSON(), []byte(`{"a":"`+brackets+`\"`+brackets+`\\","b":[]}`), 1))
	assert.ErrorIs(t, feed(JSON(), []byte(`{"a":"\\\\"`+brackets), 1), ErrTooDeep)
	require.NoError(t, feed(JSON(), []byte(strings.Repeat(`[{}],`, 10*maxBrackets)), 1000))
	assert.ErrorIs(t, feed(JSON(), []byte(strings.Repeat("]", 10_000)+brackets), 1000), ErrTooDeep, "closing more than was opened gains nothing")
}

func TestReader(t *testing.T) {
	text := strings.Repeat("[1]", 5000)
	out, err := io.ReadAll(Reader(io.NopCloser(strings.NewReader(text)), JSON()))
	require.NoError(t, err)
	assert.Equal(t, text, string(out))
	r := Reader(io.NopCloser(strings.NewReader(strings.Repeat("[", 5000))), JSON())
	for range 2 {
		_, err = io.ReadAll(r)
		require.ErrorIs(t, err, ErrTooDeep)
	}
}
