package lokiexporter

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/exporter/lokiexporter/internal/metadata"
)

type reportingHost struct {
	component.Host
	statuses []componentstatus.Status
}

func (h *reportingHost) GetExtensions() map[component.ID]component.Component { return nil }

func (h *reportingHost) Report(e *componentstatus.Event) { h.statuses = append(h.statuses, e.Status()) }

func TestStatusFollowsLoki(t *testing.T) {
	var answer atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(answer.Load())) }))
	defer server.Close()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.Endpoint = server.URL
	e, err := newExporter(cfg, exportertest.NewNopSettings(metadata.Type))
	require.NoError(t, err)
	host := &reportingHost{}
	require.NoError(t, e.start(context.Background(), host))
	push := func(status int64) error {
		answer.Store(status)
		logs := plog.NewLogs()
		logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("hello")
		return e.push(context.Background(), logs)
	}
	require.NoError(t, push(http.StatusNoContent))
	assert.Empty(t, host.statuses, "well from the beginning")
	require.Error(t, push(http.StatusServiceUnavailable))
	require.Error(t, push(http.StatusForbidden))
	require.NoError(t, push(http.StatusNoContent))
	require.NoError(t, push(http.StatusNoContent))
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, host.statuses, "each change once")
	require.NoError(t, e.shutdown(context.Background()))
}
