package tracecontext

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// form writes a random context as one tracer does.
type form struct {
	key   string
	write func(c Context) string
	bits  int  // 64: the tracer has the low half only
	span  bool // the span is told too
}

func hexOf(id [16]byte) string { return hex.EncodeToString(id[:]) }

func spanHex(c Context) string { return hex.EncodeToString(c.SpanID[:]) }

func uuidOf(id [16]byte) string {
	h := hexOf(id)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func lowDecimal(c Context) string {
	return strconv.FormatUint(binary.BigEndian.Uint64(c.TraceID[8:]), 10)
}

func spanDecimal(c Context) string {
	return strconv.FormatUint(binary.BigEndian.Uint64(c.SpanID[:]), 10)
}

var forms = []form{
	{"traceparent", func(c Context) string { return "00-" + hexOf(c.TraceID) + "-" + spanHex(c) + "-01" }, 128, true},
	{"traceparent", func(c Context) string {
		return strings.ToUpper("01-" + hexOf(c.TraceID) + "-" + spanHex(c) + "-01-extra")
	}, 128, true},
	{"trace_id", func(c Context) string { return hexOf(c.TraceID) }, 128, false},
	{"TraceId", func(c Context) string { return strings.ToUpper(hexOf(c.TraceID)) }, 128, false},
	{"X-Trace-ID", func(c Context) string { return uuidOf(c.TraceID) }, 128, false},
	{"X-B3-TraceId", func(c Context) string { return hexOf(c.TraceID)[16:] }, 64, false},
	{"b3", func(c Context) string { return hexOf(c.TraceID) + "-" + spanHex(c) + "-d" }, 128, true},
	{"b3", func(c Context) string { return hexOf(c.TraceID)[16:] + "-" + spanHex(c) }, 64, true},
	{"uber-trace-id", func(c Context) string {
		return strings.TrimLeft(hexOf(c.TraceID), "0") + ":" + strings.TrimLeft(spanHex(c), "0") + ":0:1"
	}, 128, true},
	{"uber-trace-id", func(c Context) string { return hexOf(c.TraceID) + "%3A" + spanHex(c) + "%3A0%3A3" }, 128, true},
	{"traceID", func(c Context) string { return strings.TrimLeft(hexOf(c.TraceID), "0") }, 128, false},
	{"X-Amzn-Trace-Id", func(c Context) string {
		return "Root=1-" + hexOf(c.TraceID)[:8] + "-" + hexOf(c.TraceID)[8:] + ";Parent=" + spanHex(c) + ";Sampled=1"
	}, 128, true},
	{"xray_trace_id", func(c Context) string { return "1-" + hexOf(c.TraceID)[:8] + "-" + hexOf(c.TraceID)[8:] }, 128, false},
	{"AWS-XRAY-TRACE-ID", func(c Context) string {
		return "1-" + hexOf(c.TraceID)[:8] + "-" + hexOf(c.TraceID)[8:] + "@" + spanHex(c)
	}, 128, true},
	{"dd.trace_id", lowDecimal, 64, false},
	{"dd.trace_id", func(c Context) string { return hexOf(c.TraceID) }, 128, false},
	{"x-datadog-trace-id", func(c Context) string { return new(big.Int).SetBytes(c.TraceID[:]).String() }, 128, false},
	{"X-Cloud-Trace-Context", func(c Context) string { return hexOf(c.TraceID) + "/" + spanDecimal(c) + ";o=1" }, 128, true},
	{"logging.googleapis.com/trace", func(c Context) string { return "projects/my-project/traces/" + hexOf(c.TraceID) }, 128, false},
	{"operation_Id", func(c Context) string { return "|" + hexOf(c.TraceID) + ".5_1." }, 128, false},
	{"Request-Id", func(c Context) string { return "|" + uuidOf(c.TraceID) + ".5_1." }, 128, false},
	{"sentry-trace", func(c Context) string { return hexOf(c.TraceID) + "-" + spanHex(c) + "-1" }, 128, true},
	{"baggage", func(c Context) string { return "a=b,sentry-trace_id=" + hexOf(c.TraceID) + ",c=d" }, 128, false},
	{"ot-tracer-traceid", func(c Context) string { return hexOf(c.TraceID)[16:] }, 64, false},
	{"X-INSTANA-T", func(c Context) string { return hexOf(c.TraceID)[16:] }, 64, false},
	{"dt.trace_id", func(c Context) string { return hexOf(c.TraceID) }, 128, false},
	{"traceId", func(c Context) string { return base64.StdEncoding.EncodeToString(c.TraceID[:]) }, 128, false},
	{"trace_id", func(c Context) string { return base64.RawURLEncoding.EncodeToString(c.TraceID[:]) }, 128, false},
	{"newrelic", func(c Context) string {
		return base64.StdEncoding.EncodeToString([]byte(`{"v":[0,1],"d":{"ty":"App","ac":"1","ap":"2","tr":"` + hexOf(c.TraceID) + `","id":"` + spanHex(c) + `","ti":1}}`))
	}, 128, true},
}

// randomContext returns a context whose decimal and hex forms are never ambiguous: the high bit of
// both halves is set, and a nibble of each is a letter.
func randomContext(r *rand.Rand) (c Context) {
	c.TraceID = trace128(r.Uint64()|1<<63|0xa, r.Uint64()|1<<63|0xb)
	c.SpanID = span64(r.Uint64() | 1<<63 | 0xc)
	return c
}

// TestPropertyFound writes random contexts in all forms into all places and wants them back exactly.
func TestPropertyFound(t *testing.T) {
	finder := NewFinder(nil, nil)
	r := rand.New(rand.NewPCG(1, 2))
	places := map[string]func(key, value string) pcommon.Value{
		"json": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`{"level":"info",%q:%q,"n":1}`, k, v))
		},
		"prefix json": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`2026-11-03T12:34:56.789Z INFO shop {"n": [1, {"a": "}"}], %q : %q }`, k, v))
		},
		"nested json": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`{"ctx":{"a":{},"http":{"headers":{%q:%q}}}}`, k, v))
		},
		"inner json": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`{"log":%q}`, fmt.Sprintf(`{%q:%q}`, k, v)))
		},
		"python": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`request {'%s': '%s', 'a': 1}`, k, v))
		},
		"logfmt": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`level=info msg="a=b c" %s=%s n=1`, k, v))
		},
		"quoted": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf(`level=info %s="%s" n=1`, k, v))
		},
		"header": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf("GET / HTTP/1.1\r\nHost: a\r\n%s: %s\r\n", k, v))
		},
		"bracket": func(k, v string) pcommon.Value {
			return pcommon.NewValueStr(fmt.Sprintf("12:34:56 INFO [main] [%s=%s] - done", k, v))
		},
		"map": func(k, v string) pcommon.Value {
			m := pcommon.NewValueMap()
			m.Map().PutEmptyMap("mdc").PutStr(k, v)
			return m
		},
	}
	for _, f := range forms {
		for place, put := range places {
			for range 50 {
				c := randomContext(r)
				value := f.write(c)
				want := c
				if f.bits == 64 {
					copy(want.TraceID[:8], make([]byte, 8))
				}
				var s Scan
				finder.Body(put(f.key, value), &s)
				got, ok := s.Result()
				require.True(t, ok, "%s: nothing found for %s: %s", place, f.key, value)
				require.Equal(t, hexOf(want.TraceID), hexOf(got.TraceID), "%s: %s: %s", place, f.key, value)
				if f.span {
					require.Equal(t, want.SpanID, got.SpanID, "%s: %s: %s", place, f.key, value)
				}
			}
		}
	}
}

