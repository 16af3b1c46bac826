package configschema

import (
	"reflect"
	"regexp"
)

// File is the schema of a whole configuration file.
func File(sections Sections, comments *Comments) Schema {
	b := &types{comments: comments, defs: scalars()}
	properties := Schema{"service": service()}
	for section, components := range sections {
		ids := Schema{}
		for kind, config := range components {
			ids["^"+regexp.QuoteMeta(kind)+`(/.*)?$`] = b.component(config)
		}
		properties[section] = Schema{
			"type":                 []string{"object", "null"},
			"patternProperties":    ids,
			"additionalProperties": false,
		}
	}
	return Schema{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Configuration of otelcol-culprit",
		"description":          "Made from the code by `make generate`.",
		"type":                 "object",
		"required":             []string{"service"},
		"properties":           properties,
		"additionalProperties": true, // keys that only hold YAML anchors
		"$defs":                b.defs,
	}
}

// component is the schema of one component's configuration, with its defaults.
func (b *types) component(config any) Schema {
	v := reflect.ValueOf(config)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return Schema{}
	}
	s := b.fields(v.Type(), v)
	return Schema{"anyOf": []any{s, expression}}
}

// service is the part that belongs to no component. Telemetry is left open: the OpenTelemetry configuration file format
// (https://opentelemetry.io/docs/specs/otel/configuration/) has a schema of its own.
func service() Schema {
	ids := ref("strings")
	pipeline := Schema{
		"type":                 "object",
		"required":             []string{"receivers", "exporters"},
		"properties":           Schema{"receivers": ids, "processors": ids, "exporters": ids},
		"additionalProperties": false,
	}
	return Schema{
		"type": "object",
		"properties": Schema{
			"extensions": ids,
			"telemetry":  Schema{"type": []string{"object", "null"}},
			"pipelines": Schema{
				"type":                 "object",
				"patternProperties":    Schema{`^(logs|metrics|traces|profiles)(/.*)?$`: pipeline},
				"additionalProperties": false,
			},
		},
		"additionalProperties": false,
	}
}
