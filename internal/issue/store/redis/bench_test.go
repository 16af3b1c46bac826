package redis_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/redis"
)

// BenchmarkJudge judges batches of 100 occurrences, each with a trace of its own, against the server that is there.
func BenchmarkJudge(b *testing.B) {
	address := realServer(b)
	core := issue.NewCore(issue.Options{Store: redis.New(redis.Options{Address: address, Prefix: "bench", Timeout: time.Second}), MaxNew: -1})
	require.NoError(b, core.Start(context.Background()))
	defer func() { _ = core.Shutdown(context.Background()) }()
	batch := make([]issue.Occurrence, 100)
	n := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		for i := range batch {
			n++
			batch[i] = occurrence(n, idOf(int(n%1000)+1))
			binary.BigEndian.PutUint64(batch[i].TraceID[8:], n)
		}
		core.Judge(context.Background(), batch, nil)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/occurrence")
}

func realServer(b *testing.B) string {
	if s := startServer(b); s != nil {
		return s.Address
	}
	return miniredis.RunT(b).Addr()
}
