package kafkareceiver

import (
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pprofile"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/nesting"
)

// encodings are the names under which upstream looks for a decoder of OTLP.
var encodings = map[component.ID]component.Component{
	component.MustNewID("otlp_proto"): &encoding{
		check: nesting.Protobuf, logs: &plog.ProtoUnmarshaler{}, metrics: &pmetric.ProtoUnmarshaler{}, traces: &ptrace.ProtoUnmarshaler{}, profiles: &pprofile.ProtoUnmarshaler{},
	},
	component.MustNewID("otlp_json"): &encoding{
		check: func(nesting.Message) nesting.Check { return nesting.JSON() },
		logs:  &plog.JSONUnmarshaler{}, metrics: &pmetric.JSONUnmarshaler{}, traces: &ptrace.JSONUnmarshaler{}, profiles: &pprofile.JSONUnmarshaler{},
	},
}

// encoding decodes messages whose values do not lie too deep in each other. A message of Kafka is what a request of OTLP is.
type encoding struct {
	component.StartFunc
	component.ShutdownFunc
	check    func(nesting.Message) nesting.Check
	logs     plog.Unmarshaler
	metrics  pmetric.Unmarshaler
	traces   ptrace.Unmarshaler
	profiles pprofile.Unmarshaler
}

// UnmarshalLogs implements [plog.Unmarshaler].
func (e *encoding) UnmarshalLogs(message []byte) (plog.Logs, error) {
	if err := e.check(nesting.Logs).Next(message); err != nil {
		return plog.Logs{}, err
	}
	return e.logs.UnmarshalLogs(message)
}

// UnmarshalMetrics implements [pmetric.Unmarshaler].
func (e *encoding) UnmarshalMetrics(message []byte) (pmetric.Metrics, error) {
	if err := e.check(nesting.Metrics).Next(message); err != nil {
		return pmetric.Metrics{}, err
	}
	return e.metrics.UnmarshalMetrics(message)
}

// UnmarshalTraces implements [ptrace.Unmarshaler].
func (e *encoding) UnmarshalTraces(message []byte) (ptrace.Traces, error) {
	if err := e.check(nesting.Traces).Next(message); err != nil {
		return ptrace.Traces{}, err
	}
	return e.traces.UnmarshalTraces(message)
}

// UnmarshalProfiles implements [pprofile.Unmarshaler].
func (e *encoding) UnmarshalProfiles(message []byte) (pprofile.Profiles, error) {
	if err := e.check(nesting.Profiles).Next(message); err != nil {
		return pprofile.Profiles{}, err
	}
	return e.profiles.UnmarshalProfiles(message)
}
