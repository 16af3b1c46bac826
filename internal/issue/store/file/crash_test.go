package file_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
)

const (
	crashDir = "CULPRIT_TEST_CRASH_DIR"
	crashMax = "CULPRIT_TEST_CRASH_MAX" // issues
)

func crashIssue(n uint64) issue.Occurrence {
	id := n % 50
	if n%10 == 0 {
		id = 1000 + n // a new one
	}
	o := issue.Occurrence{
		Issue: fmt.Sprintf("%016x", id), Title: "ValueError", Level: "error", Basis: grouping.ByStack, Service: "billing",
		Signal: issue.LogRecord, Time: time.Now(), Tags: map[string]string{"n": fmt.Sprint(n % 7)},
	}
	binary.BigEndian.PutUint64(o.Key[:], n)
	o.Sample = func() *issue.Event {
		return &issue.Event{ID: o.Key.String(), Time: o.Time, Stack: strings.Repeat("frame\n", 200)}
	}
	return o
}

// TestCrashChild is the process that TestKill kills. It tells what it has counted, a line for each batch.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("NOT TESTED here: this is the process that TestKill starts")
	}
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	maxIssues, err := strconv.Atoi(os.Getenv(crashMax))
	require.NoError(t, err)
	core := issue.NewCore(issue.Options{Store: s, MaxNew: -1, MaxIssues: maxIssues, Rules: issue.Rules{AliveInterval: 50 * time.Millisecond}})
	require.NoError(t, core.Start(context.Background()))
	n := uint64(time.Now().UnixNano())
	fmt.Printf("ready %d\n", n)
	for k := uint64(0); ; k++ {
		var batch []issue.Occurrence
		for range 20 {
			n++
			batch = append(batch, crashIssue(n))
		}
		core.Judge(context.Background(), batch, nil)
		fmt.Printf("judged %d %d\n", (k+1)*20, time.Now().UnixMilli())
		time.Sleep(time.Millisecond)
	}
}

type crashLine struct {
	n  uint64
	at int64
}

// runAndKill runs the child, kills it after some time, and returns the number before its first occurrence and what it
// told.
func runAndKill(t *testing.T, dir string, maxIssues int) (first uint64, told []crashLine) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), crashDir+"="+dir, fmt.Sprint(crashMax, "=", maxIssues))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	kill := make(chan struct{})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var l crashLine
		if _, err := fmt.Sscanf(lines.Text(), "ready %d", &first); err == nil {
			go func() {
				time.Sleep(time.Duration(1200+rand.IntN(900)) * time.Millisecond)
				_ = cmd.Process.Kill()
				close(kill)
			}()
		} else if _, err := fmt.Sscanf(lines.Text(), "judged %d %d", &l.n, &l.at); err == nil {
			told = append(told, l)
		}
	}
	require.Positive(t, first, "it did not start")
	<-kill
	_ = cmd.Wait()
	return first, told
}

// TestKill kills a process that writes, again and again: the file opens, and at most the last second of counts is
// missing.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: what kill -9 leaves in the file; it takes some seconds, run without -short")
	}
	dir := t.TempDir()
	var before uint64
	for round := range 6 {
		maxIssues := 1_000_000
		if round >= 4 {
			maxIssues = 3000 // killed while it removes issues and compacts
		}
		_, told := runAndKill(t, dir, maxIssues)
		last := told[len(told)-1]
		var safe uint64 // what was counted a second before
		for _, l := range told {
			if l.at < last.at-1000 {
				safe = l.n
			}
		}
		require.Positive(t, safe)

		log, logs := observer.New(zapcore.WarnLevel)
		s, err := file.Open(dir, zap.New(log))
		require.NoError(t, err)
		require.Empty(t, logs.All(), "the file was set aside")
		var now uint64
		require.NoError(t, s.Scan(t.Context(), func(r *issue.Record) bool { now += r.Count; return true }))
		require.NoError(t, s.Close())
		t.Logf("round %d: %d judged, %d a second before the end, %d found", round, last.n, safe, int64(now-before))
		if round < 4 { // later the bound of issues takes some away
			require.GreaterOrEqual(t, now-before, safe)
		}
		before = now
	}
}

// TestKillAndSendAgain: a sender that sends everything again after a kill is counted once: what was lost is counted
// now, what was not is known.
func TestKillAndSendAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED: what kill -9 leaves in the file; it takes some seconds, run without -short")
	}
	dir := t.TempDir()
	var all uint64
	for round := range 3 {
		first, told := runAndKill(t, dir, 1e6)
		all += told[len(told)-1].n
		s, err := file.Open(dir, nil)
		require.NoError(t, err)
		core := issue.NewCore(issue.Options{Store: s, MaxNew: -1, MaxIssues: 1e6})
		require.NoError(t, core.Start(t.Context()))
		news := 0
		for n := range told[len(told)-1].n {
			for _, v := range core.Judge(t.Context(), []issue.Occurrence{crashIssue(first + 1 + n)}, nil) {
				if v.First {
					news++
				}
			}
		}
		require.NoError(t, core.Shutdown(t.Context()))
		s, err = file.Open(dir, nil)
		require.NoError(t, err)
		var now uint64
		require.NoError(t, s.Scan(t.Context(), func(r *issue.Record) bool { now += r.Count; return true }))
		require.NoError(t, s.Close())
		// The child may have judged and written a batch that it did not live to tell of.
		t.Logf("round %d: %d sent twice, %d counted", round, all, now)
		require.GreaterOrEqual(t, now, all)
		require.LessOrEqual(t, now, all+20)
		require.Positive(t, news, "the same answers")
		all = now
	}
}

