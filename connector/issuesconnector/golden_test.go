package issuesconnector

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
)

// cases calls f for each folder of testdata/<signal> with its configuration and compares what it
// returns with output.yaml. The fingerprint is left out, so that the goldens do not depend on how
// errors are grouped.
func cases(t *testing.T, signal string, f func(t *testing.T, dir string, cfg *Config, sink *consumertest.LogsSink)) {
	t.Helper()
	dirs, err := os.ReadDir(filepath.Join("testdata", signal))
	require.NoError(t, err)
	for _, d := range dirs {
		t.Run(d.Name(), func(t *testing.T) {
			dir := filepath.Join("testdata", signal, d.Name())
			conf, err := confmaptest.LoadConf(filepath.Join(dir, "config.yaml"))
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, conf.Unmarshal(cfg))
			require.NoError(t, cfg.Validate())
			sink := new(consumertest.LogsSink)
			f(t, dir, cfg, sink)
			got := plog.NewLogs()
			for _, ld := range sink.AllLogs() {
				ld.ResourceLogs().MoveAndAppendTo(got.ResourceLogs())
			}
			for _, rl := range got.ResourceLogs().All() {
				rl.ScopeLogs().At(0).LogRecords().At(0).Body().Map().Remove("fingerprint")
				rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().Remove("issue.basis")
			}
			// golden.WriteLogs(t, filepath.Join(dir, "output.yaml"), got)
			want, err := golden.ReadLogs(filepath.Join(dir, "output.yaml"))
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, got, plogtest.IgnoreResourceLogsOrder()))
		})
	}
}

func TestGoldenLogs(t *testing.T) {
	cases(t, "logs", func(t *testing.T, dir string, cfg *Config, sink *consumertest.LogsSink) {
		input, err := golden.ReadLogs(filepath.Join(dir, "input.yaml"))
		require.NoError(t, err)
		p := begin(t, cfg, componenttest.NewNopHost(), sink)
		p.send(input)
		p.stop()
	})
}

func TestGoldenTraces(t *testing.T) {
	cases(t, "traces", func(t *testing.T, dir string, cfg *Config, sink *consumertest.LogsSink) {
		input, err := golden.ReadTraces(filepath.Join(dir, "input.yaml"))
		require.NoError(t, err)
		c, err := NewFactory().CreateTracesToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, sink)
		require.NoError(t, err)
		require.NoError(t, c.Start(context.Background(), componenttest.NewNopHost()))
		require.NoError(t, c.ConsumeTraces(context.Background(), input))
		require.NoError(t, c.Shutdown(context.Background()))
	})
}
