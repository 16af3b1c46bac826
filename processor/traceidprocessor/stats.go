package traceidprocessor

import (
	"context"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/clip"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/pii"
	"github.com/otel-culprit/culprit/processor/traceidprocessor/internal/metadata"
)

// status is what became of a record's trace ID.
type status uint8

const (
	present status = iota
	recovered
	generated
	missing
	invalid
	dropped
	statuses
)

var statusNames = [statuses]string{"present", "recovered", "generated", "missing", "invalid", "dropped"}

func (s status) String() string { return statusNames[s] }

const (
	// maxServices bounds the services that have series of their own, and that are reported.
	maxServices = 200
	otherName   = "other"
	// maxServiceName bounds the length of a service's name in metrics, in bytes.
	maxServiceName = 200
	// maxDropLogs bounds the services whose first dropped record is logged.
	maxDropLogs = 1000
)

// stats counts, for metrics and for the registry's page. One batch adds to it once.
type stats struct {
	tel    *metadata.TelemetryBuilder
	logger *zap.Logger

	mu       sync.Mutex
	options  map[optionKey]metric.MeasurementOption // sets of metric attributes, made once
	services map[string]*issue.ServiceReport        // since the last report
	known    map[string]string                      // services with series of their own, and the names they have there
	droppers map[string]struct{}                    // services whose first drop was logged
}

// optionKey is the union of the metrics' attributes; unused ones are empty.
type optionKey struct {
	signal, status, source, service, attribute string
}

func newStats(tel *metadata.TelemetryBuilder, logger *zap.Logger) *stats {
	return &stats{
		tel: tel, logger: logger,
		options:  map[optionKey]metric.MeasurementOption{},
		services: map[string]*issue.ServiceReport{},
		known:    map[string]string{},
		droppers: map[string]struct{}{},
	}
}

// option returns the attribute set of a key. s.mu must be held. The number of keys is bounded by the
// tables of names and by maxServices.
func (s *stats) option(k optionKey) metric.MeasurementOption {
	o, ok := s.options[k]
	if !ok {
		var attrs []attribute.KeyValue
		for _, a := range [...]struct{ name, value string }{
			{"signal", k.signal}, {"status", k.status}, {"source", k.source}, {"service.name", k.service}, {"attribute", k.attribute},
		} {
			if a.value != "" {
				attrs = append(attrs, attribute.String(a.name, a.value))
			}
		}
		o = metric.WithAttributeSet(attribute.NewSet(attrs...))
		s.options[k] = o
	}
	return o
}

// bounded returns the name of the service in metrics, reports and the log, or "other" when there are too many. s.mu must be held.
func (s *stats) bounded(service string) string {
	if service == "" {
		service = "unknown"
	}
	if name, ok := s.known[service]; ok {
		return name
	}
	if len(s.known) >= maxServices {
		return otherName
	}
	name := shown(service)
	s.known[strings.Clone(service)] = name
	return name
}

// scanner of names; made when the first is seen.
var scanner = sync.OnceValues(func() (*pii.Scanner, error) { return pii.New(pii.DefaultConfig()) })

// shown is a service's name as it may leave by other ways than its records do: this processor works before pii_redaction, and
// one label that is no UTF-8 makes Prometheus' library refuse all metrics.
func shown(service string) string {
	redact, err := scanner()
	if err != nil { // the default configuration is tested
		return otherName
	}
	name, _ := redact.Redact(strings.ToValidUTF8(service, "\ufffd"), "service.name")
	return clip.Bytes(name, maxServiceName)
}

// service returns the report of a (bounded) service. s.mu must be held.
func (s *stats) service(name string) *issue.ServiceReport {
	r, ok := s.services[name]
	if !ok {
		r = &issue.ServiceReport{Service: name, Records: map[string]uint64{}}
		s.services[name] = r
	}
	return r
}

// take returns the reports since the last call.
func (s *stats) take() []issue.ServiceReport {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.services) == 0 {
		return nil
	}
	reports := make([]issue.ServiceReport, 0, len(s.services))
	for _, r := range s.services {
		reports = append(reports, *r)
	}
	clear(s.services)
	return reports
}

// firstDrop tells once for each service that its records are dropped.
func (s *stats) firstDrop(service, signal, why string) {
	s.mu.Lock()
	_, seen := s.droppers[service]
	full := len(s.droppers) >= maxDropLogs
	if !seen && !full {
		s.droppers[strings.Clone(service)] = struct{}{}
	}
	s.mu.Unlock()
	if !seen && !full {
		s.logger.Warn("first record of this service dropped; further ones are only counted in otelcol_processor_trace_id_records",
			zap.String("service.name", shown(service)), zap.String("signal", signal), zap.String("reason", why))
	}
}

// tally counts one batch.
type tally struct {
	stats     *stats
	signal    string
	service   string // of the current resource
	statuses  [statuses]uint64
	sources   []sourceCount
	missing   []nameCount
	conflicts int64
	torn      int64
}

type sourceCount struct {
	status status
	source string
	n      int64
}

type nameCount struct {
	name string
	n    int64
}

// count counts one record of the current resource.
func (t *tally) count(st status, source string) {
	t.statuses[st]++
	if st == present {
		return
	}
	for i := range t.sources {
		if t.sources[i].status == st && t.sources[i].source == source {
			t.sources[i].n++
			return
		}
	}
	t.sources = append(t.sources, sourceCount{st, source, 1})
}

func (t *tally) lacks(name string) {
	for i := range t.missing {
		if t.missing[i].name == name {
			t.missing[i].n++
			return
		}
	}
	t.missing = append(t.missing, nameCount{name, 1})
}

// flush adds what was counted for the current resource, and forgets it.
func (t *tally) flush(ctx context.Context) {
	s := t.stats
	var records uint64
	for _, n := range t.statuses {
		records += n
	}
	if records == 0 && t.torn == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := t.statuses[present]; n > 0 {
		s.tel.ProcessorTraceIDRecords.Add(ctx, int64(n), s.option(optionKey{signal: t.signal, status: present.String()}))
	}
	for _, c := range t.sources {
		s.tel.ProcessorTraceIDRecords.Add(ctx, c.n, s.option(optionKey{signal: t.signal, status: c.status.String(), source: c.source}))
	}
	for _, m := range t.missing {
		s.tel.ProcessorTraceIDMissingAttributes.Add(ctx, m.n, s.option(optionKey{signal: t.signal, attribute: m.name}))
	}
	if t.conflicts > 0 {
		s.tel.ProcessorTraceIDConflicts.Add(ctx, t.conflicts)
	}
	if t.torn > 0 {
		s.tel.ProcessorTraceIDRequestIDCollisions.Add(ctx, t.torn)
	}
	service := s.bounded(t.service)
	report := s.service(service)
	report.Records[t.signal] += records
	if t.signal == signalLogs {
		if report.TraceIDs == nil {
			report.TraceIDs = map[string]uint64{}
		}
		for st, n := range t.statuses {
			if n == 0 {
				continue
			}
			name := status(st).String()
			s.tel.ProcessorTraceIDCoverage.Add(ctx, int64(n), s.option(optionKey{service: service, status: name}))
			if status(st) == dropped {
				name = missing.String() // a dropped record had no trace ID
			}
			report.TraceIDs[name] += n
		}
	}
	*t = tally{stats: s, signal: t.signal, sources: t.sources[:0], missing: t.missing[:0]}
}
