package webtest

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Occurrences returns what a pipeline would report of the shop's issues, one of each, for a real
// registry to judge. Each call gives them keys and traces of their own.
func Occurrences(now time.Time) []issue.Occurrence {
	r := rand.New(rand.NewPCG(7, 42))
	var out []issue.Occurrence
	for _, sp := range shop {
		i := sp.issue(now, r)
		e := *i.Events[len(i.Events)-1]
		e.Time = now
		o := issue.Occurrence{
			Key: next(), Issue: i.ID, Title: i.Title, Culprit: i.Culprit, Owner: i.Owner, Level: i.Level, Basis: i.Basis, Fingerprint: i.Fingerprint,
			Root: []uint64{binary.BigEndian.Uint64(hashed(i.ID))}, Service: i.Service, Environment: e.Environment, Release: e.Release,
			Signal: issue.LogRecord, Time: now, TraceID: next(), User: e.User["hash"], Tags: e.Tags,
		}
		e.ID, e.TraceID = o.Key.String(), hex.EncodeToString(o.TraceID[:])
		o.Sample = func() *issue.Event { return &e }
		out = append(out, o)
	}
	return out
}

var keys atomic.Uint64

func next() (k [16]byte) {
	binary.BigEndian.PutUint64(k[:8], 0xc0ffee)
	binary.BigEndian.PutUint64(k[8:], keys.Add(1))
	return k
}

func hashed(id string) []byte {
	b, _ := hex.DecodeString(id) // made by ID, so it is hex
	return b
}
