package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// timeout bounds what one connection does in a round.
const timeout = 2 * time.Minute

// request is one as an SDK sends it.
func request(body []byte, compress bool) []byte {
	var b bytes.Buffer
	b.WriteString("POST /api/42/envelope/ HTTP/1.1\r\nHost: localhost:9000\r\nUser-Agent: sentry-sdk/1\r\n" +
		"X-Sentry-Auth: Sentry sentry_version=7, sentry_client=sentry-sdk/1, sentry_key=a1b2c3d4e5f60718293a4b5c6d7e8f90\r\n" +
		"Content-Type: application/x-sentry-envelope\r\n")
	if compress {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, _ = w.Write(body) // into memory: cannot fail
		_ = w.Close()
		body = z.Bytes()
		b.WriteString("Content-Encoding: gzip\r\n")
	}
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	b.Write(body)
	return b.Bytes()
}

// send sends a request n times, over several connections at a time. Each must be accepted.
func send(address string, wire []byte, n, connections int) error {
	var sent atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, connections)
	for i := range errs {
		group.Go(func() { errs[i] = sendOver(address, wire, func() bool { return sent.Add(1) <= int64(n) }) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// sendOver sends a request over one connection as long as there is one more to send.
func sendOver(address string, wire []byte, more func() bool) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	for more() {
		if _, err := conn.Write(wire); err != nil {
			return err
		}
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", resp.Status, answer)
		}
	}
	return nil
}
