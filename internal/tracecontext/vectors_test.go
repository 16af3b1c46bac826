package tracecontext

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVectors reads one value under one key, as documentation and specifications show them.
func TestVectors(t *testing.T) {
	keys := NewKeys(nil, nil)
	f := func(value, name, trace, span string) {
		t.Helper()
		key, ok := keys.Lookup(name)
		require.True(t, ok, "the key %s is not known", name)
		var s Scan
		s.value(key, name, value, true)
		r, ok := s.Result()
		if trace == "" {
			require.False(t, ok, "%s = %s is taken for %x", name, value, r.TraceID)
			return
		}
		require.True(t, ok, "%s = %s is not read", name, value)
		require.Equal(t, trace, hex.EncodeToString(r.TraceID[:]))
		if span == "" {
			span = "0000000000000000"
		}
		require.Equal(t, span, hex.EncodeToString(r.SpanID[:]))
	}
	f("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "traceparent", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
	f("00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01", "http.request.header.traceparent", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
	f("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-else", "traceparent", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
	f("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "traceparent", "", "")
	f("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", "traceparent", "", "")
	f("00-00000000000000000000000000000000-00f067aa0ba902b7-01", "traceparent", "", "")
	f("a3ce929d0e0e4736", "X-B3-TraceId", "0000000000000000a3ce929d0e0e4736", "")
	f("80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90", "b3", "80f198ee56343ba864fe8b2a57d3eff7", "e457b5a2e4d86bd1")
	f("3ad7b2c1:1f:0:1", "uber-trace-id", "0000000000000000000000003ad7b2c1", "000000000000001f")
	f("3ad7b2c1%3A1f%3a0%3A1", "uber-trace-id", "0000000000000000000000003ad7b2c1", "000000000000001f")
	f("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", "X-Amzn-Trace-Id", "5759e988bd862e3fe1be46a994272793", "")
	f("Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8", "X-Amzn-Trace-Id", "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
	f("1-5759e988-bd862e3fe1be46a994272793@53995c3f42cd8ad8", "AWS-XRAY-TRACE-ID", "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
	f("5208512171318403364", "dd.trace_id", "000000000000000048485a3953bb6124", "")
	f("1", "dd.trace_id", "00000000000000000000000000000001", "")
	f("18446744073709551616", "dd.trace_id", "", "") // more than 64 bits
	f("18446744073709551615", "dd.trace_id", "0000000000000000ffffffffffffffff", "")
	f("105445aa7843bc8bf206b12000100000/1;o=1", "X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000", "0000000000000001")
	f("105445aa7843bc8bf206b12000100000/67667974448284343", "X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000", "00f067aa0ba902b7")
	f("105445aa7843bc8bf206b12000100000", "X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000", "")
	f("projects/p1/traces/06796866738c859f2f19b7cfb3214824", "logging.googleapis.com/trace", "06796866738c859f2f19b7cfb3214824", "")
	f("771a43a4192642f0b136d5159a501700-1234567890abcdef-1", "sentry-trace", "771a43a4192642f0b136d5159a501700", "1234567890abcdef")
	f("f47ac10b-58cc-4372-a567-0e02b2c3d479", "X-Trace-ID", "f47ac10b58cc4372a5670e02b2c3d479", "")
	f("urn:uuid:F47AC10B-58CC-4372-A567-0E02B2C3D479", "X-Trace-ID", "f47ac10b58cc4372a5670e02b2c3d479", "")
	f("{f47ac10b-58cc-4372-a567-0e02b2c3d479}", "traceId", "f47ac10b58cc4372a5670e02b2c3d479", "")
	f("CvdlGRbNQ92ESOshHIAxnA==", "traceId", "0af7651916cd43dd8448eb211c80319c", "")
	f("CvdlGRbNQ92ESOshHIAxnA", "traceId", "0af7651916cd43dd8448eb211c80319c", "")
	f("|4bf92f35-77b3-4da6-a3ce-929d0e0e4736.3_a.", "operation_Id", "4bf92f3577b34da6a3ce929d0e0e4736", "")
	f("|4bf92f3577b34da6a3ce929d0e0e4736.3_a.", "Request-Id", "4bf92f3577b34da6a3ce929d0e0e4736", "")
	f("sentry-release=1,sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-public_key=x", "baggage", "771a43a4192642f0b136d5159a501700", "")
	for _, none := range []string{"0", "-", "", "null", "None", "N/A", "unknown", "00000000000000000000000000000000", "00000000-0000-0000-0000-000000000000"} {
		f(none, "trace_id", "", "")
	}
	f("4bf92f3577b34da6a3ce929d0e0e47361", "trace_id", "", "") // 33 digits
	f("01ARZ3NDEKTSV4RRFFQ69G5FAV", "trace_id", "", "")
	f("not an id", "trace_id", "", "")
	f("4bf92f3577b34da6a3ce929d0e0e4736", "request_id", "", "")
}

func TestDeriveVectors(t *testing.T) {
	f := func(mode Derive, value, want string, rule Rule) {
		t.Helper()
		id, got := DeriveTrace(mode, value)
		require.Equal(t, rule, got)
		if want != "" {
			require.Equal(t, want, hex.EncodeToString(id[:]))
		}
	}
	f(DeriveUUID, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01563e3ab5d3d6764c61efb99302bd5b", RuleULID)
	f(DeriveUUID, "0ujtsYcgvSTl8PAuAdqWYSMnLOv", "b5a1cd34b5f99d1154fb6853345c9735", RuleKSUID)
	f(DeriveUUID, "9m4e2mr0ui3e8a215n4g", "", RuleUnreadable)
	f(DeriveHash, "9m4e2mr0ui3e8a215n4g", "", RuleHash)
	f(DeriveUUID, "f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b58cc4372a5670e02b2c3d479", RuleUUID)
	f(DeriveOff, "f47ac10b-58cc-4372-a567-0e02b2c3d479", "", RuleEmpty)
	f(DeriveHash, "-", "", RuleEmpty)
}

func TestText(t *testing.T) {
	finder := NewFinder([]string{"my_own"}, []string{"ticket.no"})
	f := func(line, trace, span string) {
		t.Helper()
		var s Scan
		finder.Text(line, &s)
		r, ok := s.Result()
		if trace == "" {
			require.False(t, ok, "%s is taken for %x (%s)", line, r.TraceID, r.Source)
			return
		}
		require.True(t, ok, "nothing found in %s", line)
		require.Equal(t, trace, hex.EncodeToString(r.TraceID[:]), line)
		if span == "" {
			span = "0000000000000000"
		}
		require.Equal(t, span, hex.EncodeToString(r.SpanID[:]), line)
	}
	const id, sp = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	f(`{"level":"info","trace_id":"`+id+`","span_id":"`+sp+`","msg":"x"}`, id, sp)
	f(`{"trace":{"id":"`+id+`"},"span":{"id":"`+sp+`"}}`, id, sp)
	f(`{"dd":{"trace_id":"5208512171318403364","span_id":"67667974448284343"}}`, "000000000000000048485a3953bb6124", sp)
	f(`{"dd.trace_id":13835058055282163712,"_dd.p.tid":"640cfd8d00000000"}`, "640cfd8d00000000c000000000000000", "")
	f(`{"trace_id":"1234567890123456","dd.span_id":"5"}`, "0000000000000000000462d53c8abac0", "0000000000000005")
	f(`{"trace_id":"1234567890123456"}`, "00000000000000001234567890123456", "")
	f(`2026-01-02 03:04:05 INFO shop - {"traceId" : "`+id+`"}`, id, "")
	f(`{"log":"{\"trace_id\":\"`+id+`\",\"msg\":\"hi\"}\n","stream":"stdout"}`, id, "")
	f(`{"message":"call failed [trace_id=`+id+` span_id=`+sp+`]"}`, id, sp)
	f(`level=info ts=2026 traceID=3ad7b2c1 msg="done"`, "0000000000000000000000003ad7b2c1", "")
	f(`level=info msg="a b" trace_id=`+id+` span_id=`+sp, id, sp)
	f(`2026-01-02 INFO [shop,5e8eeb48b08fa2a6,0b1f] 1 --- [main] x`, "00000000000000005e8eeb48b08fa2a6", "0000000000000b1f")
	f(`2026-01-02 INFO [shop,`+id+`,`+sp+`,true] 1 --- [main] x`, id, sp)
	f(`2026-01-02 INFO [shop] [`+id+`-`+sp+`] x`, id, sp)
	f(`2026-01-02 INFO [shop,`+id+`-`+sp+`] x`, id, sp)
	f(`2026-01-02 INFO [shop,`+id+`,`+sp+`,maybe] x`, "", "")
	f(`{"@t":"2026","@mt":"hi","@tr":"`+id+`","@sp":"`+sp+`"}`, id, sp)
	f(`{"tr":"`+id+`","sp":"`+sp+`"}`, "", "")
	f(`=> SpanId:`+sp+`, TraceId:`+id+`, ParentId:0000000000000000 => RequestId:0HN123:00000001`, id, sp)
	f(`[dd.service=shop dd.env= dd.version= dd.trace_id=5208512171318403364 dd.span_id=67667974448284343] - hi`, "000000000000000048485a3953bb6124", sp)
	f(`x-datadog-trace-id=13835058055282163712 x-datadog-tags=_dd.p.tid=640cfd8d00000000,_dd.p.dm=-1`, "640cfd8d00000000c000000000000000", "")
	f(`level=info msg="{\"trace_id\":\"`+id+`\"}"`, id, "")
	f(`{"trace_id":"`+id+`","msg":"cut of`, id, "")
	f(`Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1 seen`, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
	f(`traceId= spanId=`+sp+` x`, "", "")
	f(`{"dd.trace_id":"12ab"}`, "", "")
	f(`{"dd.trace_id":-5,"trace_id":7}`, "", "")
	f(`2026-01-02 INFO [shop,,] 1 --- [main] x`, "", "")
	f(`x NR-LINKING|abc|host|`+id+`|`+sp+`|shop|`, id, sp)
	f(`x [!dt dt.trace_id=`+id+`,dt.span_id=`+sp+`] y`, id, sp)
	f(`REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95 XRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793 SegmentId: 53995c3f42cd8ad8 Sampled: true`, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
	f(`got traceparent 00-`+id+`-`+sp+`-01 from client`, id, sp)
	f(`got header X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8")
	f(`request done (trace id: `+id+`).`, id, "")
	f(`x dd.trace_id=13835058055282163712 dd.span_id=7 y`, "0000000000000000c000000000000000", "0000000000000007")
	f(`my_own=`+id, id, "")
	f(`<34>1 2026 h a - - [opentelemetry trace_id="`+id+`" span_id="`+sp+`" trace_flags="01"] hi`, id, sp)
	f(`2026 INFO [x] [trace_id=0 span_id=0 resource.service.name=a trace_sampled=False] - m`, "", "")

	f(`commit `+id+` deployed`, "", "")
	f(`md5=`+id+` session_id=`+id, "", "")
	f(`{"links":[{"trace_id":"`+id+`"}],"parent":{"trace_id":"`+id+`"}}`, "", "")
	f(`{"parent_trace_id":"`+id+`","etag":"`+id+`"}`, "", "")
	f(`request_id=f47ac10b-58cc-4372-a567-0e02b2c3d479 ok`, "", "")
	f(`the trace id is bad: trace_id=bad`, "", "")
	f(`stack trace: at com.shop.Main.main(Main.java:10)`, "", "")
	f(`numbers [1,1234567890123456,77]`, "", "")
	f(`Self=1-5759e988-bd862e3fe1be46a994272793 alone`, "", "")
}
