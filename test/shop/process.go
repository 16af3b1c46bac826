package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// process is a program that the runner started.
type process struct {
	name string
	cmd  *exec.Cmd
	done chan error
	log  string
}

// start runs a program with its output in a file of the run directory.
func start(dir, name string, env []string, workdir, program string, args ...string) (*process, error) {
	logfile := filepath.Join(dir, name+".log")
	out, err := os.Create(logfile)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = workdir, out, out
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C reaches the runner, which stops them in order
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, cmd: cmd, done: make(chan error, 1), log: logfile}
	go func() { p.done <- cmd.Wait() }()
	return p, nil
}

// stop asks it to end, and ends it after the grace time.
func (p *process) stop(grace time.Duration) {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// ready waits until a URL answers with 200, the process ends or the time is over.
func (p *process) ready(ctx context.Context, url string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		if resp, err := http.Get(url); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended at once; its output is in %s:\n%s", p.name, p.log, tail(p.log))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is not ready after %s; its output is in %s:\n%s", p.name, limit, p.log, tail(p.log))
		}
	}
}

// tail is the end of a log file.
func tail(file string) string {
	text, _ := os.ReadFile(file)
	if len(text) > 2000 {
		text = text[len(text)-2000:]
	}
	return string(text)
}

// freeAddress finds a port on loopback that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
