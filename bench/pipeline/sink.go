package main

import (
	"errors"
	"io"
	"net"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/gzip" // what the exporter compresses with by default
	"google.golang.org/grpc/mem"
)

// raw passes messages through as bytes: sender and sink of the measurement know no OTLP.
type raw struct{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

var _ encoding.CodecV2 = raw{}

// sink takes what collectors send, and counts it.
type sink struct {
	address  string
	requests atomic.Int64
	bytes    atomic.Int64
}

func newSink() (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{address: l.Addr().String()}
	server := grpc.NewServer(grpc.ForceServerCodecV2(raw{}), grpc.MaxRecvMsgSize(256<<20), grpc.UnknownServiceHandler(s.take))
	go func() { _ = server.Serve(l) }() // until the process ends
	return s, nil
}

func (s *sink) take(_ any, stream grpc.ServerStream) error {
	for {
		var in, out []byte
		if err := stream.RecvMsg(&in); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		s.bytes.Add(int64(len(in)))
		if err := stream.SendMsg(&out); err != nil {
			return err
		}
		s.requests.Add(1)
	}
}
