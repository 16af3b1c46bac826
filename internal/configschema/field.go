package configschema

import (
	"iter"
	"reflect"
	"strings"
)

// field is one of a struct as mapstructure reads it, with its value where there is one.
type field struct {
	reflect.StructField
	key            string // as the tag has it, "" without one
	squash, remain bool
	value          reflect.Value
}

func fields(t reflect.Type, value reflect.Value) iter.Seq[field] {
	return func(yield func(field) bool) {
		for i := range t.NumField() {
			f := field{StructField: t.Field(i)}
			key, options, _ := strings.Cut(f.Tag.Get("mapstructure"), ",")
			f.key, f.squash, f.remain = key, strings.Contains(options, "squash"), strings.Contains(options, "remain")
			if value.IsValid() {
				f.value = value.Field(i)
			}
			if !yield(f) {
				return
			}
		}
	}
}
