package lokiexporter

import (
	"fmt"
	"testing"

	"github.com/grafana/loki/pkg/push"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TestMetadataOfRecordsStayApart: records share the memory that their metadata is written to, also where maps make
// one record's larger than the room made for it.
func TestMetadataOfRecordsStayApart(t *testing.T) {
	m := newMetadataBuilder(LimitsConfig{MaxMetadataBytes: 1 << 20, MaxMetadataCount: 1 << 20})
	res := pcommon.NewResource()
	res.Attributes().PutStr("host.name", "node-1")
	res.Attributes().PutEmptyMap("os").PutStr("type", "linux")
	res.Attributes().PutStr("http.route", "of the resource")
	scope := pcommon.NewInstrumentationScope()
	scope.SetName("shop")
	m.enterResource(res)
	m.enterScope(scope)

	names := func(l push.LabelsAdapter) (out []string) {
		for _, p := range l {
			out = append(out, p.Name+"="+p.Value)
		}
		return out
	}
	var all []push.LabelsAdapter
	for i := range 300 {
		lr := plog.NewLogRecord()
		lr.Attributes().PutStr("http.route", fmt.Sprint("/", i))
		if i%3 == 1 {
			cart := lr.Attributes().PutEmptyMap("cart")
			for k := range 50 {
				cart.PutInt(fmt.Sprint("article", k), int64(i))
			}
		}
		metadata, cut := m.of([]push.LabelAdapter{{Name: "host_name", Value: "x"}}, lr)
		require.False(t, cut)
		all = append(all, metadata)
	}
	for i, metadata := range all {
		want := []string{fmt.Sprint("http_route=/", i)}
		if i%3 == 1 {
			for k := range 50 {
				want = append(want, fmt.Sprintf("cart_article%d=%d", k, i))
			}
		}
		assert.Equal(t, append(want, "scope_name=shop", "os_type=linux"), names(metadata), i)
	}
}
