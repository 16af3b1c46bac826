package pii

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sharedData returns the folder of shared test data; it skips the test, saying what for, without it.
func sharedData(t testing.TB, path, purpose string) string {
	t.Helper()
	root := os.Getenv("CULPRIT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", path)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("NOT TESTED: %s: there is no %s (set CULPRIT_SHARED)", purpose, dir)
	}
	return dir
}

type labelled struct {
	Text     string `json:"text"`
	Entities []struct {
		Type       string `json:"type"`
		Start, End int
	} `json:"entities"`
	ExpectedCount  int    `json:"expected_count"`
	PositionsKnown *bool  `json:"positions_known"`
	Target         string `json:"target"`
	Rule           string `json:"rule"`
}

func readLabelled(t testing.TB, file string) []labelled {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var out []labelled
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var r labelled
		require.NoError(t, json.Unmarshal(sc.Bytes(), &r))
		out = append(out, r)
	}
	require.NoError(t, sc.Err())
	return out
}

// covered tells whether findings take at least 60 % of a labelled value.
func covered(findings []Finding, start, end int) bool {
	n := 0
	for _, f := range findings {
		n += max(0, min(f.End, end)-max(f.Start, start))
	}
	return n*10 >= (end-start)*6
}

// TestRecallOfPeers measures the share of the peers' labelled values that is found with all detectors.
func TestRecallOfPeers(t *testing.T) {
	dir := sharedData(t, "pii", "recall on the peers' labelled cases")
	c := DefaultConfig()
	c.Detectors = []string{"all"}
	s, err := New(c)
	require.NoError(t, err)
	verbose := os.Getenv("PII_VERBOSE")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.jsonl"))
	require.NoError(t, err)
	type tally struct{ values, found, clean, changed int }
	sums := map[string]*tally{}
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if folder == "loghub" {
			continue
		}
		for _, r := range readLabelled(t, file) {
			name := folder
			if folder == "presidio" {
				name += "/" + strings.TrimSuffix(filepath.Base(file), ".jsonl")
			}
			if folder == "phone" {
				name += "/" + filepath.Base(file)[:20]
			}
			x := sums[name]
			if x == nil {
				x = &tally{}
				sums[name] = x
			}
			if r.PositionsKnown != nil && !*r.PositionsKnown {
				continue
			}
			f := s.Find(r.Text, "")
			if len(r.Entities) == 0 && r.ExpectedCount == 0 {
				x.clean++
				if len(f) > 0 {
					x.changed++
					if verbose != "" && strings.HasPrefix(name, verbose) {
						t.Logf("%s FALSE %q: %+v", name, r.Text, f)
					}
				}
			}
			for _, e := range r.Entities {
				x.values++
				if covered(f, e.Start, e.End) {
					x.found++
				} else if verbose != "" && strings.HasPrefix(name, verbose) {
					t.Logf("%s MISSED %s %s %q in %.300q: %+v", name, e.Type, r.Rule, r.Text[e.Start:min(e.End, e.Start+80)], r.Text, f)
				}
			}
		}
	}
	var names []string
	for n := range sums {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		x := sums[n]
		t.Logf("%-36s found %4d of %4d; changed %3d of %3d without", n, x.found, x.values, x.changed, x.clean)
	}
}

// TestServerLogs: the default detectors find only labelled addresses in ordinary server logs.
func TestServerLogs(t *testing.T) {
	dir := sharedData(t, "pii", "false alarms on ordinary server logs")
	for _, detectors := range []string{"default", "all"} {
		c := DefaultConfig()
		c.Detectors = []string{detectors}
		s, err := New(c)
		require.NoError(t, err)
		files, err := filepath.Glob(filepath.Join(dir, "loghub", "*.jsonl"))
		require.NoError(t, err)
		lines, wrong, missed := 0, 0, 0
		for _, file := range files {
			for _, r := range readLabelled(t, file) {
				lines++
				f := s.Find(r.Text, "")
				bad := false
				for _, x := range f {
					known := false
					for _, e := range r.Entities {
						known = known || x.Start < e.End && e.Start < x.End
					}
					if !known {
						bad = true
						if os.Getenv("PII_VERBOSE") != "" {
							t.Logf("%s %s %s %q in %q", detectors, filepath.Base(file), x.Type, r.Text[x.Start:x.End], r.Text)
						}
					}
				}
				if bad {
					wrong++
				}
				for _, e := range r.Entities {
					if !covered(f, e.Start, e.End) {
						missed++
						if os.Getenv("PII_VERBOSE") != "" {
							t.Logf("%s %s MISSED %q in %q", detectors, filepath.Base(file), r.Text[e.Start:e.End], r.Text)
						}
					}
				}
			}
		}
		t.Logf("%s: %d lines, %d changed wrongly, %d labelled values missed", detectors, lines, wrong, missed)
		if detectors == "default" {
			require.LessOrEqual(t, wrong*300, lines, "at most 1 line of 300 may change wrongly")
		}
	}
}
