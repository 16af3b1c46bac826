package tracecontext

import (
	"context"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"github.com/oklog/ulid/v2"
	"github.com/segmentio/ksuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/contrib/propagators/b3"
	"go.opentelemetry.io/contrib/propagators/jaeger"
	"go.opentelemetry.io/contrib/propagators/ot"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// TestDifferentialInject has the propagators of the Go SDK write headers, and reads them.
func TestDifferentialInject(t *testing.T) {
	finder := NewFinder(nil, nil)
	r := rand.New(rand.NewPCG(7, 8))
	for name, p := range map[string]propagation.TextMapPropagator{
		"w3c":       propagation.TraceContext{},
		"b3 single": b3.New(b3.WithInjectEncoding(b3.B3SingleHeader)),
		"b3 multi":  b3.New(b3.WithInjectEncoding(b3.B3MultipleHeader)),
		"jaeger":    jaeger.Jaeger{},
		"xray":      xray.Propagator{},
		"ot":        ot.OT{},
	} {
		for i := range 500 {
			c := randomContext(r)
			if i%3 == 0 {
				copy(c.TraceID[:8], make([]byte, 8)) // a 64-bit tracer
			}
			flags := trace.TraceFlags(i % 2)
			sc := trace.NewSpanContext(trace.SpanContextConfig{TraceID: c.TraceID, SpanID: c.SpanID, TraceFlags: flags})
			carrier := propagation.MapCarrier{}
			p.Inject(trace.ContextWithSpanContext(context.Background(), sc), carrier)
			var s Scan
			for k, v := range carrier {
				key, ok := finder.Lookup("http.request.header." + k)
				if ok {
					s.value(key, k, v, true)
				}
			}
			got, ok := s.Result()
			require.True(t, ok, "%s: %v", name, carrier)
			want := c.TraceID
			if name == "ot" {
				copy(want[:8], make([]byte, 8)) // writes the low half only
			}
			require.Equal(t, hexOf(want), hexOf(got.TraceID), "%s: %v", name, carrier)
			require.Equal(t, c.SpanID, got.SpanID, "%s: %v", name, carrier)
			require.True(t, got.HasFlags, "%s: %v", name, carrier)
			require.Equal(t, byte(flags), got.Flags, "%s: %v", name, carrier)
		}
	}
}

// TestDifferentialExtract damages headers. What a propagator still reads, we read alike.
func TestDifferentialExtract(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const alphabet = "0123456789abcdef-:;=%zZ"
	for _, p := range []struct {
		header string
		style  Style
		oracle propagation.TextMapPropagator
		write  func(c Context) string
	}{
		{"traceparent", StyleAny, propagation.TraceContext{}, forms[0].write},
		{"b3", StyleB3, b3.New(), forms[6].write},
		{"uber-trace-id", StyleAny, jaeger.Jaeger{}, forms[8].write},
		{"X-Amzn-Trace-Id", StyleAny, xray.Propagator{}, forms[11].write},
	} {
		agreed := 0
		for range 5000 {
			value := []byte(p.write(randomContext(r)))
			for range r.IntN(3) {
				// Separators and the last fields stay: some propagators do not check them, we do.
				if i := r.IntN(min(len(value), 46)); alnum(value[i]) {
					value[i] = alphabet[r.IntN(len(alphabet))]
				}
			}
			ctx := p.oracle.Extract(context.Background(), propagation.MapCarrier{p.header: string(value)})
			want := trace.SpanContextFromContext(ctx)
			got, rule := Convert(p.style, string(value))
			if !want.IsValid() {
				continue // we read more: bare roots, upper case
			}
			agreed++
			require.True(t, rule.Found(), "%s: %s", p.header, value)
			require.Equal(t, want.TraceID().String(), hexOf(got.TraceID), "%s: %s", p.header, value)
			require.Equal(t, want.SpanID().String(), hex.EncodeToString(got.SpanID[:]), "%s: %s", p.header, value)
			require.Equal(t, want.IsSampled(), got.Flags&1 == 1, "%s: %s", p.header, value)
		}
		require.Greater(t, agreed, 1000, p.header)
	}
}

func TestDifferentialULIDAndKSUID(t *testing.T) {
	for range 500 {
		u := ulid.Make()
		c, ok := parseULID(u.String())
		require.True(t, ok)
		require.Equal(t, [16]byte(u), c.TraceID)
		k := ksuid.New()
		c, ok = parseKSUID(k.String())
		require.True(t, ok)
		require.Equal(t, k.Payload(), c.TraceID[:])
	}
	_, ok := parseKSUID("zzzzzzzzzzzzzzzzzzzzzzzzzzz") // more than 160 bits
	require.False(t, ok)
}
