package configschema

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.yaml.in/yaml/v3"
)

type nested struct {
	// Depth of the thing, at least 1.
	Depth int `mapstructure:"depth"`
	_     struct{}
}

type shared struct {
	Wait time.Duration `mapstructure:"wait"`
}

type sample struct {
	shared `mapstructure:",squash"`
	// Name is what it is called.
	Name   string                          `mapstructure:"name"`
	Key    configopaque.String             `mapstructure:"key"`
	On     bool                            `mapstructure:"on"`
	Tags   []string                        `mapstructure:"tags"`
	Inner  configoptional.Optional[nested] `mapstructure:"inner"`
	ByName map[string]nested               `mapstructure:"by_name"`
	Again  *sample                         `mapstructure:"again"`
	hidden int                             //nolint:unused // the schema must not show it
	_      struct{}
}

func schemaOf(t *testing.T) *jsonschema.Schema {
	file := File(Sections{"processors": {"sample": &sample{Name: "x", Key: "secret", shared: shared{Wait: time.Second}}}}, NewComments(map[string]string{
		"github.com/otel-culprit/culprit/internal/configschema": ".",
	}))
	text, err := json.Marshal(file)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "secret", "a secret's default is not shown")
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

func TestFile(t *testing.T) {
	schema := schemaOf(t)
	for name, test := range map[string]struct {
		sample string
		valid  bool
	}{
		"all keys":           {`{name: a, key: b, on: true, tags: [a], wait: 1m30s, inner: {depth: 1}, by_name: {a: {depth: 2}}, again: {name: b}}`, true},
		"nothing":            {`null`, true},
		"empty optional":     {`{inner: null}`, true},
		"disabled optional":  {`{inner: {enabled: false}}`, true},
		"environment":        {`{on: "${env:ON}", inner: {depth: "${env:DEPTH:-3}"}, wait: "${env:WAIT}"}`, true},
		"unknown key":        {`{nam: a}`, false},
		"unknown inner key":  {`{inner: {dept: 1}}`, false},
		"key of a map entry": {`{by_name: {a: {x: 1}}}`, false},
		"not a duration":     {`{wait: soon}`, false},
		"not a number":       {`{inner: {depth: deep}}`, false},
		"unexported":         {`{hidden: 1}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			var config any
			require.NoError(t, yaml.Unmarshal([]byte("{processors: {sample/1: "+test.sample+"}, service: {pipelines: {logs: {receivers: [a], exporters: [b]}}}}"), &config))
			err := schema.Validate(config)
			if test.valid {
				assert.NoError(t, err)
			} else {
				assert.Error(t, err)
			}
		})
	}
	assert.Error(t, schema.Validate(map[string]any{"service": map[string]any{}, "processors": map[string]any{"other": nil}}), "a component that is not built in")
}

func TestReference(t *testing.T) {
	page := Reference(Sections{"processors": {"sample": &sample{Name: "x", Key: "secret"}}}, NewComments(map[string]string{
		"github.com/otel-culprit/culprit/internal/configschema": ".",
	}))
	assert.NotContains(t, page, "`secret`")
	assert.Contains(t, page, "## `sample` in `processors`")
	// Comments are read from sources without tests, so there are none here.
	assert.Contains(t, page, "| `name` | string | `x` |  |\n")
	assert.Contains(t, page, "| `key` | string (secret) |  |  |\n")
	assert.Contains(t, page, "| `inner::depth` | int |  |  |\n")
	assert.Contains(t, page, "| `by_name::<name>::depth` | int |  |  |\n")
	assert.NotContains(t, page, "hidden")
}

func TestSentence(t *testing.T) {
	assert.Equal(t, "what it is called.", sentence("Name is what it\nis called.\n", "Name"))
	assert.Equal(t, "At most this many.", sentence("At most this many.\n", "Limit"))
}

func TestComments(t *testing.T) {
	comments := NewComments(map[string]string{"github.com/otel-culprit/culprit/internal/configschema": "."})
	assert.Equal(t, "by import path", comments.Field(reflect.TypeFor[Comments](), "dirs"))
	assert.Empty(t, comments.Field(reflect.TypeFor[Comments](), "none"))
	assert.Empty(t, comments.Field(reflect.TypeFor[time.Location](), "name"), "a package whose source is not known")
}
