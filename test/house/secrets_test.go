package house

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/otel-culprit/culprit/connector/issuesconnector"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter"
	"github.com/otel-culprit/culprit/exporter/lokiexporter"
	"github.com/otel-culprit/culprit/exporter/sentryissueexporter"
	"github.com/otel-culprit/culprit/extension/filestorageextension"
	"github.com/otel-culprit/culprit/extension/issueregistryextension"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
	"github.com/otel-culprit/culprit/processor/traceidprocessor"
	"github.com/otel-culprit/culprit/receiver/beatsreceiver"
	"github.com/otel-culprit/culprit/receiver/fluentforwardreceiver"
	"github.com/otel-culprit/culprit/receiver/lokireceiver"
	"github.com/otel-culprit/culprit/receiver/otlpreceiver"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver"
)

// factories are those of our components, by folder, with how many secrets a configuration of theirs has at least.
var factories = map[string]struct {
	component.Factory
	secrets int
}{
	"connector/issuesconnector":        {issuesconnector.NewFactory(), 0},
	"exporter/issuetrackerexporter":    {issuetrackerexporter.NewFactory(), 20},
	"exporter/lokiexporter":            {lokiexporter.NewFactory(), 2}, // headers, key of TLS
	"exporter/sentryissueexporter":     {sentryissueexporter.NewFactory(), 3},
	"extension/filestorageextension":   {filestorageextension.NewFactory(), 0},
	"extension/issueregistryextension": {issueregistryextension.NewFactory(), 2},
	"processor/errorissueprocessor":    {errorissueprocessor.NewFactory(), 0},
	"processor/piiredactionprocessor":  {piiredactionprocessor.NewFactory(), 1},
	"processor/traceidprocessor":       {traceidprocessor.NewFactory(), 0},
	"receiver/beatsreceiver":           {beatsreceiver.NewFactory(), 1},
	"receiver/fluentforwardreceiver":   {fluentforwardreceiver.NewFactory(), 1},
	"receiver/lokireceiver":            {lokireceiver.NewFactory(), 2},
	"receiver/otlpreceiver":            {otlpreceiver.NewFactory(), 2},
	"receiver/sentryreceiver":          {sentryreceiver.NewFactory(), 2},
	"receiver/kafkareceiver":           {nil, 0}, // a module of its own, with upstream's configuration
}

// marker is what each secret is set to: too short, no URL and no DSN, so that Validate has something to say of it.
const marker = "s3cr3t"

var opaqueType = reflect.TypeFor[configopaque.String]()

