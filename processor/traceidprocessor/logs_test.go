package traceidprocessor

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestPlaces finds one trace ID in every place of a record.
func TestPlaces(t *testing.T) {
	r := newRig(t, "attributes: [our-own]")
	f := func(in rec, source string) {
		t.Helper()
		out := r.send(in)
		require.Len(t, out, 1)
		require.Equal(t, traceA, out[0].TraceID().String())
		require.Equal(t, "recovered", says(out[0], attrStatus))
		require.Equal(t, source, says(out[0], attrSource))
	}
	f(rec{attrs: map[string]any{"trace_id": traceA}}, "trace_id")
	f(rec{attrs: map[string]any{"our-own": traceA, "trace_id": traceB}}, "our-own")
	f(rec{attrs: map[string]any{"mdc": map[string]any{"traceId": traceA}}}, "traceId")
	f(rec{attrs: map[string]any{"http.request.header.traceparent": []any{"00-" + traceA + "-" + spanA + "-01"}}}, "http.request.header.traceparent")
	f(rec{attrs: map[string]any{"message": "x [trace_id=" + traceA + "]"}}, "trace_id")
	f(rec{body: map[string]any{"trace": map[string]any{"id": traceA}}}, "id")
	f(rec{body: `{"level":"info","traceId":"` + traceA + `"}`}, "traceId")
	f(rec{body: "2026-01-01 INFO [shop," + traceA + "," + spanA + "] - x"}, "text:sleuth")
	f(rec{body: []byte("level=info trace_id=" + traceA)}, "trace_id")
	// The attributes come before the body, a better key before a worse one.
	f(rec{attrs: map[string]any{"dd.trace_id": traceB, "trace_id": traceA}, body: "trace_id=" + traceB}, "trace_id")

	ld := makeLogs(t, rec{body: "nothing"})
	ld.ResourceLogs().At(0).Resource().Attributes().PutStr("X-Amzn-Trace-Id", "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Sampled=1")
	require.NoError(t, r.logs.ConsumeLogs(t.Context(), ld))
	all := r.outL.AllLogs()
	lr := all[len(all)-1].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, traceA, lr.TraceID().String())
	require.True(t, lr.Flags().IsSampled())
}

func TestBodyOff(t *testing.T) {
	r := newRig(t, "body: false")
	out := r.send(rec{body: "trace_id=" + traceA, attrs: map[string]any{"message": "trace_id=" + traceA}})
	require.True(t, out[0].TraceID().IsEmpty())
}

func TestSpanAndFlags(t *testing.T) {
	r := newRig(t, "{}")
	out := r.send(
		rec{attrs: map[string]any{"trace_id": traceA, "span_id": spanA, "trace_flags": "01"}},
		rec{attrs: map[string]any{"dd.trace_id": "13835058055282163712", "dd.span_id": "67667974448284343", "_dd.p.tid": "640cfd8d00000000"}},
		rec{attrs: map[string]any{"traceparent": "00-" + traceA + "-" + spanA + "-00"}},
	)
	require.Equal(t, spanA, out[0].SpanID().String())
	require.Equal(t, plog.LogRecordFlags(1), out[0].Flags())
	require.Equal(t, "640cfd8d00000000c000000000000000", out[1].TraceID().String())
	require.Equal(t, spanA, out[1].SpanID().String())
	require.Equal(t, plog.LogRecordFlags(0), out[2].Flags())
}

// TestOwn leaves a record alone that has its ID, and notes another one.
func TestOwn(t *testing.T) {
	r := newRig(t, "{}")
	out := r.send(
		rec{trace: traceA, body: "trace_id=" + traceB, attrs: map[string]any{"k": "v"}},
		rec{trace: traceA, attrs: map[string]any{"trace_id": traceB, "span_id": spanA}},
		rec{trace: traceA, attrs: map[string]any{"dd.trace_id": "11803532876627986230", "span_id": spanA}}, // its low half
	)
	require.Equal(t, map[string]any{"k": "v"}, out[0].Attributes().AsRaw())
	require.Equal(t, traceA, out[1].TraceID().String())
	require.Equal(t, traceB, says(out[1], attrConflict))
	require.True(t, out[1].SpanID().IsEmpty(), "the span of another trace")
	require.Equal(t, traceA, out[2].TraceID().String())
	require.Empty(t, says(out[2], attrConflict))
	require.Equal(t, spanA, out[2].SpanID().String())
}

// TestCorrupted gives an ID its right form, if the record itself proves it.
func TestCorrupted(t *testing.T) {
	r := newRig(t, "{}")
	text := hex.EncodeToString([]byte("a3ce929d0e0e4736"))
	out := r.send(
		rec{trace: "a3ce929d0e0e47360000000000000000", attrs: map[string]any{"trace_id": "a3ce929d0e0e4736"}},
		rec{trace: text, attrs: map[string]any{"trace_id": "a3ce929d0e0e4736"}},
		rec{trace: "a3ce929d0e0e47360000000000000000"},
	)
	require.Equal(t, "0000000000000000a3ce929d0e0e4736", out[0].TraceID().String())
	require.Equal(t, "0000000000000000a3ce929d0e0e4736", out[1].TraceID().String())
	require.Equal(t, "a3ce929d0e0e47360000000000000000", out[2].TraceID().String(), "without proof it stays")
}

func TestScrub(t *testing.T) {
	forged := map[string]any{"culprit.trace_id.status": "recovered", "issue.id": "1", "issues": "kept", "culprit": "kept"}
	out := newRig(t, "on_missing: pass").send(rec{attrs: forged}, rec{trace: traceA, attrs: forged})
	for _, lr := range out {
		require.Equal(t, map[string]any{"issues": "kept", "culprit": "kept"}, lr.Attributes().AsRaw())
	}
	out = newRig(t, "trust_incoming: true\non_missing: pass").send(rec{trace: traceA, attrs: forged})
	require.Equal(t, forged, out[0].Attributes().AsRaw())
}

func TestNormalize(t *testing.T) {
	in := rec{trace: traceA, attrs: map[string]any{"requestId": uuidA, "userId": int64(42)}}
	out := newRig(t, "{}").send(in,
		rec{attrs: map[string]any{"request.id": "mine", "X-Request-ID": uuidA, "user.id": "u", "usr.id": "v"}},
		rec{body: `{"request_id":"` + uuidA + `","user":{"id":"u7"}}`})
	require.Equal(t, uuidA, says(out[0], "request.id"))
	require.Equal(t, "42", says(out[0], "user.id"))
	require.Equal(t, "mine", says(out[1], "request.id"))
	require.Equal(t, "u", says(out[1], "user.id"))
	require.Equal(t, uuidA, says(out[2], "request.id"))
	require.Equal(t, "u7", says(out[2], "user.id"))
	out = newRig(t, "normalize: false").send(in)
	require.Equal(t, in.attrs, out[0].Attributes().AsRaw())
}
