package main

import (
	"fmt"
	"strings"
)

// object is a JSON object of Grafana's dashboard model
// (https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/).
// json.Marshal sorts the keys, so the rendered files are stable.
type object = map[string]any

// The dashboards ask for their data sources, so that they fit every Grafana.
var (
	prometheus = object{"type": "prometheus", "uid": "${prometheus}"}
	loki       = object{"type": "loki", "uid": "${loki}"}
)

// dashboard is a page: rows of panels of equal height, in 24 columns.
type dashboard struct {
	uid, title, about string
	variables         []object
	rows              [][]panel
	height            []int // of each row, in Grafana's grid units
}

// panel is one panel; width in columns.
type panel struct {
	title, about string
	kind         string // Grafana's panel type
	unit         string // Grafana's unit ID
	width        int
	targets      []object
	links        []object // data links of the panel's fields
	overrides    []object // for single fields
	transform    []object
	options      object
	max          any
}

// counter selects a counter whether or not its name ends in _total: pushed by OTLP or remote write it does, the
// collector's own scraped metrics do not. matchers may be empty.
func counter(name, matchers string) string {
	if matchers != "" {
		matchers = ", " + matchers
	}
	return fmt.Sprintf(`{__name__=~"%s(_total)?"%s}`, name, matchers)
}

// info selects a gauge of unit 1: with the suffix _ratio, or without where suffixes are off.
func info(name, matchers string) string {
	if matchers != "" {
		matchers = ", " + matchers
	}
	return fmt.Sprintf(`{__name__=~"%s(_ratio)?"%s}`, name, matchers)
}

// rate sums a counter's rate by labels.
func rate(by, name, matchers string) string {
	return fmt.Sprintf("sum by (%s) (rate(%s[$__rate_interval]))", by, counter(name, matchers))
}

// total sums a counter's rate.
func total(name, matchers string) string {
	return fmt.Sprintf("(sum(rate(%s[$__rate_interval])) or vector(0))", counter(name, matchers))
}

// prom is a range query of Prometheus with a legend.
func prom(expr, legend string) object {
	return object{"datasource": prometheus, "expr": expr, "legendFormat": legend, "range": true, "exemplar": strings.Contains(expr, "histogram_quantile")}
}

// instant is a query of Prometheus whose answer is a table.
func instant(expr string) object {
	return object{"datasource": prometheus, "expr": expr, "instant": true, "format": "table"}
}

// logs is a query of Loki.
func logs(expr string) object {
	return object{"datasource": loki, "expr": expr, "queryType": "range"}
}

// link is a link of a field to a place.
func link(title, url string) object {
	return object{"title": title, "url": url, "targetBlank": !strings.HasPrefix(url, "/d/")}
}

// field is an override for one field by its name.
func field(name string, properties ...object) object {
	return object{"matcher": object{"id": "byName", "options": name}, "properties": properties}
}

func property(id string, value any) object { return object{"id": id, "value": value} }

// query is a variable filled from Prometheus.
func query(name, label, expr string) object {
	return object{
		"type": "query", "name": name, "label": label, "datasource": prometheus, "query": object{"query": expr, "refId": name}, "definition": expr,
		"refresh": 2, "sort": 1, "multi": true, "includeAll": true, "allValue": ".*", "current": object{"text": "All", "value": "$__all"},
	}
}

// text is a variable that the reader types.
func text(name, label, value string) object {
	return object{"type": "textbox", "name": name, "label": label, "query": value, "current": object{"text": value, "value": value}}
}

func source(name, label, kind string) object {
	return object{"type": "datasource", "name": name, "label": label, "query": kind, "current": object{}, "refresh": 1}
}

// render makes the dashboard's JSON model.
func (d *dashboard) render() object {
	var panels []object
	y := 0
	for r, row := range d.rows {
		x := 0
		for _, p := range row {
			o := p.render(len(panels) + 1)
			o["gridPos"] = object{"x": x, "y": y, "w": p.width, "h": d.height[r]}
			x += p.width
			panels = append(panels, o)
		}
		if x > 24 {
			panic(fmt.Sprintf("%s: row %d has %d of 24 columns", d.uid, r, x))
		}
		y += d.height[r]
	}
	variables := append([]object{
		source("prometheus", "Metrics", "prometheus"), source("loki", "Logs", "loki"),
		text("jaeger_url", "Jaeger", "http://localhost:16686"), text("issues_url", "Issues", "http://localhost:4380"),
	}, d.variables...)
	return object{
		"uid": d.uid, "title": d.title, "description": d.about, "tags": []string{"culprit"}, "schemaVersion": 41, "editable": true,
		"timezone": "browser", "refresh": "30s", "time": object{"from": "now-1h", "to": "now"}, "graphTooltip": 1,
		"templating": object{"list": variables}, "panels": panels,
		"links": []object{{"type": "dashboards", "title": "Culprit", "tags": []string{"culprit"}, "asDropdown": true, "includeVars": true, "keepTime": true}},
	}
}

func (p *panel) render(id int) object {
	for i, t := range p.targets {
		t["refId"] = string(rune('A' + i))
	}
	defaults := object{"unit": p.unit, "custom": object{}, "links": p.links}
	if p.kind == "timeseries" {
		defaults["custom"] = object{"fillOpacity": 10, "showPoints": "never", "spanNulls": true}
		defaults["min"] = 0
	}
	if p.max != nil {
		defaults["max"] = p.max
	}
	options := p.options
	switch {
	case options != nil:
	case p.kind == "timeseries":
		options = object{"legend": object{"displayMode": "table", "placement": "bottom", "calcs": []string{"lastNotNull", "max"}}, "tooltip": object{"mode": "multi", "sort": "desc"}}
	case p.kind == "stat":
		options = object{"reduceOptions": object{"calcs": []string{"lastNotNull"}}, "colorMode": "none", "graphMode": "area"}
	case p.kind == "logs":
		options = object{"showTime": true, "enableLogDetails": true, "wrapLogMessage": true, "sortOrder": "Descending"}
	default:
		options = object{}
	}
	o := object{
		"id": id, "title": p.title, "description": p.about, "type": p.kind, "targets": p.targets, "options": options,
		"fieldConfig": object{"defaults": defaults, "overrides": orEmpty(p.overrides)}, "datasource": p.targets[0]["datasource"],
	}
	if p.transform != nil {
		o["transformations"] = p.transform
	}
	return o
}

func orEmpty(list []object) []object {
	if list == nil {
		return []object{}
	}
	return list
}
