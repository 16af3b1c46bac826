package lokireceiver

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/receiver/lokireceiver/internal/metadata"
)

// field is one of protobuf that has bytes.
func field(number byte, value string) string {
	return string(binary.AppendUvarint([]byte{number<<3 | 2}, uint64(len(value)))) + value
}

// push is one of a line of some length: streams{labels, entries{timestamp, line}}.
func push(length int) []byte {
	entry := field(1, "\x08\x01") + field(2, strings.Repeat("x", length))
	return snappy.Encode(nil, []byte(field(1, field(1, `{app="checkout"}`)+field(2, entry))))
}

func TestPush(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "http")
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{
		"http": map[string]any{"endpoint": socket, "transport": "unix", "max_request_body_size": 1 << 20},
	}}).Unmarshal(cfg))
	sink := &consumertest.LogsSink{}
	r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	defer func() { assert.NoError(t, r.Shutdown(context.Background())) }()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	f := func(want, records int, kind, encoding string, body []byte) {
		t.Helper()
		sink.Reset()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://loki/loki/api/v1/push", bytes.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", kind)
		if encoding != "" {
			req.Header.Set("Content-Encoding", encoding)
		}
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, want, resp.StatusCode)
		assert.Equal(t, records, sink.LogRecordCount())
	}
	const protobuf = "application/x-protobuf"
	f(204, 1, protobuf, "", push(10))
	f(204, 1, protobuf, "snappy", push(1000_000))
	f(413, 0, protobuf, "snappy", push(1<<20))
	f(413, 0, protobuf+"; charset=utf-8", "", push(10<<20)) // half a MiB, compressed
	f(413, 0, "text/plain", "", binary.AppendUvarint(nil, 1<<40))
	f(400, 0, protobuf, "", nil)
	f(204, 1, "application/json", "", []byte(`{"streams":[{"stream":{"app":"a"},"values":[["1","x"]]}]}`))
}

// A request has a minute to come in, where the configuration says nothing else.
func TestBodyTime(t *testing.T) {
	f := func(want time.Duration, http map[string]any) {
		t.Helper()
		cfg := NewFactory().CreateDefaultConfig()
		http["endpoint"] = "127.0.0.1:0"
		require.NoError(t, confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{"http": http}}).Unmarshal(cfg))
		guarded(cfg.(*Config))
		assert.Equal(t, want, cfg.(*Config).HTTP.ReadTimeout)
	}
	f(time.Minute, map[string]any{})
	f(2*time.Second, map[string]any{"read_timeout": "2s"})
}
