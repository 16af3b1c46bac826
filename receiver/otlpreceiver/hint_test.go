package otlpreceiver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// TestHints: a sender that is refused for now is told when to come again, over both transports; one that is refused for good is not, and
// what a backend said is passed on.
func TestHints(t *testing.T) {
	full := errors.New("sending queue is full")
	for name, c := range map[string]struct {
		err        error
		http       int
		retryAfter string
		grpc       codes.Code
		delay      time.Duration
	}{
		"full":         {full, http.StatusServiceUnavailable, "1", codes.Unavailable, time.Second},
		"wrapped":      {consumererror.NewDownstream(fmt.Errorf("one of two: %w", full)), http.StatusServiceUnavailable, "1", codes.Unavailable, time.Second},
		"for good":     {consumererror.NewPermanent(full), http.StatusInternalServerError, "", codes.Internal, 0},
		"by a backend": {status.Error(codes.ResourceExhausted, "slow down"), http.StatusTooManyRequests, "", codes.ResourceExhausted, 0},
		"none":         {nil, http.StatusOK, "", codes.OK, 0},
	} {
		t.Run(name, func(t *testing.T) {
			httpSocket, grpcTarget := startInto(t, consumertest.NewErr(c.err))
			logs := plog.NewLogs()
			logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			request := plogotlp.NewExportRequestFromLogs(logs)
			body, err := request.MarshalProto()
			require.NoError(t, err)
			answer, _ := send(t, httpSocket, "/v1/logs", "application/x-protobuf", "", body)
			assert.Equal(t, c.http, answer.StatusCode)
			assert.Equal(t, c.retryAfter, answer.Header.Get("Retry-After"))

			conn, err := grpc.NewClient(grpcTarget, grpc.WithTransportCredentials(insecure.NewCredentials()))
			require.NoError(t, err)
			defer conn.Close()
			_, err = plogotlp.NewGRPCClient(conn).Export(context.Background(), request)
			s := status.Convert(err)
			assert.Equal(t, c.grpc, s.Code())
			var delay time.Duration
			for _, d := range s.Details() {
				if info, ok := d.(*errdetails.RetryInfo); ok {
					delay = info.GetRetryDelay().AsDuration()
				}
			}
			assert.Equal(t, c.delay, delay)
		})
	}
}

// TestHintedError: the collector counts by what the error was.
func TestHintedError(t *testing.T) {
	full := errors.New("full")
	err := hint(consumererror.NewDownstream(full))
	require.ErrorIs(t, err, full)
	assert.True(t, consumererror.IsDownstream(err))
	assert.False(t, consumererror.IsPermanent(err))
	assert.Equal(t, "full", err.Error())
}
