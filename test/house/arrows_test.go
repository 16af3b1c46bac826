package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// architecture is what docs/architecture.md says of the packages.
type architecture struct {
	components []string
	engines    map[string][]string // what an engine imports of the other engines
	parts      []string            // what everything may import
}

var packageName = regexp.MustCompile("`((?:receiver|processor|connector|exporter|extension)/\\w+|internal/\\w+)`")

func readArchitecture(t *testing.T) architecture {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs/architecture.md"))
	require.NoError(t, err)
	a := architecture{engines: map[string][]string{}}
	table := ""
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		first := strings.TrimSpace(cells[0])
		switch {
		case !strings.HasPrefix(line, "|"):
			table = ""
		case table == "":
			table = first
		case table == "component":
			for _, m := range packageName.FindAllStringSubmatch(first, -1) {
				a.components = append(a.components, m[1])
			}
		case table == "engine" && packageName.MatchString(first):
			require.Len(t, cells, 3, line)
			name := strings.TrimPrefix(strings.Trim(first, "`"), "internal/")
			a.engines[name] = nil
			if list := strings.TrimSpace(cells[2]); list != "-" {
				a.engines[name] = strings.Split(list, ", ")
			}
		case table == "part" && packageName.MatchString(first):
			a.parts = append(a.parts, strings.TrimPrefix(strings.Trim(first, "`"), "internal/"))
		}
	}
	require.NotEmpty(t, a.components)
	require.NotEmpty(t, a.engines)
	require.NotEmpty(t, a.parts)
	return a
}

// The arrows of docs/architecture.md are those of the code, no more and no less.
func TestArrows(t *testing.T) {
	a := readArchitecture(t)
	assert.ElementsMatch(t, componentDirs(t), a.components)
	code := map[string][]string{}
	for pkg, list := range imports(t, "internal") {
		from, _, _ := strings.Cut(strings.TrimPrefix(pkg, "internal/"), "/")
		code[from] = append(code[from], from)
		for _, i := range list {
			if to, ours := strings.CutPrefix(i, module+"internal/"); ours {
				to, _, _ = strings.Cut(to, "/")
				code[from] = append(code[from], to)
			}
		}
	}
	var known []string
	for from, list := range code {
		known = append(known, from)
		part := slices.Contains(a.parts, from)
		var engines []string
		for _, to := range list {
			switch {
			case to == from || slices.Contains(a.parts, to) || slices.Contains(engines, to):
			case part:
				assert.Fail(t, "a small part imports an engine", "internal/%s imports %s", from, to)
			default:
				engines = append(engines, to)
			}
		}
		assert.ElementsMatch(t, a.engines[from], engines, "internal/%s imports other engines than docs/architecture.md says", from)
	}
	for name := range a.engines {
		assert.NotContains(t, a.parts, name)
		a.parts = append(a.parts, name)
	}
	assert.ElementsMatch(t, known, a.parts, "docs/architecture.md has each package of internal/ once")
}

// What is for tests is imported by tests alone.
func TestTestPackages(t *testing.T) {
	for _, dir := range []string{"receiver", "processor", "exporter", "connector", "extension", "internal", "cmd"} {
		for pkg, list := range imports(t, dir) {
			if pkg == "internal/issue/storetest" || strings.Contains(pkg, "metadatatest") || strings.Contains(pkg, "webtest") {
				continue
			}
			for _, i := range list {
				own := strings.TrimPrefix(i, module)
				assert.False(t, i == "testing" && pkg != "internal/testport", "%s imports testing", pkg)
				assert.False(t, own == "internal/testport" || strings.HasSuffix(own, "test") && own != i || strings.HasPrefix(own, "test/"), "%s imports %s", pkg, own)
			}
		}
	}
}

// A file of about 400 lines has one subject; one that grows beyond is divided. Generated ones are as long as they are.
func TestFilesAreShort(t *testing.T) {
	generated := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	seen := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch name := d.Name(); {
		case d.IsDir() && (strings.HasPrefix(name, ".") && name != ".." || name == "testdata" || strings.HasPrefix(name, "_") || name == "node_modules" || name == "dist"):
			return filepath.SkipDir
		case !slices.Contains([]string{".go", ".s", ".js", ".css", ".html", ".py", ".sh"}, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		if n := strings.Count(string(text), "\n"); !generated.Match(text) {
			assert.LessOrEqual(t, n, 420, "%s: divide it", path)
		}
		return nil
	}))
	assert.Greater(t, seen, 500)
}
