package grouping

import "testing"

var benchLines = []string{
	"Failed to load user bob from 10.0.0.1:5432 after 3 tries",
	`level=error msg="dial tcp 10.0.0.1:5432: i/o timeout" attempt=3 service=checkout`,
	"session opened for user cyrus by (uid=0)",
	"2026-11-22 12:00:01,123 ERROR [http-nio-8080-exec-3] com.acme.PaymentService - payment 42 failed: gateway answered 503 Service Unavailable",
	"Connection to the database was lost, trying again with the next server of the list",
	"2ed1076d-f512-4316-be8f-e6d1a3a6ae52: block blk_-1608999687919862906 of size 67108864 written to /data/current/subdir12",
}

func BenchmarkTemplate(b *testing.B) {
	n := 0
	for _, l := range benchLines {
		n += len(l)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range benchLines {
			Template(l)
		}
	}
}

// BenchmarkGroup parses and groups real traces of Java, about 15 to 30 frames each.
func BenchmarkGroup(b *testing.B) {
	g := grouper(b, Config{ByService: true})
	var in []*Input
	n := 0
	for _, s := range samples(b) {
		if s.Lang == "java" {
			i := s.input(false)
			i.Service = "shop"
			in = append(in, i)
			n += len(s.Stack)
		}
	}
	b.SetBytes(int64(n / len(in)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		g.Group(in[i%len(in)])
	}
}

// BenchmarkFingerprint groups traces that have been parsed.
func BenchmarkFingerprint(b *testing.B) {
	g := grouper(b, Config{ByService: true})
	var in []*Input
	var parsed []Result
	for _, s := range samples(b) {
		if s.Lang == "java" {
			i := s.input(false)
			i.Service = "shop"
			in = append(in, i)
			parsed = append(parsed, g.Group(i))
		}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := i % len(in)
		r := Result{Trace: parsed[k].Trace}
		g.fingerprint(in[k], &r)
		r.Culprit = culpritText(in[k], &r)
		r.ID = id(r.Parts)
	}
}
