package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The JSON Schema that editors check with takes every configuration of the core distribution, and none of these mistakes.
func TestSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "docs/config.schema.json"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(root, "configs/*.yaml"))
	require.NoError(t, err)
	trackers, err := filepath.Glob(filepath.Join(root, "configs/trackers/*.yaml"))
	require.NoError(t, err)
	files = append(files, trackers...)
	require.Greater(t, len(files), 20)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NoError(t, schema.Validate(parsed(t, string(text))), file)
	}

	const valid = `
receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}}
processors: {pii_redaction: {detectors: [all]}, error_issue: {breadcrumbs: {severity: debug}}}
exporters: {loki: {http: {endpoint: "http://localhost:3100/loki/api/v1/push", timeout: 5s}, sending_queue: {num_consumers: 2}}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [loki]}}}
`
	for from, to := range map[string]string{
		"": "", "pii_redaction": "pii_redact", "detectors": "detector", "timeout: 5s": "timeout: soon", "num_consumers": "consumers",
		"num_consumers: 2": "num_consumers: two", "pipelines": "pipeline", "exporters: [loki]}}}": "}}}", "otlp: {protocols": "otlp: {protocol",
	} {
		err := schema.Validate(parsed(t, strings.Replace(valid, from, to, 1)))
		if from == "" {
			require.NoError(t, err)
			continue
		}
		assert.Error(t, err, "%s -> %s", from, to)
	}
}

func parsed(t *testing.T, text string) any {
	var config any
	require.NoError(t, yaml.Unmarshal([]byte(text), &config))
	return config
}