func TestPermissions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	info, err := os.Stat(filepath.Join(dir, file.Name))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	info, err = os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	defer func() { _ = s.Close() }()
	_, err = file.Open(dir, nil)
	require.ErrorContains(t, err, "is in use by another process")
}

// TestDamage: a damaged file is set aside with a message, never removed, and the store works.
func TestDamage(t *testing.T) {
	fill := func(t *testing.T) (dir, path string) {
		dir = t.TempDir()
		s, err := file.Open(dir, nil)
		require.NoError(t, err)
		for i := range 300 {
			id := fmt.Sprintf("%016x", i)
			require.NoError(t, s.Update(t.Context(), []*issue.Tx{{IDs: []string{id}, Apply: func(rs []*issue.Record) []issue.Notice {
				rs[0].Title = strings.Repeat("t", 500)
				rs[0].PutEvent(0, &issue.Event{ID: id, Stack: strings.Repeat(id, 100)})
				return nil
			}}}))
		}
		require.NoError(t, s.Close())
		return dir, filepath.Join(dir, file.Name)
	}
	size := func(t *testing.T, path string) int64 {
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Size()
	}
	for name, damage := range map[string]func(t *testing.T, path string){
		"empty head": func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(make([]byte, 8192), 0)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		},
		"text": func(t *testing.T, path string) {
			require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("no database\n", 5000)), 0o600))
		},
		"cut":   func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, size(t, path)/3)) },
		"short": func(t *testing.T, path string) { require.NoError(t, os.Truncate(path, 100)) },
		"zeros in the middle": func(t *testing.T, path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(make([]byte, size(t, path)-4*4096), 2*4096)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, path := fill(t)
			damage(t, path)
			was := size(t, path)
			log, logs := observer.New(zapcore.WarnLevel)
			s, err := file.Open(dir, zap.New(log))
			require.NoError(t, err)
			defer func() { _ = s.Close() }()
			require.Len(t, logs.All(), 1)
			require.Contains(t, logs.All()[0].Message, "set aside")
			aside, err := filepath.Glob(path + ".damaged-*")
			require.NoError(t, err)
			require.Len(t, aside, 1)
			require.Equal(t, was, size(t, aside[0]))
			require.NoError(t, s.Update(t.Context(), []*issue.Tx{{IDs: []string{"a"}, Apply: func(rs []*issue.Record) []issue.Notice {
				rs[0].Title = "t"
				return nil
			}}}))
		})
	}
}

func TestCompactGivesSpaceBack(t *testing.T) {
	dir := t.TempDir()
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	defer func() { _ = s.Close() }()
	var ids []string
	var txs []*issue.Tx
	for i := range 3000 {
		id := fmt.Sprintf("%016x", i)
		ids = append(ids, id)
		txs = append(txs, &issue.Tx{IDs: []string{id}, Apply: func(rs []*issue.Record) []issue.Notice {
			rs[0].Title, rs[0].Count = "t", uint64(i)
			b := make([]byte, 8000)
			for k := range b {
				b[k] = byte('a' + rand.IntN(26))
			}
			rs[0].PutEvent(0, &issue.Event{ID: id, Stack: string(b)})
			return nil
		}})
	}
	require.NoError(t, s.Update(t.Context(), txs))
	before, err := os.Stat(filepath.Join(dir, file.Name))
	require.NoError(t, err)
	require.NoError(t, s.Delete(t.Context(), ids[500:]))
	require.NoError(t, s.Update(t.Context(), txs[:1])) // frees the pages
	require.NoError(t, s.Compact(t.Context()))
	after, err := os.Stat(filepath.Join(dir, file.Name))
	require.NoError(t, err)
	require.Less(t, after.Size(), before.Size()/2)
	list, err := s.Open(t.Context(), ids[:501], false)
	require.NoError(t, err)
	require.EqualValues(t, 499, list[499].Record.Count)
	require.Nil(t, list[500].Record)
	require.NoError(t, s.Update(t.Context(), txs[:10]))
	require.NoError(t, s.Close())
	s, err = file.Open(dir, nil)
	require.NoError(t, err)
	list, err = s.Open(t.Context(), ids[:1], false)
	require.NoError(t, err)
	require.EqualValues(t, 3, list[0].Record.Version)
}
