package nesting

// kind is a message type of OTLP's schema that values can lie in
// (https://github.com/open-telemetry/opentelemetry-proto/tree/v1.9.0/opentelemetry/proto).
type kind byte

const (
	nothing kind = iota // no value lies in it
	logs
	traces
	metrics
	profiles
	resourceLogs
	resourceSpans
	resourceMetrics
	resourceProfiles
	resource
	scopeLogs
	scopeSpans
	scopeMetrics
	scopeProfiles
	scope
	logRecord
	span
	event // and link, with another number
	link
	metric
	numbers // gauge and sum
	histogram
	exponential
	summary
	numberPoint
	histogramPoint
	exponentialPoint
	summaryPoint
	exemplar
	dictionary
	keyValue
	value
	list
	mapping
)

// Message is what a request holds.
type Message kind

// The requests of OTLP.
const (
	Logs     = Message(logs)
	Traces   = Message(traces)
	Metrics  = Message(metrics)
	Profiles = Message(profiles)
)

// deprecated is the number below which old senders put their scopes.
const deprecated = 1000

// child is the kind of a field. Values lie in no other fields.
func (k kind) child(field uint64) kind {
	if fields := children[k]; field < uint64(len(fields)) {
		return fields[field]
	}
	if field == deprecated {
		switch k {
		case resourceLogs, resourceSpans, resourceMetrics:
			return children[k][2]
		}
	}
	return nothing
}

var children = [...][]kind{
	logs:             {1: resourceLogs},
	traces:           {1: resourceSpans},
	metrics:          {1: resourceMetrics},
	profiles:         {1: resourceProfiles, 2: dictionary},
	resourceLogs:     {1: resource, 2: scopeLogs},
	resourceSpans:    {1: resource, 2: scopeSpans},
	resourceMetrics:  {1: resource, 2: scopeMetrics},
	resourceProfiles: {1: resource, 2: scopeProfiles},
	resource:         {1: keyValue},
	scopeLogs:        {1: scope, 2: logRecord},
	scopeSpans:       {1: scope, 2: span},
	scopeMetrics:     {1: scope, 2: metric},
	scopeProfiles:    {1: scope},
	scope:            {3: keyValue},
	logRecord:        {5: value, 6: keyValue},
	span:             {9: keyValue, 11: event, 13: link},
	event:            {3: keyValue},
	link:             {4: keyValue},
	metric:           {5: numbers, 7: numbers, 9: histogram, 10: exponential, 11: summary, 12: keyValue},
	numbers:          {1: numberPoint},
	histogram:        {1: histogramPoint},
	exponential:      {1: exponentialPoint},
	summary:          {1: summaryPoint},
	numberPoint:      {5: exemplar, 7: keyValue},
	histogramPoint:   {8: exemplar, 9: keyValue},
	exponentialPoint: {1: keyValue, 11: exemplar},
	summaryPoint:     {7: keyValue},
	exemplar:         {7: keyValue},
	dictionary:       {6: keyValue}, // attribute_table: KeyValueAndUnit has its value at the same number
	keyValue:         {2: value},
	value:            {5: list, 6: mapping},
	list:             {1: value},
	mapping:          {1: keyValue},
}
