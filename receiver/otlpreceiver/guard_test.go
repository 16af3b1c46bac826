package otlpreceiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"

	"github.com/otel-culprit/culprit/internal/nesting"
	"github.com/otel-culprit/culprit/receiver/otlpreceiver/internal/metadata"
)

// start runs a receiver with two signals on sockets of its own.
func start(t *testing.T) (sink *consumertest.LogsSink, http, grpc string) {
	t.Helper()
	sink = &consumertest.LogsSink{}
	http, grpc = startInto(t, sink)
	return sink, http, grpc
}

func startInto(t *testing.T, next consumer.Logs) (http, grpc string) {
	t.Helper()
	http, grpc = filepath.Join(t.TempDir(), "http"), filepath.Join(t.TempDir(), "grpc")
	cfg := NewFactory().CreateDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{
		"http": map[string]any{"endpoint": http, "transport": "unix"},
		"grpc": map[string]any{"endpoint": grpc, "transport": "unix", "max_recv_msg_size_mib": 64},
	}}).Unmarshal(cfg))
	set := receivertest.NewNopSettings(metadata.Type)
	traces, err := NewFactory().CreateTraces(t.Context(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	logs, err := NewFactory().CreateLogs(t.Context(), set, cfg, next)
	require.NoError(t, err)
	for _, r := range []component.Component{traces, logs} {
		require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
		t.Cleanup(func() { assert.NoError(t, r.Shutdown(context.Background())) })
	}
	return http, "unix://" + grpc
}

// nested is an export request of some bytes whose one record's body is a list in a list, as deep as fits.
func nested(size int) []byte {
	buf := make([]byte, size+100)
	at := len(buf)
	wrap := func(field byte) {
		var length [10]byte
		n := binary.PutUvarint(length[:], uint64(len(buf)-at))
		at -= n
		copy(buf[at:], length[:n])
		at--
		buf[at] = field<<3 | 2
	}
	for len(buf)-at < size-40 {
		wrap(1)
		wrap(5)
	}
	for _, field := range []byte{5, 2, 2, 1} {
		wrap(field)
	}
	return buf[at:]
}

func zip(t *testing.T, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(raw)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func post(t *testing.T, socket, path, kind, compression string, body []byte) (int, string) {
	t.Helper()
	resp, answer := send(t, socket, path, kind, compression, body)
	return resp.StatusCode, answer
}

func send(t *testing.T, socket, path, kind, compression string, body []byte) (*http.Response, string) {
	t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost"+path, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", kind)
	if compression != "" {
		r.Header.Set("Content-Encoding", compression)
	}
	resp, err := transport.RoundTrip(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(answer)
}

// Without the guard 16 MiB of lists in lists end the process (test/e2e/stress sends them to the built binary); 1 MiB has the same answers
// and costs the race detector less.
func TestAttacks(t *testing.T) {
	sink, socket, address := start(t)
	deep := nested(1 << 20)
	text := []byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":` + strings.Repeat(`{"arrayValue":{"values":[`, 40_000))
	for _, c := range []struct {
		kind, compression string
		body              []byte
	}{
		{"application/x-protobuf", "", deep},
		{"application/x-protobuf", "gzip", zip(t, deep)},
		{"application/json", "", text},
		{"application/json; charset=utf-8", "gzip", zip(t, text)},
	} {
		status, answer := post(t, socket, "/v1/logs", c.kind, c.compression, c.body)
		assert.Equal(t, http.StatusBadRequest, status, c.kind)
		assert.Contains(t, answer, nesting.ErrTooDeep.Error())
	}

	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{})))
	require.NoError(t, err)
	defer conn.Close()
	var answer []byte
	for _, options := range [][]grpc.CallOption{nil, {grpc.UseCompressor("gzip")}} {
		err = conn.Invoke(t.Context(), "/opentelemetry.proto.collector.logs.v1.LogsService/Export", deep, &answer, options...)
		require.ErrorContains(t, err, nesting.ErrTooDeep.Error())
	}
	assert.Zero(t, sink.LogRecordCount())

	// Ordinary requests pass, all ways.
	ordinary := plog.NewLogs()
	record := ordinary.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	value := record.Body()
	for range nesting.MaxLevels {
		value = value.SetEmptySlice().AppendEmpty()
	}
	request := plogotlp.NewExportRequestFromLogs(ordinary)
	binary, err := request.MarshalProto()
	require.NoError(t, err)
	inJSON, err := request.MarshalJSON()
	require.NoError(t, err)
	for kind, body := range map[string][]byte{"application/x-protobuf": binary, "application/json": inJSON} {
		status, answer := post(t, socket, "/v1/logs", kind, "gzip", zip(t, body))
		assert.Equal(t, http.StatusOK, status, answer)
	}
	require.NoError(t, conn.Invoke(t.Context(), "/opentelemetry.proto.collector.logs.v1.LogsService/Export", binary, &answer))
	assert.Equal(t, 3, sink.LogRecordCount())
	status, _ := post(t, socket, "/v1/elsewhere", "application/x-protobuf", "", binary)
	assert.Equal(t, http.StatusNotFound, status)
}

// raw sends bytes as they are.
type raw struct{}

var _ encoding.CodecV2 = raw{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

// The guard comes once and last, whoever asks for how many signals; what the user has configured stays.
func TestGuardIsTheLastMiddleware(t *testing.T) {
	cfg := NewFactory().CreateDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{
		"http": map[string]any{"middlewares": []any{map[string]any{"id": "own"}}}, "grpc": map[string]any{},
	}}).Unmarshal(cfg))
	for range 3 {
		guarded(cfg)
	}
	guard := configmiddleware.Config{ID: guardID}
	assert.Equal(t, []configmiddleware.Config{{ID: component.MustNewID("own")}, guard}, cfg.Protocols.HTTP.Get().ServerConfig.Middlewares)
	assert.Equal(t, []configmiddleware.Config{guard}, cfg.Protocols.GRPC.Get().Middlewares)
}

// A request has a minute to come in, where the configuration says nothing else.
func TestBodyTime(t *testing.T) {
	f := func(want time.Duration, http map[string]any) {
		t.Helper()
		cfg := NewFactory().CreateDefaultConfig()
		http["endpoint"] = "127.0.0.1:0"
		require.NoError(t, confmap.NewFromStringMap(map[string]any{"protocols": map[string]any{"http": http}}).Unmarshal(cfg))
		guarded(cfg.(*Config))
		assert.Equal(t, want, cfg.(*Config).Protocols.HTTP.Get().ServerConfig.ReadTimeout)
	}
	f(time.Minute, map[string]any{})
	f(2*time.Second, map[string]any{"read_timeout": "2s"})
}
