// Package configschema makes a JSON Schema (draft 2020-12) of a collector's whole configuration file, and a reference of our own
// components, from the Go types of the components' configurations and their doc comments. Editors complete and check YAML with it.
package configschema

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// Schema is a JSON Schema as it is written.
type Schema map[string]any

// Sections are the default configurations by section (receivers, processors, exporters, connectors, extensions) and type.
type Sections map[string]map[string]any

const own = "github.com/otel-culprit/culprit/"

var (
	text     = reflect.TypeFor[encoding.TextUnmarshaler]()
	duration = reflect.TypeFor[time.Duration]()
	moment   = reflect.TypeFor[time.Time]()
	// expression is what every value may be instead: ${env:NAME}, ${file:path} (https://opentelemetry.io/docs/collector/configuration/#environment-variables).
	expression = ref("expression")
)

// scalars are shared by all types, under these names in $defs.
func scalars() Schema {
	return Schema{
		"expression": Schema{"type": "string", "pattern": `\$\{`, "description": "a value from elsewhere, such as ${env:NAME} or ${env:NAME:-default}"},
		"duration": Schema{"anyOf": []any{
			Schema{"type": "string", "pattern": `^(-?([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+|0|.*\$\{.*)$`, "description": "a duration such as 200ms, 30s or 1h"},
			Schema{"const": 0},
		}},
		"text":    Schema{"type": []string{"string", "number", "boolean"}},
		"boolean": orExpression(Schema{"type": "boolean"}),
		"number":  orExpression(Schema{"type": "number"}),
		"integer": orExpression(Schema{"type": "integer"}),
		"count":   orExpression(Schema{"type": "integer", "minimum": 0}),
		"strings": Schema{"anyOf": []any{Schema{"type": "array", "items": Schema{"type": "string"}}, Schema{"type": []string{"string", "null"}}}},
	}
}

func ref(name string) Schema { return Schema{"$ref": "#/$defs/" + name} }

func list(of Schema) Schema {
	return Schema{"anyOf": []any{Schema{"type": "array", "items": of}, Schema{"type": "null"}, expression}}
}

// types makes schemas of Go types; those of other modules are shared in $defs.
type types struct {
	comments *Comments
	defs     Schema
}

// orExpression is a schema that `${...}` satisfies too.
func orExpression(s Schema) Schema { return Schema{"anyOf": []any{s, expression}} }

// of is the schema of a type. With a value that is known to be the default it says so, for scalars.
func (b *types) of(t reflect.Type, value reflect.Value) Schema {
	s := b.bare(t, value)
	if d, ok := defaultOf(value); ok {
		s["default"] = d
	}
	return s
}

func (b *types) bare(t reflect.Type, value reflect.Value) Schema {
	switch {
	case t == duration:
		return ref("duration")
	case t == moment:
		return Schema{"type": "string"}
	case t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(text):
		return ref("text")
	case strings.HasPrefix(t.Name(), "Optional[") && strings.HasSuffix(t.PkgPath(), "/configoptional"):
		return Schema{"anyOf": []any{b.optional(inOptional(t)), Schema{"type": "null"}, expression}}
	case t.Name() == "MapList" && strings.HasSuffix(t.PkgPath(), "/configopaque"):
		return Schema{"type": []string{"object", "array"}} // a map, or a list of {name, value}
	}
	switch t.Kind() {
	case reflect.Pointer:
		if value.IsValid() && !value.IsNil() {
			return b.bare(t.Elem(), value.Elem())
		}
		return Schema{"anyOf": []any{b.of(t.Elem(), reflect.Value{}), Schema{"type": "null"}}}
	case reflect.Bool:
		return ref("boolean")
	case reflect.String:
		return Schema{"type": "string"}
	case reflect.Float32, reflect.Float64:
		return ref("number")
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return ref("integer")
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return ref("count")
	case reflect.Slice, reflect.Array:
		switch {
		case t.Elem().Kind() == reflect.Uint8:
			return Schema{"type": "string"}
		case t.Elem().Kind() == reflect.String || reflect.PointerTo(t.Elem()).Implements(text):
			return ref("strings")
		}
		return list(b.of(t.Elem(), reflect.Value{}))
	case reflect.Map:
		return Schema{"anyOf": []any{Schema{"type": "object", "additionalProperties": b.of(t.Elem(), reflect.Value{})}, Schema{"type": "null"}, expression}}
	case reflect.Struct:
		return b.object(t, value)
	default:
		return Schema{}
	}
}

