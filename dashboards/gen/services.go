package main

// served selects what a service answers, not what it asks of others.
const served = `service_name=~"$service", span_kind=~"SPAN_KIND_(SERVER|CONSUMER)"`

const (
	callsName    = "traces_span_metrics_calls"
	durationName = "traces_span_metrics_duration_milliseconds_bucket"
)

func serviceVariable() object {
	return query("service", "Service", `label_values({__name__=~"traces_span_metrics_calls(_total)?"}, service_name)`)
}

// services shows rate, errors and duration of each service, counted before any sampling.
func services() *dashboard {
	quantile := func(q, legend string) object {
		return prom("histogram_quantile("+q+", sum by (le) (rate("+durationName+"{"+served+"}[$__rate_interval])))", legend)
	}
	toTrace := []object{link("Trace", "${jaeger_url}/trace/${__data.fields.trace_id}")}
	return &dashboard{
		uid: "culprit-services", title: "Culprit / Services",
		about:     "Rate, errors and duration of what the services answer; from the connector span_metrics, before any sampling.",
		variables: []object{serviceVariable()},
		height:    []int{4, 9, 9, 10},
		rows: [][]panel{
			{
				{title: "Requests", kind: "stat", unit: "reqps", width: 6, targets: []object{prom(total(callsName, served), "")}},
				{
					title: "Failed", kind: "stat", unit: "percentunit", width: 6, about: "Share of requests whose span has the status ERROR.",
					targets: []object{prom(total(callsName, served+`, status_code="STATUS_CODE_ERROR"`)+" / clamp_min("+total(callsName, served)+", 1e-9)", "")},
				},
				{title: "Duration, 95th percentile", kind: "stat", unit: "ms", width: 6, targets: []object{quantile("0.95", "")}},
				{
					title: "Open issues", kind: "stat", unit: "short", width: 6, targets: []object{prom(`sum(max by (service_name, issue_state) (issue_open{service_name=~"$service"})) or vector(0)`, "")},
					links: []object{link("Issues", "/d/culprit-issues?${service:queryparam}")},
				},
			},
			{
				{title: "Rate", kind: "timeseries", unit: "reqps", width: 12, targets: []object{prom(rate("service_name", callsName, served), "{{service_name}}")}},
				{
					title: "Errors", kind: "timeseries", unit: "percentunit", width: 12, about: "Share of failed requests; a service without failures is at 0.",
					targets: []object{prom("("+rate("service_name", callsName, served+`, status_code="STATUS_CODE_ERROR"`)+" or 0 * "+rate("service_name", callsName, served)+") / "+rate("service_name", callsName, served), "{{service_name}}")},
					links:   []object{link("Issues of the service", "/d/culprit-issues?var-service=${__field.labels.service_name}")},
				},
			},
			{
				{
					title: "Duration", kind: "timeseries", unit: "ms", width: 12, about: "The dots are exemplars: each leads to a trace.",
					targets: []object{quantile("0.5", "median"), quantile("0.95", "95 %"), quantile("0.99", "99 %")}, links: toTrace,
				},
				{
					title: "Duration by service, 95th percentile", kind: "timeseries", unit: "ms", width: 12,
					targets: []object{prom("histogram_quantile(0.95, sum by (service_name, le) (rate("+durationName+"{"+served+"}[$__rate_interval])))", "{{service_name}}")},
				},
			},
			{
				{
					title: "Operations", kind: "table", unit: "short", width: 12, about: "Requests within the chosen time, the most frequent first.",
					targets:   []object{instant(`topk(50, sum by (service_name, span_name) (increase(` + counter(callsName, served) + `[$__range])))`)},
					transform: tidy(map[string]string{"service_name": "Service", "span_name": "Operation", "Value": "Requests"}),
				},
				{
					title: "Error logs", kind: "logs", width: 12, about: "A line's details have links to its trace and its issue (provisioning/datasources.yaml).",
					targets: []object{logs(`{service_name=~"$service"} | severity_number >= 17`)},
				},
			},
		},
	}
}

// tidy drops the time and names the columns of a table; a column without a name is dropped too.
func tidy(names map[string]string) []object {
	hidden, shown := object{"Time": true}, object{}
	for column, name := range names {
		if name == "" {
			hidden[column] = true
		} else {
			shown[column] = name
		}
	}
	return []object{{"id": "organize", "options": object{"excludeByName": hidden, "renameByName": shown}}}
}
