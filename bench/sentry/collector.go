package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// collector is the process that is measured.
type collector struct {
	cmd      *exec.Cmd
	address  string
	profiler string // address of pprof; "" = none
}

const config = `
receivers:
  sentry: {http: {endpoint: "%s"}}
exporters:
  nop: {}
extensions:
  pprof: {endpoint: "%s"}
service:
  extensions: [%s]
  telemetry: {logs: {level: warn}, metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %s}}}}]}}
  pipelines:
    logs: {receivers: [sentry], exporters: [nop]}
    traces: {receivers: [sentry], exporters: [nop]}
    metrics: {receivers: [sentry], exporters: [nop]}
`

// start starts a collector and waits until it listens.
func start(binary string, profiled bool) (*collector, error) {
	var free [3]string
	var listeners []io.Closer
	for i := range free {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, l) // closed together, so that the addresses differ
		free[i] = l.Addr().String()
	}
	c := &collector{address: free[0]}
	extensions := ""
	if profiled {
		extensions, c.profiler = "pprof", free[1]
	}
	_, port, err := net.SplitHostPort(free[2])
	if err != nil {
		return nil, err
	}
	c.cmd = exec.Command(binary, "--config", "yaml:"+fmt.Sprintf(config, free[0], free[1], extensions, port))
	c.cmd.Stderr = os.Stderr
	for _, l := range listeners {
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	return c, c.wait()
}

// wait waits until the collector listens.
func (c *collector) wait() error {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("tcp", c.address)
		if err == nil {
			return conn.Close()
		}
		if time.Now().After(deadline) {
			return errors.Join(err, c.cmd.Process.Kill())
		}
	}
}

// stop ends the process.
func (c *collector) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	_ = c.cmd.Wait() // how it ends is of no interest here
}

// cpu is the CPU time of the process since its start, to the hundredth of a second
// (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
func (c *collector) cpu() (time.Duration, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the program's name may hold anything else
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("unknown form of /proc/PID/stat: %q", b)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

// profile writes a CPU profile of ten seconds.
func (c *collector) profile(file string) {
	err := func() error {
		resp, err := http.Get("http://" + c.profiler + "/debug/pprof/profile?seconds=10")
		if err != nil {
			return err
		}
		b, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return err
		}
		return os.WriteFile(file, b, 0o600)
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "no profile:", err)
	}
}
