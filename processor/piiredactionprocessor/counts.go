package piiredactionprocessor

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otel-culprit/culprit/internal/pii"
)

// location is where in a record a value stands.
type location int

const (
	inResource location = iota
	inScope
	inAttributes
	inBody
	inName
	inStatus
	inEvent
	inLink
	inTraceState
	inSeverityText
	inMetric
	inDatapoint
	inExemplar
	inKey
	locations
)

// locationNames are the locations as the metric names them.
var locationNames = [locations]string{
	"resource", "scope", "attributes", "body", "name", "status", "event", "link", "trace_state", "severity_text",
	"metric", "datapoint", "exemplar", "key",
}

// writeCounts writes the batch's counts to the metrics and forgets them.
func (r *redactor) writeCounts(ctx context.Context) {
	for _, at := range r.counted {
		detector, action := r.scanner.Rule(at / int(locations))
		r.emit(ctx, r.counts[at], detector, action, location(at%int(locations)))
		r.counts[at] = 0
	}
	if r.keys > 0 {
		r.emit(ctx, r.keys, "key", r.cfg.Action.Type, inKey)
	}
	for reason, n := range r.failures {
		r.telemetry.ProcessorPiiRedactionUnscanned.Add(ctx, n, metric.WithAttributeSet(attribute.NewSet(
			attribute.String("signal", r.signal), attribute.String("reason", reason))))
	}
	r.counted, r.keys = r.counted[:0], 0
	clear(r.failures)
}

func (r *redactor) emit(ctx context.Context, n int64, detector string, action pii.ActionType, where location) {
	r.telemetry.ProcessorPiiRedactionValues.Add(ctx, n, metric.WithAttributeSet(attribute.NewSet(
		attribute.String("signal", r.signal), attribute.String("detector", detector),
		attribute.String("action", string(action)), attribute.String("location", locationNames[where]))))
}

// count is told of each value that goes.
func (r *redactor) count(rule int) {
	if rule == pii.CutRule {
		r.failures["size"]++
		return
	}
	at := rule*int(locations) + int(r.where)
	if r.counts[at]++; r.counts[at] == 1 {
		r.counted = append(r.counted, at)
	}
	if r.reporter != nil || r.cfg.Audit == AuditTypes {
		detector, _ := r.scanner.Rule(rule)
		r.foundOne(detector)
		return
	}
	r.found++
}

// foundOne counts a value of a detector, or a changed key, for the record and the service.
func (r *redactor) foundOne(detector string) {
	r.found++
	if r.reporter != nil {
		r.byname[detector]++
	}
	if r.cfg.Audit == AuditTypes && !slices.Contains(r.types, detector) {
		r.types = append(r.types, detector)
	}
}
