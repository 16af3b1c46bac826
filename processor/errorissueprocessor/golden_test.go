package errorissueprocessor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/ptracetest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

// cases calls f for each folder of testdata/<signal> with its configuration. The configurations have
// a rule of their own, so that the goldens do not depend on how errors are grouped.
func cases(t *testing.T, signal string, f func(t *testing.T, dir string, cfg *Config)) {
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
			f(t, dir, cfg)
		})
	}
}

func TestGoldenLogs(t *testing.T) {
	cases(t, "logs", func(t *testing.T, dir string, cfg *Config) {
		input, err := golden.ReadLogs(filepath.Join(dir, "input.yaml"))
		require.NoError(t, err)
		got := runLogs(t, cfg, componenttest.NewNopHost(), input)
		require.Len(t, got, 1)
		// golden.WriteLogs(t, filepath.Join(dir, "output.yaml"), got[0])
		want, err := golden.ReadLogs(filepath.Join(dir, "output.yaml"))
		require.NoError(t, err)
		require.NoError(t, plogtest.CompareLogs(want, got[0]))
	})
}

func TestGoldenTraces(t *testing.T) {
	cases(t, "traces", func(t *testing.T, dir string, cfg *Config) {
		input, err := golden.ReadTraces(filepath.Join(dir, "input.yaml"))
		require.NoError(t, err)
		got := runTraces(t, cfg, componenttest.NewNopHost(), input)
		require.Len(t, got, 1)
		// golden.WriteTraces(t, filepath.Join(dir, "output.yaml"), got[0])
		want, err := golden.ReadTraces(filepath.Join(dir, "output.yaml"))
		require.NoError(t, err)
		require.NoError(t, ptracetest.CompareTraces(want, got[0]))
	})
}
