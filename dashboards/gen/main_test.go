package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRenderedFilesAreCurrent: what is checked in is what the source says.
func TestRenderedFilesAreCurrent(t *testing.T) {
	rendered := files()
	for name, content := range rendered {
		got, err := os.ReadFile(filepath.Join("..", "grafana", name))
		require.NoError(t, err, "run go generate ./dashboards")
		assert.Equal(t, string(content), string(got), "run go generate ./dashboards")
	}
	found, err := filepath.Glob("../grafana/*.json")
	require.NoError(t, err)
	assert.Len(t, found, len(rendered), "a file in grafana/ has no source")
}

// TestPanels: every panel has a title, a query and a place.
func TestPanels(t *testing.T) {
	for _, d := range all() {
		assert.Len(t, d.height, len(d.rows), d.uid)
		assert.NotEmpty(t, d.about, d.uid)
		for _, row := range d.rows {
			for _, p := range row {
				assert.NotEmpty(t, p.title, d.uid)
				assert.NotEmpty(t, p.targets, p.title)
				assert.Positive(t, p.width, p.title)
			}
		}
	}
}
