// Package house tests the rules that hold for the repository as a whole: the arrows of the architecture, the
// manifest, and what every configuration must have.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/otel-culprit/culprit/"

// root of the repository, seen from this folder.
const root = "../.."

// componentDirs are the folders of our components, such as processor/traceidprocessor.
func componentDirs(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, kind := range []string{"receiver", "processor", "exporter", "connector", "extension"} {
		factories, err := filepath.Glob(filepath.Join(root, kind, "*", "factory.go"))
		require.NoError(t, err)
		for _, f := range factories {
			rel, err := filepath.Rel(root, filepath.Dir(f))
			require.NoError(t, err)
			dirs = append(dirs, filepath.ToSlash(rel))
		}
	}
	require.NotEmpty(t, dirs)
	return dirs
}

// imports lists the imports of the non-test files below dir, by package folder; the first of each file is "".
func imports(t *testing.T, dir string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, filepath.Dir(path))
		pkg := filepath.ToSlash(rel)
		out[pkg] = append(out[pkg], "") // also of a package that imports nothing
		for _, i := range f.Imports {
			out[pkg] = append(out[pkg], strings.Trim(i.Path.Value, `"`))
		}
		return nil
	})
	require.NoError(t, err)
	return out
}

// Engines know no factories and no pipelines.
func TestEnginesKnowNoFactories(t *testing.T) {
	forbidden := []string{
		"go.opentelemetry.io/collector/component", "go.opentelemetry.io/collector/processor", "go.opentelemetry.io/collector/exporter",
		"go.opentelemetry.io/collector/receiver", "go.opentelemetry.io/collector/connector", "go.opentelemetry.io/collector/extension",
		module + "processor", module + "exporter", module + "receiver", module + "connector", module + "extension",
	}
	for pkg, list := range imports(t, "internal") {
		for _, i := range list {
			for _, f := range forbidden {
				assert.False(t, i == f || strings.HasPrefix(i, f+"/"), "%s imports %s", pkg, i)
			}
		}
	}
}

// Components do not know each other.
func TestComponentsDoNotImportEachOther(t *testing.T) {
	dirs := componentDirs(t)
	for _, dir := range dirs {
		for pkg, list := range imports(t, dir) {
			for _, i := range list {
				for _, other := range dirs {
					assert.False(t, other != dir && strings.HasPrefix(i, module+other), "%s imports %s", pkg, i)
				}
			}
		}
	}
}

// Every component has what a component has.
func TestComponentsAreComplete(t *testing.T) {
	for _, dir := range componentDirs(t) {
		for _, file := range []string{"README.md", "metadata.yaml", "config.go", "doc.go", "generated_component_test.go"} {
			_, err := os.Stat(filepath.Join(root, dir, file))
			assert.NoError(t, err, "%s needs %s", dir, file)
		}
	}
}
