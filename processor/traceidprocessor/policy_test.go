package traceidprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnMissing(t *testing.T) {
	bare := rec{service: "shop", body: "no ID here", attrs: map[string]any{"k": "v"}}
	bad := rec{service: "shop", attrs: map[string]any{"trace_id": "not an ID"}}

	out := newRig(t, "on_missing: pass").send(bare, bad)
	require.Equal(t, map[string]any{"k": "v"}, out[0].Attributes().AsRaw())
	require.Equal(t, bad.attrs, out[1].Attributes().AsRaw())

	out = newRig(t, "on_missing: flag").send(bare, bad)
	require.Equal(t, "missing", says(out[0], attrStatus))
	require.Equal(t, "invalid", says(out[1], attrStatus))
	require.Equal(t, "trace_id", says(out[1], attrSource))
	require.True(t, out[0].TraceID().IsEmpty() && out[1].TraceID().IsEmpty())

	out = newRig(t, "on_missing: generate").send(bare, bare,
		rec{service: "shop", attrs: map[string]any{"request_id": "9m4e2mr0ui3e8a215n4g"}},
		rec{service: "cart", attrs: map[string]any{"correlationId": "9m4e2mr0ui3e8a215n4g"}},
		rec{service: "cart", attrs: map[string]any{"req.id": int64(7)}},
		rec{service: "shop", attrs: map[string]any{"req.id": int64(7)}})
	require.Equal(t, "generated", says(out[0], attrStatus))
	require.False(t, out[0].TraceID().IsEmpty())
	require.NotEqual(t, out[0].TraceID(), out[1].TraceID())
	require.Equal(t, out[2].TraceID(), out[3].TraceID(), "one request, one trace")
	require.NotEqual(t, out[4].TraceID(), out[5].TraceID(), "a counter counts in its own process")

	r := newRig(t, "on_missing: drop")
	require.Len(t, r.send(bare, rec{trace: traceA}, bad, rec{body: "trace_id=" + traceB}), 2)
	require.Empty(t, r.send(bare), "an empty batch is not passed on")
	require.Empty(t, r.outL.AllLogs())
}

func TestServices(t *testing.T) {
	r := newRig(t, `
on_missing: pass
services:
  - {match: "legacy-*", on_missing: drop}
  - {match: "legacy-shop", on_missing: generate}
  - {match: "web", derive: uuid, required_attributes: [user.id]}
`)
	id := map[string]any{"request_id": uuidA}
	out := r.send(rec{service: "legacy-shop"}, rec{service: "web", attrs: id}, rec{service: "api", attrs: id})
	require.Len(t, out, 2)
	require.Equal(t, "f47ac10b58cc4372a5670e02b2c3d479", out[0].TraceID().String())
	require.Equal(t, `["user.id"]`, says(out[0], attrLacks))
	require.True(t, out[1].TraceID().IsEmpty())
}

func TestDerive(t *testing.T) {
	f := func(mode, id, want string) {
		t.Helper()
		out := newRig(t, "derive: "+mode).send(rec{attrs: map[string]any{"request_id": id}})
		require.Equal(t, want, out[0].TraceID().String())
	}
	f("off", uuidA, "")
	f("uuid", uuidA, "f47ac10b58cc4372a5670e02b2c3d479")
	f("hash", uuidA, "f47ac10b58cc4372a5670e02b2c3d479")
	f("uuid", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01563e3ab5d3d6764c61efb99302bd5b")
	f("uuid", "9m4e2mr0ui3e8a215n4g", "")
	// Equal on all nodes, today and tomorrow: the value is part of the contract.
	f("hash", "9m4e2mr0ui3e8a215n4g", "dbb424db245eda0ae13bb90047958cce")

	out := newRig(t, "derive: hash").send(rec{attrs: map[string]any{"sw8": "x.y.z"}}, rec{attrs: map[string]any{"trace.trace_id": "my own trace"}})
	require.True(t, out[0].TraceID().IsEmpty() == false && out[1].TraceID().IsEmpty() == false)
	require.Equal(t, "generated", says(out[1], attrStatus))
	require.Equal(t, "derive_hash:trace.trace_id", says(out[1], attrSource))
}

// TestRequestIDs joins records by their request ID, in any order, across signals.
func TestRequestIDs(t *testing.T) {
	r := newRig(t, "request_ids: {attributes: [ticket]}")
	out := r.send(
		rec{service: "b", attrs: map[string]any{"correlation_id": uuidA}}, // earlier in the batch
		rec{service: "a", trace: traceA, attrs: map[string]any{"X-Request-Id": uuidA}},
		rec{service: "c", body: `{"requestId":"` + uuidA + `"}`},
		rec{service: "d", body: "[" + uuidA + "] Started GET /"},
	)
	for _, lr := range out {
		require.Equal(t, traceA, lr.TraceID().String())
	}
	require.Equal(t, "recovered", says(out[0], attrStatus))
	require.Equal(t, "request_id:correlation_id", says(out[0], attrSource))

	// Another batch, another key, and learned from a body.
	r.send(rec{body: `{"trace_id":"` + traceB + `","ticket":"T-1234567890"}`})
	require.Equal(t, traceB, r.send(rec{attrs: map[string]any{"ticket": "T-1234567890"}})[0].TraceID().String())

	// Two traces under one request ID: none.
	out = r.send(rec{trace: traceB, attrs: map[string]any{"request_id": uuidA}}, rec{attrs: map[string]any{"request_id": uuidA}})
	require.True(t, out[1].TraceID().IsEmpty())

	// A counter means something in its own process only.
	out = r.send(
		rec{service: "a", trace: traceA, attrs: map[string]any{"reqId": "req-1"}},
		rec{service: "a", attrs: map[string]any{"reqId": "req-1"}},
		rec{service: "b", attrs: map[string]any{"reqId": "req-1"}})
	require.Equal(t, traceA, out[1].TraceID().String())
	require.True(t, out[2].TraceID().IsEmpty())
}

func TestRequestIDsOff(t *testing.T) {
	out := newRig(t, "request_ids: {enabled: false}").send(
		rec{trace: traceA, attrs: map[string]any{"request_id": uuidA}}, rec{attrs: map[string]any{"request_id": uuidA}})
	require.True(t, out[1].TraceID().IsEmpty())
}

func TestRequired(t *testing.T) {
	out := newRig(t, "required_attributes: [service.name, request.id, user.id]").send(
		rec{service: "a", trace: traceA, attrs: map[string]any{"request_id": uuidA, "user_id": "1"}},
		rec{trace: traceA, attrs: map[string]any{"user.id": "1"}})
	require.Empty(t, says(out[0], attrLacks))
	require.Equal(t, `["service.name","request.id"]`, says(out[1], attrLacks))
}
