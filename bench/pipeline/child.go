package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// patience bounds every wait for a collector.
const patience = 2 * time.Minute

// child is a collector that is measured, in a process of its own.
type child struct {
	variant
	sink  *sink
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	conn  *grpc.ClientConn
	costs []cost
}

// start runs this program again, as a collector.
func start(v variant, s settings) (*child, error) {
	sink, err := newSink()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	c := &child{variant: v, sink: sink, cmd: exec.Command(os.Args[0])}
	// One core each: garbage collection takes what it needs, not also what is idle.
	c.cmd.Env = append(os.Environ(), configVariable+"="+v.config(address, sink.address, s), "GOMAXPROCS=1")
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReader(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	c.conn, err = grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{}), grpc.WaitForReady(true)))
	return c, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}

// ask sends a question and reads the answer.
func (c *child) ask(question string) (usage, error) {
	var u usage
	if _, err := fmt.Fprintln(c.in, question); err != nil {
		return u, err
	}
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		return u, fmt.Errorf("collector %q: %w", c.name, err)
	}
	return u, json.Unmarshal(line, &u)
}

// stop ends the process.
func (c *child) stop() {
	_ = c.conn.Close()
	_, _ = fmt.Fprintln(c.in, "stop")
	_ = c.cmd.Wait()
}

// send sends batches over a few calls at a time, and waits until all of them have arrived behind the
// collector; an exporter of a variant's own has no queue, so that a call ends when its batch has.
func (c *child) send(batches []batch) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	want := c.sink.requests.Load() + int64(len(batches))
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make(chan error, senders)
	for range senders {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(batches) {
					return
				}
				var answer []byte
				if err := c.conn.Invoke(ctx, batches[i].method, &batches[i].payload, &answer); err != nil {
					errs <- fmt.Errorf("collector %q: %w", c.name, err)
					return
				}
			}
		})
	}
	group.Wait()
	close(errs)
	if err := <-errs; err != nil {
		return err
	}
	for c.exporter == "" && c.sink.requests.Load() < want {
		if ctx.Err() != nil {
			return fmt.Errorf("collector %q: %d requests are missing behind it", c.name, want-c.sink.requests.Load())
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// cost is what one record cost in one round.
type cost struct {
	cpu, wall  float64 // nanoseconds
	gc         float64 // of cpu
	objects    float64 // allocated
	bytes      float64 // allocated
	cpuPerByte float64 // nanoseconds by byte of OTLP
}

// measure sends batches and returns what each record cost, with what the process does within a time after the last one.
func (c *child) measure(batches []batch, after time.Duration) (cost, error) {
	before, err := c.ask("usage")
	if err != nil {
		return cost{}, err
	}
	begin := time.Now()
	if err := c.send(batches); err != nil {
		return cost{}, err
	}
	wall := time.Since(begin)
	time.Sleep(after)
	end, err := c.ask("usage")
	if err != nil {
		return cost{}, err
	}
	records, size := 0, 0
	for i := range batches {
		records += batches[i].records
		size += len(batches[i].payload)
	}
	n := float64(records)
	return cost{
		cpu: float64(end.CPU-before.CPU) / n, wall: float64(wall.Nanoseconds()) / n,
		gc:      float64(end.GC-before.GC) / n,
		objects: float64(end.Objects-before.Objects) / n, bytes: float64(end.Bytes-before.Bytes) / n,
		cpuPerByte: float64(end.CPU-before.CPU) / float64(size),
	}, nil
}
