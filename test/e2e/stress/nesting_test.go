package stress

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // as clients send
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

// TestNestedOTLP: 1.5 million lists in each other, in each encoding and over each transport, plain and compressed. Decoded, these need more
// than the gigabyte of stack at which a process ends; each of them is refused for good, and takes no memory.
func TestNestedOTLP(t *testing.T) {
	v := startVictim(t)
	const levels = 1_500_000
	deep := nested(levels)
	require.Less(t, len(deep), 16<<20, "the receiver would refuse it for its size")
	text := []byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":` + strings.Repeat(`{"arrayValue":{"values":[`, 700_000))
	brackets := []byte(`{"resourceLogs":` + strings.Repeat("[", 18_000_000))
	before := heap(t, v.self)
	for _, c := range []struct {
		kind string
		body []byte
	}{{"application/x-protobuf", deep}, {"application/json", text}, {"application/json", brackets}} {
		for encoding, body := range map[string][]byte{"": c.body, "gzip": gzipped(t, c.body)} {
			answer := request(t, v.OTLPHTTP+"/v1/logs", c.kind, encoding, body)
			assert.GreaterOrEqual(t, answer, http.StatusBadRequest, "%s %s", c.kind, encoding)
			assert.Less(t, answer, http.StatusInternalServerError, "%s %s", c.kind, encoding)
			v.works(t)
		}
	}
	conn, err := grpc.NewClient(v.OTLPGRPC, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.ForceCodecV2(asIs{})))
	require.NoError(t, err)
	defer conn.Close()
	for _, options := range [][]grpc.CallOption{nil, {grpc.UseCompressor("gzip")}} {
		var answer []byte
		err := conn.Invoke(t.Context(), "/opentelemetry.proto.collector.logs.v1.LogsService/Export", deep, &answer, options...)
		assert.Equal(t, codes.Internal, status.Code(err), "clients do not send again: %v", err)
		v.works(t)
	}
	t.Logf("heap %d MiB before, %d MiB after", before>>20, heap(t, v.self)>>20)
}

func gzipped(t *testing.T, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(raw)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// asIs is a codec for messages that are bytes already.
type asIs struct{}

// Name of what it claims to be.
func (asIs) Name() string { return "proto" }

// Marshal passes bytes on.
func (asIs) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

// Unmarshal passes bytes on.
func (asIs) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}