// plant sets every secret below v, and makes what is absent and could hold one; it returns how many there are.
func plant(v reflect.Value, depth int) int {
	if depth > 12 {
		return 0
	}
	if v.Type() == opaqueType {
		v.SetString(marker)
		return 1
	}
	n := 0
	switch v.Kind() {
	case reflect.Pointer:
		if v.Type().Elem().Kind() != reflect.Struct || !v.CanSet() {
			return 0
		}
		fresh := reflect.New(v.Type().Elem())
		if !v.IsNil() {
			fresh.Elem().Set(v.Elem())
		}
		if n = plant(fresh.Elem(), depth+1); n > 0 {
			v.Set(fresh)
		}
	case reflect.Struct:
		if get := v.Addr().MethodByName("GetOrInsertDefault"); get.IsValid() { // configoptional.Optional
			return plant(get.Call(nil)[0].Elem(), depth+1)
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += plant(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		fresh := reflect.New(v.Type().Elem()).Elem()
		if n = plant(fresh, depth+1); n > 0 {
			v.Set(reflect.Append(v, fresh))
		}
	case reflect.Map:
		fresh := reflect.New(v.Type().Elem()).Elem()
		if n = plant(fresh, depth+1); n > 0 && v.Type().Key().Kind() == reflect.String {
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			v.SetMapIndex(reflect.ValueOf("a").Convert(v.Type().Key()), fresh)
		}
	default:
	}
	return n
}

// misplace returns copies of a configuration, each with a mistake that has a secret in it: a key that is none, another type.
func misplace(config map[string]any) []map[string]any {
	var out []map[string]any
	var walk func(m map[string]any, rebuild func(map[string]any) map[string]any)
	walk = func(m map[string]any, rebuild func(map[string]any) map[string]any) {
		with := func(key string, value any) map[string]any {
			c := map[string]any{}
			for k, v := range m {
				c[k] = v
			}
			c[key] = value
			return rebuild(c)
		}
		out = append(out, with("tokn", marker))
		for key, value := range m {
			switch v := value.(type) {
			case map[string]any:
				walk(v, func(inner map[string]any) map[string]any { return with(key, inner) })
			case string:
				if v == "[REDACTED]" {
					out = append(out, with(key, map[string]any{"a": marker}), with(key, []any{marker, marker}))
				}
			}
		}
	}
	walk(config, func(m map[string]any) map[string]any { return m })
	return out
}

// No component shows a secret: printed whole, as print-config writes it, or in what it says of a mistake beside one.
func TestSecretsAreNotShown(t *testing.T) {
	for _, dir := range componentDirs(t) {
		f, listed := factories[dir]
		require.True(t, listed, "%s is missing among the factories", dir)
		if f.Factory == nil {
			continue
		}
		cfg := f.CreateDefaultConfig()
		assert.GreaterOrEqual(t, plant(reflect.ValueOf(cfg).Elem(), 0), f.secrets, dir)
		conf := confmap.New()
		require.NoError(t, conf.Marshal(cfg), dir)
		text, err := yaml.Marshal(conf.ToStringMap())
		require.NoError(t, err)
		asJSON, err := json.Marshal(cfg)
		require.NoError(t, err)
		for way, shown := range map[string]string{
			"print-config": string(text), "the log's JSON": string(asJSON), "Validate": fmt.Sprint(confmap.Validate(cfg)),
		} {
			assert.NotContains(t, shown, marker, "%s, %s", dir, way)
		}
		if f.secrets > 0 {
			assert.Contains(t, string(text), "[REDACTED]", dir)
		}
		wrong := misplace(conf.ToStringMap())
		refused := 0
		for _, m := range wrong {
			err := confmap.NewFromStringMap(m).Unmarshal(f.CreateDefaultConfig())
			if err != nil {
				refused++
				assert.NotContains(t, err.Error(), marker, dir)
			}
		}
		assert.NotZero(t, refused, dir)
	}
}

// Keys that are named like secrets are opaque.
func TestSecretsAreOpaque(t *testing.T) {
	named := regexp.MustCompile(`^(.*_)?(token|tokens|password|passwd|secret|secrets|dsn|dsns|keys?|webhook_url|credentials?)$`)
	seen, found := map[reflect.Type]bool{}, 0
	var walk func(v reflect.Type)
	walk = func(v reflect.Type) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(v.Elem())
		case reflect.Struct:
			if seen[v] || !strings.HasPrefix(v.PkgPath(), module) {
				if get, ok := reflect.PointerTo(v).MethodByName("GetOrInsertDefault"); ok {
					walk(get.Type.Out(0))
				}
				return
			}
			seen[v] = true
			for field := range v.Fields() {
				key, _, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
				leaf := field.Type
				for leaf.Kind() == reflect.Slice || leaf.Kind() == reflect.Map {
					leaf = leaf.Elem()
				}
				if leaf.Kind() == reflect.String && named.MatchString(key) && !names[v.Name()+"."+key] {
					found++
					assert.Equal(t, opaqueType.String(), leaf.String(), "%s.%s: %s", v, field.Name, key)
				}
				walk(field.Type)
			}
		default:
		}
	}
	for _, f := range factories {
		if f.Factory != nil {
			walk(reflect.TypeOf(f.CreateDefaultConfig()))
		}
	}
	assert.Greater(t, found, 15)
}

// names are keys that hold names of attributes, not what they protect.
var names = map[string]bool{"Allow.keys": true}