// inOptional is T of configoptional.Optional[T].
func inOptional(t reflect.Type) reflect.Type {
	get, _ := reflect.PointerTo(t).MethodByName("Get")
	return get.Type.Out(0).Elem()
}

// optional is the schema of what may be there or not; `enabled: false` says not.
func (b *types) optional(t reflect.Type) Schema {
	s := b.of(t, reflect.Value{})
	shared, ok := b.defs[strings.TrimPrefix(fmt.Sprint(s["$ref"]), "#/$defs/")].(Schema)
	properties, isObject := shared["properties"].(Schema)
	if !ok || !isObject {
		return s
	}
	name := strings.TrimPrefix(s["$ref"].(string), "#/$defs/") + ".optional"
	if _, made := b.defs[name]; !made {
		all := maps.Clone(properties)
		all["enabled"] = Schema{"$ref": "#/$defs/boolean", "default": true}
		whole := maps.Clone(shared)
		whole["properties"] = all
		b.defs[name] = whole
	}
	return ref(name)
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9_.]+`)

// object is the schema of a struct: in place for our own, whose defaults are shown, else in $defs.
func (b *types) object(t reflect.Type, value reflect.Value) Schema {
	if value.IsValid() || t.Name() == "" {
		return b.fields(t, value)
	}
	name := notInName.ReplaceAllString(strings.TrimPrefix(t.PkgPath(), "github.com/open-telemetry/opentelemetry-collector-contrib/")+"."+t.Name(), "-")
	if _, ok := b.defs[name]; !ok {
		b.defs[name] = true // a type that contains itself
		b.defs[name] = b.fields(t, reflect.Value{})
	}
	return ref(name)
}

func (b *types) fields(t reflect.Type, value reflect.Value) Schema {
	properties := Schema{}
	open := b.collect(t, value, properties)
	s := Schema{"type": []string{"object", "null"}, "properties": properties}
	if readsOtherForms(t) {
		for key, p := range properties {
			properties[key] = untyped(p.(Schema))
		}
	} else if !open {
		s["additionalProperties"] = false
	}
	return s
}

// readsOtherForms tells of contrib's types that read themselves: they may take keys and forms that their fields do not show.
// Our own and the collector's read themselves too, but only to check.
func readsOtherForms(t reflect.Type) bool {
	_, reads := reflect.PointerTo(t).MethodByName("Unmarshal")
	return reads && !strings.HasPrefix(t.PkgPath(), own) && !strings.HasPrefix(t.PkgPath(), "go.opentelemetry.io/collector/")
}

// untyped lets anything stand where a list of objects is expected.
func untyped(s Schema) Schema {
	forms, _ := s["anyOf"].([]any)
	if len(forms) == 0 || forms[0].(Schema)["items"] == nil {
		return s
	}
	delete(s, "anyOf")
	return s
}

// collect adds the keys of a struct and of those squashed into it; it tells whether other keys are taken too.
func (b *types) collect(t reflect.Type, value reflect.Value, properties Schema) (open bool) {
	for f := range fields(t, value) {
		key := f.key
		switch {
		case f.remain:
			open = true
			continue
		case f.squash:
			inner, v := f.Type, f.value
			for inner.Kind() == reflect.Pointer {
				inner, v = inner.Elem(), reflect.Value{}
			}
			if inner.Kind() != reflect.Struct {
				open = true
				continue
			}
			open = b.collect(inner, v, properties) || open
			continue
		case key == "-" || !f.IsExported():
			continue
		case key == "":
			key = strings.ToLower(f.Name)
		}
		s := b.of(f.Type, f.value)
		if doc := b.comments.Field(t, f.Name); doc != "" {
			s["description"] = doc
		}
		properties[key] = s
	}
	return open
}

// defaultOf is a scalar's or a list of scalars' value as YAML has it; secrets and empty values have none.
func defaultOf(v reflect.Value) (any, bool) {
	if !v.IsValid() || v.IsZero() || strings.HasSuffix(v.Type().PkgPath(), "/configopaque") {
		return nil, false
	}
	if v.Type() == duration {
		return time.Duration(v.Int()).String(), true
	}
	if s, ok := v.Interface().(interface{ MarshalText() ([]byte, error) }); ok {
		text, err := s.MarshalText()
		return string(text), err == nil && len(text) > 0
	}
	switch v.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64, reflect.Float64:
		return v.Interface(), true
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k == reflect.String {
			return v.Interface(), true
		}
	}
	return nil, false
}
