package configschema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Reference is a Markdown page of our own components' keys, one table each.
func Reference(sections Sections, comments *Comments) string {
	var out strings.Builder
	out.WriteString("# Configuration reference\n\n" +
		"Made from the code by `make generate`: every key of Culprit's own components. Each component's README has examples and says how the keys work together;\n" +
		"[`config.schema.json`](config.schema.json) knows all components of the distribution and completes keys in an editor: put\n\n" +
		"```yaml\n# yaml-language-server: $schema=https://raw.githubusercontent.com/otel-culprit/culprit/main/docs/config.schema.json\n```\n\n" +
		"as first line into the configuration. Every value can be `${env:NAME}` or `${env:NAME:-default}`.\n")
	for _, section := range slices.Sorted(maps.Keys(sections)) {
		for _, kind := range slices.Sorted(maps.Keys(sections[section])) {
			v := reflect.ValueOf(sections[section][kind])
			for v.Kind() == reflect.Pointer {
				v = v.Elem()
			}
			path, isOwn := strings.CutPrefix(v.Type().PkgPath(), own)
			if !isOwn {
				continue
			}
			fmt.Fprintf(&out, "\n## `%s` in `%s`\n\n[README](../%s/README.md)\n\n| Key | Type | Default | Description |\n| --- | --- | --- | --- |\n", kind, section, path)
			rows(&out, comments, "", v.Type(), v, 0)
		}
	}
	return out.String()
}

// rows writes a line for each key of a struct; keys of structs of our own follow theirs, those of the collector's helpers have a link.
func rows(out *strings.Builder, comments *Comments, prefix string, t reflect.Type, value reflect.Value, depth int) {
	for f := range fields(t, value) {
		if f.squash && f.Type.Kind() == reflect.Struct {
			rows(out, comments, prefix, f.Type, f.value, depth)
			continue
		}
		if f.key == "" || f.key == "-" || !f.IsExported() {
			continue
		}
		name, v := prefix+f.key, f.value
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", name, kindOf(f.Type), shown(v), strings.ReplaceAll(comments.Field(t, f.Name), "|", "\\|"))
		inner, suffix := within(f.Type)
		if inner != f.Type {
			v = reflect.Value{}
		}
		if inner.Kind() == reflect.Struct && strings.HasPrefix(inner.PkgPath(), own) && depth < 4 {
			rows(out, comments, name+suffix, inner, v, depth+1)
		}
	}
}

// within is the type inside of pointers, optionals, lists and maps, and what stands between a key and those of that type.
func within(t reflect.Type) (reflect.Type, string) {
	suffix := "::"
	for {
		switch {
		case strings.HasPrefix(t.Name(), "Optional["):
			t = inOptional(t)
		case t.Kind() == reflect.Slice:
			t, suffix = t.Elem(), "[]::"
		case t.Kind() == reflect.Map:
			t, suffix = t.Elem(), "::<name>::"
		case t.Kind() == reflect.Pointer:
			t = t.Elem()
		default:
			return t, suffix
		}
	}
}

// kindOf is a type as a reader of YAML calls it.
func kindOf(t reflect.Type) string {
	switch {
	case t == duration:
		return "duration"
	case strings.HasPrefix(t.Name(), "Optional["):
		return kindOf(inOptional(t))
	case strings.HasSuffix(t.PkgPath(), "/configopaque"):
		return "string (secret)"
	case t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(text):
		return "string"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return kindOf(t.Elem())
	case reflect.Slice:
		return "list of " + kindOf(t.Elem())
	case reflect.Map:
		return "map of " + kindOf(t.Elem())
	case reflect.Struct:
		if module, ok := strings.CutPrefix(t.PkgPath(), "go.opentelemetry.io/collector/"); ok {
			return "[" + module[strings.LastIndexByte(module, '/')+1:] + "](https://pkg.go.dev/" + t.PkgPath() + "#" + t.Name() + ")"
		}
		return "object"
	case reflect.Interface:
		return "any"
	default:
		return strings.TrimRight(t.Kind().String(), "0123456789")
	}
}

func shown(v reflect.Value) string {
	d, ok := defaultOf(v)
	if !ok {
		if v.IsValid() && v.Kind() == reflect.Bool {
			return "`false`"
		}
		return ""
	}
	if list, ok := d.([]string); ok {
		return "`[" + strings.Join(list, ", ") + "]`"
	}
	return fmt.Sprintf("`%v`", d)
}
