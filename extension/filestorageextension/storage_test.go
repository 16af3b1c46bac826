package filestorageextension

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otel-culprit/culprit/extension/filestorageextension/internal/metadata"
)

var loki = component.MustNewID("loki")

func start(t *testing.T, dir string, change func(*Config)) (storage.Extension, *observer.ObservedLogs, error) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Directory = dir
	if change != nil {
		change(cfg)
	}
	core, logs := observer.New(zapcore.InfoLevel)
	set := extensiontest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	e, err := NewFactory().Create(t.Context(), set, cfg)
	require.NoError(t, err)
	err = e.Start(t.Context(), componenttest.NewNopHost())
	return e.(storage.Extension), logs, err
}

func open(t *testing.T, e storage.Extension) storage.Client {
	t.Helper()
	c, err := e.GetClient(t.Context(), component.KindExporter, loki, "logs")
	require.NoError(t, err)
	return c
}

func file(dir string) string { return filepath.Join(dir, "exporter_loki__logs") }

func get(t *testing.T, c storage.Client, key string) string {
	t.Helper()
	v, err := c.Get(t.Context(), key)
	require.NoError(t, err)
	return string(v)
}

func zero(t *testing.T, path string, from, n int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt(make([]byte, n), from)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

// TestDamage: each kind of damage is set aside with a message, whole, and the queue works; without `recreate` the start fails
// with a message that names the file.
func TestDamage(t *testing.T) {
	size := func(t *testing.T, path string) int64 {
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Size()
	}
	for name, damage := range map[string]func(t *testing.T, path string){
		"text": func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("no queue\n", 9000)), 0o600))
		},
		"short": func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 100)) },
		"cut":   func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 64<<10)) },
		"head":  func(t *testing.T, path string) { zero(t, path, 0, 8192) },
		"zeros": func(t *testing.T, path string) { zero(t, path, 8192, size(t, path)-8192) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e, logs, err := start(t, dir, nil)
			require.NoError(t, err)
			c := open(t, e)
			for i := range 100 {
				require.NoError(t, c.Set(t.Context(), fmt.Sprint(i), make([]byte, 10_000)))
			}
			require.NoError(t, c.Close(t.Context()))
			require.Empty(t, logs.FilterLevelExact(zap.ErrorLevel).All())
			_, logs, err = start(t, dir, nil)
			require.NoError(t, err)
			require.Zero(t, logs.Len(), "an undamaged file stays")

			damage(t, file(dir))
			was := size(t, file(dir))
			_, _, err = start(t, dir, func(c *Config) { c.Recreate = false })
			require.ErrorContains(t, err, file(dir))
			require.ErrorContains(t, err, "'recreate: true'")

			e, logs, err = start(t, dir, nil)
			require.NoError(t, err)
			require.Equal(t, 1, logs.FilterMessageSnippet("set aside").Len())
			aside, err := filepath.Glob(file(dir) + ".damaged-*")
			require.NoError(t, err)
			require.Len(t, aside, 1)
			require.Equal(t, was, size(t, aside[0]))
			c = open(t, e)
			require.NoError(t, c.Set(t.Context(), "k", []byte("v")))
			require.Equal(t, "v", get(t, c, "k"))
			require.NoError(t, c.Close(t.Context()))
			_, logs, err = start(t, dir, nil)
			require.NoError(t, err)
			require.Zero(t, logs.Len(), "what was set aside is left alone")
		})
	}
}

// TestOthersAreUpstreams: positions of a receiver are kept by upstream's client as it is.
func TestOthersAreUpstreams(t *testing.T) {
	e, _, err := start(t, t.TempDir(), nil)
	require.NoError(t, err)
	c, err := e.GetClient(t.Context(), component.KindReceiver, component.MustNewID("file_log"), "")
	require.NoError(t, err)
	_, ok := c.(*queueClient)
	require.False(t, ok)
	require.NoError(t, c.Close(t.Context()))
}
