package main

const redactedName = "otelcol_processor_pii_redaction_values"

// redaction shows what personal data was taken out, and where it stood.
func redaction() *dashboard {
	const selected = `detector=~"$detector"`
	series := func(title, by, legend string) panel {
		return panel{title: title, kind: "timeseries", unit: "cps", width: 12, targets: []object{prom(rate(by, redactedName, selected), legend)}}
	}
	return &dashboard{
		uid: "culprit-redaction", title: "Culprit / Redaction",
		about: "Personal data and secrets that the processor pii_redaction has taken out: numbers only, never a value.",
		variables: []object{
			query("detector", "Detector", `label_values({__name__=~"otelcol_processor_pii_redaction_values(_total)?"}, detector)`),
		},
		height: []int{4, 9, 9, 9},
		rows: [][]panel{
			{
				{title: "Values taken out", kind: "stat", unit: "short", width: 8, targets: []object{prom("sum(increase("+counter(redactedName, selected)+"[$__range])) or vector(0)", "")}},
				{
					title: "Values that could not be read", kind: "stat", unit: "short", width: 8, about: "Removed unread (on_error: drop): too large, too deep, or an error.",
					targets: []object{prom("sum(increase("+counter("otelcol_processor_pii_redaction_unscanned", "")+"[$__range])) or vector(0)", "")},
				},
				{
					title: "Data points that became equal", kind: "stat", unit: "short", width: 8, about: "Their attributes differed in personal data only.",
					targets: []object{prom("sum(increase("+counter("otelcol_processor_pii_redaction_collisions", "")+"[$__range])) or vector(0)", "")},
				},
			},
			{series("By detector", "detector", "{{detector}}"), series("By place", "signal, location", "{{signal}} {{location}}")},
			{series("By action", "action", "{{action}}"), {
				title: "Detectors and places", kind: "table", unit: "short", width: 12,
				targets:   []object{instant("sum by (detector, signal, location, action) (increase(" + counter(redactedName, selected) + "[$__range]))")},
				transform: tidy(map[string]string{"detector": "Detector", "signal": "Signal", "location": "Place", "action": "Action", "Value": "Values"}),
			}},
			{{title: "Records with redacted values", kind: "logs", width: 24, about: "The attribute culprit.pii.count says how many.", targets: []object{logs(`{service_name=~".+"} | culprit_pii_count!=""`)}}},
		},
	}
}
