package main

const occurrences = "issue_occurrences"

// issues lists what is broken, with a way to each issue's own dashboard and page.
func issues() *dashboard {
	const selected = `service_name=~"$service"`
	toIssue := property("links", []object{
		link("Occurrences, traces and logs", "/d/culprit-issue?var-issue=${__value.text}&${__url_time_range}"),
		link("Page of the issue", "${issues_url}/issues/${__value.text}"),
	})
	table := func(title, about, expr, value string, width int) panel {
		return panel{
			title: title, about: about, kind: "table", unit: "short", width: width, targets: []object{instant(expr)},
			transform: tidy(map[string]string{"issue_title": "Title", "service_name": "Service", "issue_state": "State", "Value": value}),
			overrides: []object{field("issue_id", toIssue, property("displayName", "Issue"))},
		}
	}
	// One title for each issue: a replica that was just updated can still tell the old one.
	titles := "topk by (issue_id) (1, max by (issue_id, issue_title) (" + info("issue_info", selected) + " == 1))"
	return &dashboard{
		uid: "culprit-issues", title: "Culprit / Issues",
		about: "Issues of all services: which are new, which come back, which cost most. Counted by the connector issues, before any sampling.",
		variables: []object{
			query("service", "Service", `label_values({__name__=~"issue_occurrences(_total)?"}, service_name)`),
		},
		height: []int{4, 9, 12, 10},
		rows: [][]panel{
			{
				open("New", "new"), open("Ongoing", "ongoing"), open("Regressed", "regressed"), open("Escalating", "escalating"),
				{
					title: "Occurrences", about: "Failures within the chosen time; repeats of one failure count once.", kind: "stat", unit: "short", width: 8,
					targets: []object{prom("sum(increase("+counter(occurrences, selected)+"[$__range])) or vector(0)", "")},
				},
			},
			{
				{title: "Occurrences by service", kind: "timeseries", unit: "short", width: 12, targets: []object{prom("sum by (service_name) (increase("+counter(occurrences, selected)+"[$__rate_interval]))", "{{service_name}}")}},
				{title: "Open issues by state", kind: "timeseries", unit: "short", width: 12, targets: []object{prom(`sum by (issue_state) (max by (service_name, issue_state) (issue_open{`+selected+`}))`, "{{issue_state}}")}},
			},
			{
				table("Most frequent issues", "A click on the ID leads to occurrences, traces and logs.",
					"topk(50, sum by (issue_id, service_name) (increase("+counter(occurrences, selected)+"[$__range])) * on (issue_id) group_left (issue_title) "+titles+")", "Occurrences", 14),
				table("State", "What the registry says of each issue.", "max by (issue_id, issue_title, service_name, issue_state) ("+info("issue_info", selected)+" == 1)", "", 10),
			},
			{
				{title: "Records of issues", kind: "logs", width: 24, targets: []object{logs(`{service_name=~"$service"} | issue_id!="" | issue_repeat!="true"`)}},
			},
		},
	}
}

func open(title, state string) panel {
	return panel{
		title: title, kind: "stat", unit: "short", width: 4,
		targets: []object{prom(`sum(max by (service_name, issue_state) (issue_open{service_name=~"$service", issue_state="`+state+`"})) or vector(0)`, "")},
	}
}

// issue shows one issue: its course, the traces that it was in, and their logs.
func issue() *dashboard {
	id := `issue_id="$issue"`
	toTrace := property("links", []object{
		link("Trace in Jaeger", "${jaeger_url}/trace/${__value.text}"),
		link("Logs of the trace", "/d/culprit-issue?var-trace=${__value.text}&${issue:queryparam}&${__url_time_range}"),
	})
	choose := query("issue", "Issue", `label_values({__name__=~"issue_occurrences(_total)?"}, issue_id)`)
	choose["multi"], choose["includeAll"] = false, false
	delete(choose, "allValue")
	delete(choose, "current")
	return &dashboard{
		uid: "culprit-issue", title: "Culprit / Issue",
		about:     "From one issue to its traces, and from a trace to its logs. The page of the issue has the stack, the breadcrumbs and its history.",
		variables: []object{choose, text("trace", "Trace", "")},
		height:    []int{4, 9, 10, 12},
		rows: [][]panel{
			{
				{
					title: "Issue", kind: "table", unit: "short", width: 16,
					targets:   []object{instant("max by (issue_id, issue_title, service_name, issue_state) (" + info("issue_info", id) + " == 1)")},
					transform: tidy(map[string]string{"issue_title": "Title", "service_name": "Service", "issue_state": "State", "Value": ""}),
					overrides: []object{field("issue_id", property("displayName", "Issue"), property("links", []object{link("Page of the issue", "${issues_url}/issues/${__value.text}")}))},
				},
				{title: "Occurrences", kind: "stat", unit: "short", width: 8, targets: []object{prom("sum(increase("+counter(occurrences, id)+"[$__range])) or vector(0)", "")}},
			},
			{
				{title: "Occurrences", kind: "timeseries", unit: "short", width: 12, targets: []object{prom("sum by (service_name) (increase("+counter(occurrences, id)+"[$__rate_interval]))", "{{service_name}}")}},
				{
					title: "Log records by service", kind: "timeseries", unit: "short", width: 12, about: "All records of the failures, repeats as well.",
					targets: []object{withLegend(logs(`sum by (service_name) (count_over_time({service_name=~".+"} | `+id+` [$__auto]))`), "{{service_name}}")},
				},
			},
			{
				{
					title: "Traces", kind: "table", unit: "short", width: 10, about: "Traces of the issue that have logs; a click leads to Jaeger, or to the logs of the trace below.",
					targets:   []object{{"datasource": loki, "queryType": "instant", "expr": `topk(50, sum by (trace_id, service_name) (count_over_time({service_name=~".+"} | ` + id + ` | trace_id!="" [$__range])))`}},
					transform: tidy(map[string]string{"service_name": "Service", "Value #A": "Records"}),
					overrides: []object{field("trace_id", property("displayName", "Trace"), toTrace)},
				},
				{title: "Records of the issue", kind: "logs", width: 14, targets: []object{logs(`{service_name=~".+"} | ` + id)}},
			},
			{
				{title: "Logs of the trace", kind: "logs", width: 24, about: "All services, for the trace chosen in the table above.", targets: []object{logs(`{service_name=~".+"} | trace_id="$trace" | trace_id!=""`)}},
			},
		},
	}
}

func withLegend(target object, legend string) object {
	target["legendFormat"] = legend
	return target
}
