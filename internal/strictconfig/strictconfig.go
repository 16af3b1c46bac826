// Package strictconfig refuses unknown keys anywhere in a component's configuration.
//
// The collector refuses an unknown key of a component's own level, but where a nested struct has an
// Unmarshal of its own (confighttp's clients and servers) unknown keys inside it pass silently
// (https://github.com/open-telemetry/opentelemetry-collector/issues/15907). This package compares
// the keys with the mapstructure tags of the whole configuration tree instead.
package strictconfig

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/nearname"
)

// Unmarshal checks the keys of conf against cfg, a pointer to a configuration struct, and then
// unmarshals. A component calls it from its own Unmarshal:
//
//	func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }
func Unmarshal(conf *confmap.Conf, cfg any) error {
	if err := Check(conf.ToStringMap(), cfg); err != nil {
		return err
	}
	return conf.Unmarshal(cfg)
}

// Empty tells whether a key holds a section without keys, which for an optional one is the same as none.
func Empty(conf *confmap.Conf, key string) bool {
	section, ok := conf.ToStringMap()[key].(map[string]any)
	return ok && len(section) == 0
}

// Check returns an error for each key of raw that cfg's type does not know, with its path and the
// nearest known key.
func Check(raw map[string]any, cfg any) error {
	var errs []error
	check(raw, reflect.TypeOf(cfg), nil, &errs)
	return errors.Join(errs...)
}

func check(raw any, t reflect.Type, path []string, errs *[]error) {
	optional := false
	t, optional = unwrap(t)
	switch v := raw.(type) {
	case map[string]any:
		switch {
		case t.Kind() == reflect.Struct && !opaque(t):
			checkStruct(v, t, optional, path, errs)
		case t.Kind() == reflect.Map:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				check(v[key], t.Elem(), append(path, key), errs)
			}
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, e := range v {
				check(e, t.Elem(), append(path, strconv.Itoa(i)), errs)
			}
		}
	}
}

func checkStruct(raw map[string]any, t reflect.Type, optional bool, path []string, errs *[]error) {
	known := map[string]reflect.Type{}
	if !fields(t, known) {
		return // takes any key
	}
	if optional {
		known["enabled"] = reflect.TypeFor[bool]()
	}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		ft, ok := known[key]
		if !ok {
			*errs = append(*errs, unknownKey(append(path, key), known))
			continue
		}
		check(raw[key], ft, append(slices.Clone(path), key), errs)
	}
}

// fields collects the keys of a struct; false when it has a field that takes all remaining keys.
func fields(t reflect.Type, known map[string]reflect.Type) bool {
	for f := range t.Fields() {
		tag, options, _ := strings.Cut(f.Tag.Get("mapstructure"), ",")
		switch {
		case strings.Contains(options, "remain"):
			return false
		case strings.Contains(options, "squash"):
			inner, _ := unwrap(f.Type)
			if inner.Kind() == reflect.Struct && !fields(inner, known) {
				return false
			}
		case tag == "-" || !f.IsExported():
		case tag == "":
			known[strings.ToLower(f.Name)] = f.Type
		default:
			known[tag] = f.Type
		}
	}
	return true
}

// unwrap strips pointers and configoptional.Optional from a type, and tells whether there was an
// Optional, which takes a key `enabled` beside those of its value.
func unwrap(t reflect.Type) (_ reflect.Type, optional bool) {
	for {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
			continue
		}
		get, ok := reflect.PointerTo(t).MethodByName("GetOrInsertDefault")
		if !ok {
			return t, optional
		}
		t, optional = get.Type.Out(0), true
	}
}

// opaque tells that a struct is written as one scalar, or as a list of pairs, never as a map of its fields.
func opaque(t reflect.Type) bool {
	if !reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return false
	}
	for f := range t.Fields() {
		if f.Tag.Get("mapstructure") != "" {
			return false // a scalar is its short form
		}
	}
	return true
}

func unknownKey(path []string, known map[string]reflect.Type) error {
	name := strings.Join(path, "::")
	names := slices.Sorted(maps.Keys(known))
	if near := nearname.Of(path[len(path)-1], names); near != "" {
		return fmt.Errorf("'%s': unknown key, did you mean '%s'?", name, near)
	}
	return fmt.Errorf("'%s': unknown key, known here: %s", name, strings.Join(names, ", "))
}