// TestPropertyNone writes text that has IDs of all kinds, none of which is the trace's.
func TestPropertyNone(t *testing.T) {
	finder := NewFinder(nil, nil)
	r := rand.New(rand.NewPCG(3, 4))
	words := []string{"error", "order", "trace", "span", "id", "request", "the", "of", "commit", "sha", "md5", "user", "session", "GET", "/api/v1", "null", "-", "tracing", "backtrace", "trace_id", "traceparent"}
	keys := []string{"commit", "sha256", "etag", "session_id", "order_id", "md5", "parent_trace_id", "uuid", "container.id", "id", "token", "request_id", "span_id", "git.sha", "x-api-key", "cursor", "stack_trace", "last_trace_id", "traceability_no"}
	for range 20_000 {
		c := randomContext(r)
		values := []string{hexOf(c.TraceID), uuidOf(c.TraceID), spanHex(c), hexOf(c.TraceID) + spanHex(c), lowDecimal(c), "1.2.3", "-", "0"}
		var b strings.Builder
		object := r.IntN(2) == 0
		if object {
			b.WriteString(`{"level":"warn"`)
		}
		for range 1 + r.IntN(6) {
			k, v := keys[r.IntN(len(keys))], values[r.IntN(len(values))]
			switch {
			case object:
				fmt.Fprintf(&b, `,%q:%q`, k, v)
			case r.IntN(2) == 0:
				fmt.Fprintf(&b, "%s=%s ", k, v)
			default:
				fmt.Fprintf(&b, "%s %s ", words[r.IntN(len(words))], v)
			}
		}
		if object {
			b.WriteString(`}`)
		}
		var s Scan
		finder.Text(b.String(), &s)
		got, ok := s.Result()
		require.False(t, ok, "%s: %x by %s", b.String(), got.TraceID, got.Source)
	}
}

// TestPropertyRandomText looks for IDs in random bytes and in random printable text.
func TestPropertyRandomText(t *testing.T) {
	finder := NewFinder(nil, nil)
	r := rand.New(rand.NewPCG(5, 6))
	const alphabet = "0123456789abcdef-:={}[]\"', traceidspn_.|/\\"
	for range 20_000 {
		b := make([]byte, 20+r.IntN(300))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		var s Scan
		finder.Text(string(b), &s)
		_, ok := s.Result()
		require.False(t, ok, "%s", b)
	}
}
