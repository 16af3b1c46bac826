package traceidprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// sp is a span for a test; hex IDs, "" = none.
type sp struct {
	trace  string
	span   byte
	parent byte
	link   string
}

func makeSpans(t *testing.T, service string, list ...sp) ptrace.Traces {
	t.Helper()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", service)
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for _, in := range list {
		s := spans.AppendEmpty()
		s.SetTraceID(traceOf(t, in.trace))
		s.SetSpanID([8]byte{in.span})
		s.SetParentSpanID([8]byte{in.parent})
		if in.link != "" {
			s.Links().AppendEmpty().SetTraceID(traceOf(t, in.link))
		}
	}
	return td
}

const shortID, textID = "a3ce929d0e0e47360000000000000000", "61336365393239643065306534373336"

var badSpans = []sp{
	{trace: traceA, span: 1},
	{trace: "", span: 2},
	{trace: "", span: 3, parent: 2},
	{trace: shortID, span: 4, link: textID},
	{trace: textID, span: 5, parent: 4, link: shortID},
	{trace: traceB, span: 0, parent: 1},
}

func TestSpansDrop(t *testing.T) {
	r := newRig(t, "{}")
	out := r.sendSpans(makeSpans(t, "shop", badSpans...))
	require.Equal(t, 1, out.Len())
	require.Equal(t, traceA, out.At(0).TraceID().String())
	require.Equal(t, 0, out.At(0).Attributes().Len())
	require.Equal(t, 0, r.sendSpans(makeSpans(t, "shop", badSpans[1])).Len())
	require.Empty(t, r.outT.AllTraces(), "an empty batch is not passed on")
}

func TestSpansFlagAndPass(t *testing.T) {
	out := newRig(t, "on_invalid_span: flag").sendSpans(makeSpans(t, "shop", badSpans...))
	require.Equal(t, len(badSpans), out.Len())
	sources := []string{"", zeroTrace, zeroTrace, shortTrace, textTrace, zeroSpan}
	for i, want := range sources {
		require.Equal(t, want, text(out.At(i).Attributes(), attrSource))
		require.Equal(t, badSpans[i].trace, out.At(i).TraceID().String())
	}
	out = newRig(t, "services: [{match: shop, on_invalid_span: pass}]").sendSpans(makeSpans(t, "shop", badSpans...))
	require.Equal(t, len(badSpans), out.Len())
	require.Equal(t, 0, out.At(1).Attributes().Len())
}

func TestSpansRepair(t *testing.T) {
	out := newRig(t, "on_invalid_span: repair").sendSpans(makeSpans(t, "shop", badSpans...))
	require.Equal(t, len(badSpans), out.Len())
	for i := range out.Len() {
		require.False(t, out.At(i).TraceID().IsEmpty() || out.At(i).SpanID().IsEmpty())
		require.Equal(t, badSpans[i].parent, out.At(i).ParentSpanID()[0])
	}
	const want = "0000000000000000a3ce929d0e0e4736"
	require.Equal(t, traceA, out.At(0).TraceID().String())
	require.Equal(t, out.At(1).TraceID(), out.At(2).TraceID(), "parent and child stay together")
	require.Equal(t, want, out.At(3).TraceID().String())
	require.Equal(t, want, out.At(4).TraceID().String())
	require.Equal(t, want, out.At(3).Links().At(0).TraceID().String())
	require.Equal(t, want, out.At(4).Links().At(0).TraceID().String())
	require.Equal(t, traceB, out.At(5).TraceID().String())
}

// TestSpansTeach learns request IDs from spans, normalises and scrubs.
func TestSpansTeach(t *testing.T) {
	r := newRig(t, "required_attributes: [user.id]")
	td := makeSpans(t, "gateway", sp{trace: traceA, span: 1})
	s := td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	s.Attributes().PutEmptySlice("http.request.header.x-request-id").AppendEmpty().SetStr(uuidA)
	s.Attributes().PutStr("issue.id", "forged")
	s.Events().AppendEmpty().Attributes().PutStr("issue.id", "forged")
	s.Links().AppendEmpty().Attributes().PutStr("culprit.x", "forged")
	out := r.sendSpans(td).At(0)
	require.Equal(t, uuidA, text(out.Attributes(), "request.id"))
	require.Equal(t, `["user.id"]`, text(out.Attributes(), attrLacks))
	_, forged := out.Attributes().Get("issue.id")
	require.False(t, forged)
	require.Equal(t, 0, out.Events().At(0).Attributes().Len())
	require.Equal(t, 0, out.Links().At(0).Attributes().Len())
	require.Equal(t, traceA, r.send(rec{attrs: map[string]any{"request_id": uuidA}})[0].TraceID().String())
}
