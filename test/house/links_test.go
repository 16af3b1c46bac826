package house

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	codeBlock = regexp.MustCompile("(?s)```.*?```")
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	linked    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	dropped   = regexp.MustCompile(`[^\p{L}\p{N}_\- ]`)
)

// anchors are the names that GitHub gives to the headings of a page.
func anchors(page string) map[string]bool {
	out := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(page, ""), -1) {
		text := linked.ReplaceAllString(strings.ToLower(strings.TrimSpace(m[1])), "$1")
		name := strings.ReplaceAll(dropped.ReplaceAllString(text, ""), " ", "-")
		again := name
		for i := 1; out[again]; i++ {
			again = name + "-" + strconv.Itoa(i)
		}
		out[again] = true
	}
	return out
}

// Each link within the repository leads to a file, and to a heading of it, and each page is reached from the README.
func TestLinks(t *testing.T) {
	pages := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (strings.HasPrefix(name, ".") && name != ".." || name == "node_modules" || strings.HasPrefix(name, "_") || name == "dist") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			pages[filepath.Clean(path)] = string(text)
		}
		return nil
	}))
	require.Greater(t, len(pages), 50)
	links, leads := 0, map[string][]string{}
	for page, text := range pages {
		for _, m := range link.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			links++
			file, anchor, _ := strings.Cut(m[1], "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			leads[page] = append(leads[page], target)
			if _, err := os.Stat(target); !assert.NoError(t, err, "%s: %s", page, m[1]) || anchor == "" {
				continue
			}
			assert.True(t, anchors(pages[target])[anchor], "%s: %s: no such heading", page, m[1])
		}
	}
	assert.Greater(t, links, 300)
	reached := map[string]bool{}
	for next := []string{filepath.Join(root, "README.md")}; len(next) > 0; next = next[1:] {
		if !reached[next[0]] {
			reached[next[0]] = true
			next = append(next, leads[next[0]]...)
		}
	}
	for page := range pages {
		assert.True(t, reached[page] || strings.Contains(page, "/build/"), "no link from the README leads to %s", page)
	}
}
