package otlpreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/xconsumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// retryAfter is when a sender that was refused may come again. A client that is told waits at least as long, and spreads its next
// attempts by itself; one that is told nothing begins with what its SDK thinks best.
const retryAfter = time.Second

// hint tells a sender that is refused for now, by a full queue or by the memory limiter, when to come again: as RetryInfo with
// gRPC, as Retry-After with HTTP
// (https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling, https://opentelemetry.io/docs/specs/otlp/#otlphttp-throttling).
// What is final stays so, and what a backend said itself is passed on.
func hint(err error) error {
	if err == nil || consumererror.IsPermanent(err) {
		return err
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	s, problem := status.New(codes.Unavailable, err.Error()).WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(retryAfter)})
	if problem != nil {
		return err
	}
	return &hinted{error: err, status: s}
}

// hinted is an error with its answer; what else is asked of it, the error answers.
type hinted struct {
	error
	status *status.Status
}

// Unwrap implements the interface of package errors.
func (e *hinted) Unwrap() error { return e.error }

// GRPCStatus is what package status looks for.
func (e *hinted) GRPCStatus() *status.Status { return e.status }

func hintLogs(next consumer.Logs) (consumer.Logs, error) {
	return consumer.NewLogs(func(ctx context.Context, ld plog.Logs) error { return hint(next.ConsumeLogs(ctx, ld)) },
		consumer.WithCapabilities(next.Capabilities()))
}

func hintTraces(next consumer.Traces) (consumer.Traces, error) {
	return consumer.NewTraces(func(ctx context.Context, td ptrace.Traces) error { return hint(next.ConsumeTraces(ctx, td)) },
		consumer.WithCapabilities(next.Capabilities()))
}

func hintMetrics(next consumer.Metrics) (consumer.Metrics, error) {
	return consumer.NewMetrics(func(ctx context.Context, md pmetric.Metrics) error { return hint(next.ConsumeMetrics(ctx, md)) },
		consumer.WithCapabilities(next.Capabilities()))
}

func hintProfiles(next xconsumer.Profiles) (xconsumer.Profiles, error) {
	return xconsumer.NewProfiles(func(ctx context.Context, pd pprofile.Profiles) error { return hint(next.ConsumeProfiles(ctx, pd)) },
		consumer.WithCapabilities(next.Capabilities()))
}
