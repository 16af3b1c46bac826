package record

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestFactOfKnowsTheTags(t *testing.T) {
	require.Len(t, DefaultTags, numTags)
	for i, key := range DefaultTags {
		require.Equal(t, i, factOf(key), key)
	}
	require.Equal(t, -1, factOf("http.routes"))
}

// TestFactsAreTags: one pass finds what a look-up of each key finds, also where several failures share a resource.
func TestFactsAreTags(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := []func(v pcommon.Value){
		func(v pcommon.Value) { v.SetStr("") }, func(v pcommon.Value) { v.SetStr("a\nb") }, func(v pcommon.Value) { v.SetStr("/cart") },
		func(v pcommon.Value) { v.SetStr("/pay") }, func(v pcommon.Value) { v.SetInt(200) }, func(v pcommon.Value) { v.SetStr(string(make([]byte, 201))) },
	}
	fill := func(m pcommon.Map) {
		m.PutStr("other", "x")
		for range r.IntN(6) {
			values[r.IntN(len(values))](m.PutEmpty(DefaultTags[r.IntN(len(DefaultTags))]))
		}
	}
	for range 2000 {
		res := &Resource{Attributes: pcommon.NewMap()}
		fill(res.Attributes)
		for range 3 {
			f := Failure{resource: res, attrs: pcommon.NewMap(), Signal: issue.LogRecord}
			fill(f.attrs)
			if r.IntN(2) == 0 {
				f.Signal, f.span, f.hasSpan = issue.SpanEvent, ptrace.NewSpan(), true
				fill(f.span.Attributes())
			}
			got, _ := f.Facts()
			want := f.Tags(DefaultTags)
			require.Len(t, got, len(want))
			for k, v := range want {
				require.Equal(t, v, got[k], k)
			}
		}
	}
}

// TestUserOfSpan: the record's own user comes before the span's; an empty one leaves it to the next key.
func TestUserOfSpan(t *testing.T) {
	f := Failure{resource: &Resource{Attributes: pcommon.NewMap()}, attrs: pcommon.NewMap(), span: ptrace.NewSpan(), hasSpan: true, Signal: issue.SpanEvent}
	user := func() string {
		_, user := f.Facts()
		return user
	}
	require.Empty(t, user())
	f.span.Attributes().PutStr("user.hash", "of span")
	require.Equal(t, "of span", user())
	f.attrs.PutStr("user.hash", "own")
	require.Equal(t, "own", user())
	f.attrs.PutStr("user.hash", "[EMAIL]")
	require.Empty(t, user())
	f.attrs.PutStr("user.name", "jo")
	require.Len(t, user(), 16)
}
