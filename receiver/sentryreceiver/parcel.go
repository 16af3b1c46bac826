package sentryreceiver

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// batch is what a request was converted to, as far as it is not delivered.
type batch struct {
	logs      plog.Logs
	traces    ptrace.Traces
	metrics   pmetric.Metrics
	has       signals
	partial   signals // of these the data is what a pipeline left over
	permanent error   // why a pipeline refused a part for good
}

// parcel is an accepted request that the pipelines do not take for now: the envelope as it came. It is
// converted again for each attempt, because a pipeline that fails may have changed what it was given.
type parcel struct {
	source
	body []byte  // an envelope
	has  signals // what is still to be delivered
	rest batch   // of the signals that a pipeline took a part of; not stored

	number uint64 // in the store
}

// source is what is known of a request beside its body.
type source struct {
	Project  string    `json:"project"`
	Client   string    `json:"client,omitempty"` // the SDK's name and version
	Received time.Time `json:"received"`
}

// parcelCost is the memory in bytes that a parcel takes beside its body, roughly; what is left over of
// a batch takes up to so many times its text.
const (
	parcelCost = 512
	restFactor = 4
)

func newParcel(from source, body []byte, b *batch) *parcel {
	p := &parcel{source: from, body: body}
	p.keep(b)
	return p
}

// size is the memory that a parcel takes.
func (p *parcel) size() int64 {
	n := parcelCost + int64(len(p.body))
	if p.rest.has != (signals{}) {
		n += restFactor * int64(len(p.body))
	}
	return n
}

// keep notes what an attempt left to do.
func (p *parcel) keep(b *batch) {
	p.has = b.has
	left := b.has.and(b.partial)
	if left.logs {
		p.rest.logs = b.logs
	}
	if left.traces {
		p.rest.traces = b.traces
	}
	if left.metrics {
		p.rest.metrics = b.metrics
	}
	p.rest.has = p.rest.has.and(b.has).or(left)
}

// batch converts what is left to do.
func (p *parcel) batch(s *sentryReceiver) (*batch, error) {
	c := s.conversion(p.source)
	defer c.done()
	e, err := c.read(p.body)
	if err != nil {
		return nil, err
	}
	c.envelope(&e)
	b := c.batch()
	b.has = b.has.and(p.has)
	if p.rest.has.logs {
		b.logs = plog.NewLogs()
		p.rest.logs.CopyTo(b.logs)
	}
	if p.rest.has.traces {
		b.traces = ptrace.NewTraces()
		p.rest.traces.CopyTo(b.traces)
	}
	if p.rest.has.metrics {
		b.metrics = pmetric.NewMetrics()
		p.rest.metrics.CopyTo(b.metrics)
	}
	return b, nil
}

// storedParcel is the first line of a parcel in the store; the envelope follows.
type storedParcel struct {
	source
	Logs    bool `json:"logs,omitempty"`
	Traces  bool `json:"traces,omitempty"`
	Metrics bool `json:"metrics,omitempty"`
}

func (p *parcel) marshal() ([]byte, error) {
	line, err := json.Marshal(storedParcel{p.source, p.has.logs, p.has.traces, p.has.metrics})
	if err != nil {
		return nil, err
	}
	return append(append(line, '\n'), p.body...), nil
}

var errStored = errors.New("no line with what is known of the request")

func unmarshalParcel(data []byte) (*parcel, error) {
	line, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok {
		return nil, errStored
	}
	var head storedParcel
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, err
	}
	return &parcel{source: head.source, body: body, has: signals{head.Logs, head.Traces, head.Metrics}}, nil
}
