// Package harness starts the collector, backends and clients of the end-to-end tests and asks the
// backends what they have. Everything listens on loopback and ends with the test.
package harness

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Process is a program that a test started.
type Process struct {
	Name string
	Dir  string // its working directory; output is in Dir/output.log
	cmd  *exec.Cmd
	done chan struct{}
	once sync.Once
}

// Root is the repository's root: the folder above the tests that has the manifest.
func Root() string {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, missing := os.Stat(filepath.Join(dir, "builder-config.yaml")); missing == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	panic("the end-to-end tests run inside the repository: no builder-config.yaml above the working directory")
}

// Start runs a program until the test ends.
func Start(t testing.TB, name, dir string, env []string, program string, args ...string) *Process {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	out, err := os.OpenFile(filepath.Join(dir, "output.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	require.NoError(t, cmd.Start(), name)
	p := &Process{Name: name, Dir: dir, cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		out.Close()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("end of the output of %s:\n%s", name, p.Tail(4000))
		}
	})
	return p
}

// Stop ends the process as a service manager would, and kills it after a minute.
func (p *Process) Stop() {
	p.once.Do(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.done:
		case <-time.After(time.Minute):
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	})
}

// Kill ends the process at once (kill -9).
func (p *Process) Kill() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
	})
}

// Crash ends a Go program at once, as a panic does: it prints the stacks of all goroutines (SIGQUIT).
func (p *Process) Crash() {
	p.once.Do(func() {
		_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		<-p.done
	})
}

// Ended tells that the process has ended by itself or was stopped.
func (p *Process) Ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// ExitCode is the process's exit code after it has ended.
func (p *Process) ExitCode() int { return p.cmd.ProcessState.ExitCode() }

// Output is everything the process printed.
func (p *Process) Output() string {
	text, _ := os.ReadFile(filepath.Join(p.Dir, "output.log"))
	return string(text)
}

// Tail is the end of the output.
func (p *Process) Tail(n int) string {
	text := p.Output()
	if len(text) > n {
		text = text[len(text)-n:]
	}
	return text
}

// patience is the least that is waited for anything: limits tell what is too long, and on a machine that does much else at once
// everything takes several times as long as alone.
const patience = 90 * time.Second

// WaitReady waits until a URL answers 200, at least for patience.
func (p *Process) WaitReady(t testing.TB, url string, limit time.Duration) {
	t.Helper()
	limit = max(limit, patience)
	deadline := time.Now().Add(limit)
	for {
		if resp, err := http.Get(url); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if p.Ended() {
			t.Fatalf("%s ended before it was ready:\n%s", p.Name, p.Tail(4000))
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is not ready after %s (%s):\n%s", p.Name, limit, url, p.Tail(4000))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Run runs a program to its end and returns its output and exit code.
func Run(t testing.TB, dir string, env []string, program string, args ...string) (string, int) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if err != nil && cmd.ProcessState == nil {
		t.Fatalf("%s: %v", program, err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// Address is a free 127.0.0.1:port.
func Address(t testing.TB) string { return fmt.Sprintf("127.0.0.1:%d", Port(t)) }

// Eventually tries until f returns no error, at least for patience.
func Eventually(t testing.TB, limit time.Duration, f func() error) {
	t.Helper()
	limit = max(limit, patience)
	deadline := time.Now().Add(limit)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %v", limit, err)
		}
		time.Sleep(250 * time.Millisecond)
	}
}

// Env makes NAME=value pairs.
func Env(pairs map[string]string) []string {
	var out []string
	for k, v := range pairs {
		out = append(out, k+"="+v)
	}
	return out
}

// Contains returns the values that occur in a text.
func Contains(text string, values []string) []string {
	var found []string
	for _, v := range values {
		if strings.Contains(text, v) {
			found = append(found, v)
		}
	}
	return found
}
