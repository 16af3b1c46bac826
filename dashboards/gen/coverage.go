package main

const (
	coverageName = "otelcol_processor_trace_id_coverage"
	recordsName  = "otelcol_processor_trace_id_records"
	lacking      = `status=~"missing|invalid|dropped"`
)

// coverage shows how many records can be found from a trace, and where their IDs come from.
func coverage() *dashboard {
	// Prometheus 3 scrapes the label as service.name; pushed and escaped it is service_name.
	byService := func(name, matchers string) string {
		return `sum by (service_name) (label_replace(rate(` + counter(name, matchers) + `[$__rate_interval]), "service_name", "$1", "service.name", "(.+)"))`
	}
	every := byService(coverageName, "")
	return &dashboard{
		uid: "culprit-trace-coverage", title: "Culprit / Trace-ID coverage",
		about:  "Share of log records that have a trace ID, and what the processor trace_id did for the others.",
		height: []int{4, 9, 9, 9},
		rows: [][]panel{
			{
				{title: "Log records with a trace ID", kind: "stat", unit: "percentunit", width: 6, max: 1, targets: []object{prom("1 - "+total(coverageName, lacking)+" / clamp_min("+total(coverageName, "")+", 1e-9)", "")}},
				{title: "Recovered", kind: "stat", unit: "cps", width: 6, about: "IDs found in attributes, bodies and request IDs.", targets: []object{prom(total(coverageName, `status="recovered"`), "")}},
				{title: "Missing", kind: "stat", unit: "cps", width: 6, targets: []object{prom(total(coverageName, lacking), "")}},
				{
					title: "Calls whose context was lost", kind: "stat", unit: "cps", width: 6, about: "Server spans that begin a new trace although another service called them: a proxy or client does not pass traceparent on.",
					targets: []object{prom(total("otelcol_processor_trace_id_lost_contexts", ""), "")},
				},
			},
			{
				{title: "Coverage by service", kind: "timeseries", unit: "percentunit", width: 12, max: 1, targets: []object{prom("1 - ("+byService(coverageName, lacking)+" or 0 * "+every+") / "+every, "{{service_name}}")}},
				{title: "Log records by status", kind: "timeseries", unit: "cps", width: 12, targets: []object{prom(rate("status", coverageName, ""), "{{status}}")}},
			},
			{
				{title: "Where recovered IDs came from", kind: "timeseries", unit: "cps", width: 12, targets: []object{prom(rate("source", recordsName, `status="recovered"`), "{{source}}")}},
				{title: "All signals by status", kind: "timeseries", unit: "cps", width: 12, targets: []object{prom(rate("signal, status", recordsName, ""), "{{signal}} {{status}}")}},
			},
			{
				{title: "Calls between services with a known caller", kind: "timeseries", unit: "cps", width: 12, targets: []object{prom(byService("otelcol_processor_trace_id_calls", ""), "{{service_name}}")}},
				{title: "Records whose ID was recovered", kind: "logs", width: 12, targets: []object{logs(`{service_name=~".+"} | culprit_trace_id_status="recovered"`)}},
			},
		},
	}
}
