package main

// collector shows whether the collector itself is well: what comes in, what goes out, what waits and what is given up.
func collector() *dashboard {
	const selected = `instance=~"$instance"`
	signals := func(pattern, by, legend string) []object {
		var out []object
		for _, s := range [][2]string{{"log_records", "logs"}, {"spans", "spans"}, {"metric_points", "metric points"}} {
			out = append(out, prom("sum by ("+by+") (rate("+counter(pattern+s[0], selected)+"[$__rate_interval]))", legend+" "+s[1]))
		}
		return out
	}
	sum := func(names ...string) string {
		expr := ""
		for i, n := range names {
			if i > 0 {
				expr += " + "
			}
			expr += total(n, selected)
		}
		return expr
	}
	process := func(expr string) string { return "max by (instance) (" + expr + ")" }
	return &dashboard{
		uid: "culprit-collector", title: "Culprit / Collector",
		about: "Health of the collectors, from their own metrics (service::telemetry::metrics).",
		variables: []object{
			query("instance", "Collector", `label_values({__name__=~"otelcol_process_uptime(_seconds)?(_total)?"}, instance)`),
		},
		height: []int{4, 9, 9, 9, 9},
		rows: [][]panel{
			{
				{title: "Records in", kind: "stat", unit: "cps", width: 6, targets: []object{prom(sum("otelcol_receiver_accepted_log_records", "otelcol_receiver_accepted_spans", "otelcol_receiver_accepted_metric_points"), "")}},
				{title: "Refused", kind: "stat", unit: "cps", width: 6, about: "Senders are told to come again.", targets: []object{prom(sum("otelcol_receiver_refused_log_records", "otelcol_receiver_refused_spans", "otelcol_receiver_refused_metric_points"), "")}},
				{
					title: "Given up", kind: "stat", unit: "cps", width: 6, about: "What backends refused for good, and what found a queue full.",
					targets: []object{prom(sum("otelcol_exporter_send_failed_log_records", "otelcol_exporter_send_failed_spans", "otelcol_exporter_send_failed_metric_points", "otelcol_exporter_enqueue_failed_log_records", "otelcol_exporter_enqueue_failed_spans", "otelcol_exporter_enqueue_failed_metric_points"), "")},
				},
				{title: "Issue events dropped", kind: "stat", unit: "cps", width: 6, targets: []object{prom(total("otelcol_connector_issues_events", selected+`, outcome=~"dropped|refused"`), "")}},
			},
			{
				{title: "In", kind: "timeseries", unit: "cps", width: 12, targets: signals("otelcol_receiver_accepted_", "receiver", "{{receiver}}")},
				{title: "Out", kind: "timeseries", unit: "cps", width: 12, targets: signals("otelcol_exporter_sent_", "exporter", "{{exporter}}")},
			},
			{
				{
					title: "Queues", kind: "timeseries", unit: "percentunit", width: 12, max: 1, about: "How full the exporters' queues are.",
					targets: []object{prom(`max by (instance, exporter, data_type) (otelcol_exporter_queue_size{`+selected+`}) / max by (instance, exporter, data_type) (otelcol_exporter_queue_capacity{`+selected+`} > 0)`, "{{exporter}} {{data_type}} {{instance}}")},
				},
				{
					title: "Entries sent to Loki", kind: "timeseries", unit: "cps", width: 12, about: "Rejected ones by Loki's reason.",
					targets: []object{prom(rate("outcome, reason", "otelcol_exporter_loki_entries", selected), "{{outcome}} {{reason}}")},
				},
			},
			{
				{title: "Issue events", kind: "timeseries", unit: "cps", width: 12, about: "From the connector issues to its exporters.", targets: []object{prom(rate("outcome", "otelcol_connector_issues_events", selected), "{{outcome}}")}},
				{
					title: "Registry", kind: "timeseries", unit: "short", width: 12, about: "Issues in memory, and records by verdict per second.",
					targets: []object{prom("max by (instance) (otelcol_extension_issue_registry_issues{"+selected+"})", "issues {{instance}}"), prom(rate("verdict", "otelcol_extension_issue_registry_occurrences", selected), "{{verdict}}")},
				},
			},
			{
				{title: "Memory", kind: "timeseries", unit: "bytes", width: 8, targets: []object{prom(process(`{__name__=~"otelcol_process_memory_rss(_bytes)?", `+selected+`}`), "{{instance}}")}},
				{title: "Processors", kind: "timeseries", unit: "percentunit", width: 8, about: "1 is one processor core.", targets: []object{prom("max by (instance) (rate("+counter("otelcol_process_cpu_seconds", selected)+"[$__rate_interval]))", "{{instance}}")}},
				{title: "Running since", kind: "timeseries", unit: "s", width: 8, targets: []object{prom(process(`{__name__=~"otelcol_process_uptime(_seconds)?(_total)?", `+selected+`}`), "{{instance}}")}},
			},
		},
	}
}
