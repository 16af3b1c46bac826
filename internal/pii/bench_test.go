package pii

import "testing"

// benchTexts are single texts: what most values are, and what is dear.
var benchTexts = []struct{ name, text string }{
	{"method", "INFO"},
	{"pod", "checkout-7d9f8b6c5-x2k4z"},
	{"worker", "worker-42"},
	{"prose", "connection pool exhausted, waiting for a free connection"},
	{"zookeeper", "2026-11-07 10:11:12,345 - INFO  [main:QuorumPeerConfig@101] - Reading configuration from: /etc/app/conf/server.cfg"},
	{"block", "PacketResponder 1 for block blk_-1608999687919862906 terminating"},
	{"request", "GET /api/v2/orders/123456 200 35ms"},
	{"task", "Finished task 17.0 in stage 22.0 (TID 1543) in 8121 ms on worker-12 (18/300)"},
	{"apache", "[Sun Dec 04 04:47:44 2025] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties"},
	{"pairs", "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=host-220  user=root"},
	{"uuid", "request 8c1d1b02-3c5e-4f0a-9a77-0c0f4a9be001 done"},
	{"email", "login failed for user12@example.com after 3 attempts"},
	{"card", "charge declined, card 4111111111111111, code 51"},
	{"json", `{"level":"info","ts":1763800000.123,"msg":"request done","path":"/api/v1/items","status":200,"took_ms":12}`},
}

func benchmark(b *testing.B, detectors string) {
	c := DefaultConfig()
	c.Detectors = []string{detectors}
	s, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	w := s.Acquire()
	defer w.Release()
	for _, x := range benchTexts {
		b.Run(x.name, func(b *testing.B) {
			b.SetBytes(int64(len(x.text)))
			b.ReportAllocs()
			for b.Loop() {
				w.Redact(x.text, nil)
			}
		})
	}
}

func BenchmarkDefault(b *testing.B) { benchmark(b, "default") }

// BenchmarkNew is a part of each start: some components have an engine of their own, and the configuration's check makes one.
func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(DefaultConfig()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAll(b *testing.B) { benchmark(b, "all") }
