package sentryissueexporter

import (
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// What became of an event, as the metric's attribute; see metadata.yaml.
var (
	countSent        = counted("sent")
	countRejected    = counted("rejected")
	countRateLimited = counted("rate_limited")
	countNoDSN       = counted("no_dsn")
	countSkipped     = counted("skipped")
	countInvalid     = counted("invalid")
)

func counted(outcome string) metric.AddOption {
	return metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", outcome)))
}
