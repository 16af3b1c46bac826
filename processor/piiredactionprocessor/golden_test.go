package piiredactionprocessor

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/pmetrictest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/ptracetest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadata"
)

// goldenCases calls f for each configuration of testdata/golden: one for each action. The inputs beside
// them have a value in every location of every signal.
func goldenCases(t *testing.T, f func(t *testing.T, cfg *Config, output func(signal string) string)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "golden", "*", "config.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			conf, err := confmaptest.LoadConf(file)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, conf.Unmarshal(cfg))
			require.NoError(t, cfg.Validate())
			f(t, cfg, func(signal string) string { return filepath.Join(dir, signal+".yaml") })
		})
	}
}

// noMarker checks that nothing of the markers is in a golden file.
func noMarker(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, part := range []string{"jo.doe", "411111111111", "correct horse", "192.0.2.44"} {
		assert.NotContains(t, string(text), part, file)
	}
}

func TestGoldenLogs(t *testing.T) {
	goldenCases(t, func(t *testing.T, cfg *Config, output func(string) string) {
		input, err := golden.ReadLogs(filepath.Join("testdata", "golden", "logs.yaml"))
		require.NoError(t, err)
		got := redactLogs(t, cfg, input)
		// golden.WriteLogs(t, output("logs"), got)
		want, err := golden.ReadLogs(output("logs"))
		require.NoError(t, err)
		require.NoError(t, plogtest.CompareLogs(want, got))
		noMarker(t, output("logs"))
	})
}

func TestGoldenTraces(t *testing.T) {
	goldenCases(t, func(t *testing.T, cfg *Config, output func(string) string) {
		input, err := golden.ReadTraces(filepath.Join("testdata", "golden", "traces.yaml"))
		require.NoError(t, err)
		sink := new(consumertest.TracesSink)
		p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
		require.NoError(t, p.ConsumeTraces(context.Background(), input))
		require.NoError(t, p.Shutdown(context.Background()))
		// golden.WriteTraces(t, output("traces"), sink.AllTraces()[0])
		want, err := golden.ReadTraces(output("traces"))
		require.NoError(t, err)
		require.NoError(t, ptracetest.CompareTraces(want, sink.AllTraces()[0]))
		noMarker(t, output("traces"))
	})
}

func TestGoldenMetrics(t *testing.T) {
	goldenCases(t, func(t *testing.T, cfg *Config, output func(string) string) {
		input, err := golden.ReadMetrics(filepath.Join("testdata", "golden", "metrics.yaml"))
		require.NoError(t, err)
		sink := new(consumertest.MetricsSink)
		p, err := NewFactory().CreateMetrics(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
		require.NoError(t, p.ConsumeMetrics(context.Background(), input))
		require.NoError(t, p.Shutdown(context.Background()))
		// golden.WriteMetrics(t, output("metrics"), sink.AllMetrics()[0])
		want, err := golden.ReadMetrics(output("metrics"))
		require.NoError(t, err)
		require.NoError(t, pmetrictest.CompareMetrics(want, sink.AllMetrics()[0]))
		noMarker(t, output("metrics"))
	})
}
