package pii

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// cleanLines make lines full of what only looks like personal data.
var cleanLines = []func(r *rand.Rand) string{
	func(r *rand.Rand) string {
		return fmt.Sprintf("Received block blk_%d of size %d from worker", r.Int64()-r.Int64(), r.IntN(1<<28))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("BLOCK* allocateBlock: BP-%d-10.10.%d.%d-%d", r.Int32(), r.IntN(255), r.IntN(255), r.Int64N(1e13))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("package foo-%d.%d.%d.%d-%d.el9.x86_64.rpm installed", r.IntN(9), r.IntN(20), r.IntN(9), r.IntN(99), r.IntN(99))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("updating to version %d.%d.%d.%d", r.IntN(20), r.IntN(20), r.IntN(9), r.IntN(999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("ts=%d msg=started", time.Now().UnixMilli()-r.Int64N(1e12))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("event at %d took %dns", 1e18+r.Int64N(1e18), r.Int64N(1e12))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("order %d shipped, tracking 1Z%09d", r.Int64N(1e16), r.IntN(1e9))
	},
	func(r *rand.Rand) string { return fmt.Sprintf("commit %040x merged by bot", r.Uint64()) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("digest sha256:%016x%016x%016x%016x", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("trace_id=%016x%016x span_id=%016x", r.Uint64(), r.Uint64(), r.Uint64())
	},
	func(r *rand.Rand) string { return "request " + uuid(r) + " done" },
	func(r *rand.Rand) string {
		return fmt.Sprintf("pod/checkout-%08x-%05x Started container", r.Uint32(), r.IntN(1<<20))
	},
	func(r *rand.Rand) string { return fmt.Sprintf("snowflake %d user followed", r.Int64N(1<<62)) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("%s INFO [http-nio-8080-exec-%d] c.a.Service - took %d ms", date(r), r.IntN(99), r.IntN(9999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("[%s] \"GET /static/img/logo@2x.png HTTP/1.1\" 200 %d", date(r), r.IntN(1e6))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("std::vector<int>::at: index %d, size %d; Foo::Bar::baz()", r.IntN(99), r.IntN(9))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("gc %d @%d.%03ds %d%%: 0.%03d+%d.%d+0.0%d ms clock, %d->%d->%d MB", r.IntN(999), r.IntN(999), r.IntN(999), r.IntN(9), r.IntN(999), r.IntN(99), r.IntN(9), r.IntN(99), r.IntN(99), r.IntN(99), r.IntN(99))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("avg=%.6f rate 0.%d p99=%d.%d", r.Float64()*90, r.Int64N(1e16), r.IntN(99), r.IntN(1e6))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("session opened for user root by (uid=%d) tty%d", r.IntN(70000), r.IntN(9))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("Failed password for invalid user admin%d from host-%d port %d ssh2", r.IntN(99), r.IntN(999), r.IntN(65536))
	},
	func(r *rand.Rand) string {
		return "password: must be at least 8 characters; token expired; secret not found; api key is missing"
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("cache key=user:%d:profile token_count=%d tokens: %d max_tokens=%d", r.IntN(1e6), r.IntN(1e6), r.IntN(1e6), r.IntN(9999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("lodash@4.17.%d @types/node@22.%d.0 git@github.com:acme/repo.git", r.IntN(99), r.IntN(99))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("[SendWorker:%d:QuorumCnxManager$SendWorker@%d] - Send worker leaving thread", r.Int64N(1e12), r.IntN(999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("Mem: %d %d %d %d free %d", r.IntN(1e8), r.IntN(1e8), r.IntN(1e8), r.IntN(1e8), r.IntN(999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("range %d-%d/%d bytes %d-%d", r.IntN(1e9), r.IntN(1e9), r.IntN(1e9), r.IntN(1e9), r.IntN(1e9))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("app_%d_%04d container_%d_%04d_01_%06d", r.Int64N(1e13), r.IntN(9999), r.Int64N(1e13), r.IntN(9999), r.IntN(1e6))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("0x%016x in libfoo.so.%d (ld-%d.%d.so) at pc %d", r.Uint64(), r.IntN(9), r.IntN(9), r.IntN(99), r.Int64())
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/%d.0.0.0 Safari/537.36 Edg/%d.0.%d.%d", 90+r.IntN(60), 90+r.IntN(60), r.IntN(9999), r.IntN(99))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("temperature %d.%d C, coordinates %d %d %d, +%d -%d", r.IntN(99), r.IntN(9), r.IntN(9999), r.IntN(9999), r.IntN(9999), r.IntN(999), r.IntN(999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("invoice 2026-%06d total %d.%02d EUR, ref %d %d %d", r.IntN(1e6), r.IntN(1e6), r.IntN(99), r.IntN(9999), r.IntN(9999), r.IntN(9999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("%d %d %d D PowerManagerService: acquire lock=%d, flags=0x1, uid=%d, pid=%d", r.IntN(9999), r.IntN(9999), r.IntN(9999), r.Int32(), r.IntN(99999), r.IntN(9999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("etag \"%x-%x\" Content-MD5 %x", r.Uint32(), r.Uint64(), r.Uint64())
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("jobs/%d/tasks/%d-%d-%d status=%d", r.Int64N(1e12), r.IntN(9999), r.IntN(9999), r.IntN(9999), r.IntN(600))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("offset=%d partition=%d leader epoch %d lag %d", r.Int64N(1e15), r.IntN(99), r.IntN(99), r.Int64N(1e10))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("product ean=%d stock=%d sku=%d-%d", 4e12+r.Int64N(2e12), r.IntN(999), r.IntN(999), r.IntN(9999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("eth0: rx %d tx %d drops %d", 1e13+r.Int64N(8e13), 1e13+r.Int64N(8e13), r.IntN(999))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("DETAIL:  Key (id)=(%d) already exists in tweet %d", 1e12+r.Int64N(8e12), 6e17+r.Int64N(9e16))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("SELECT * FROM orders WHERE id = %d AND v = %d; HEAD at %06dc", 1e11+r.Int64N(8e11), r.IntN(1e9), r.IntN(1e6))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("requests_total{code=\"200\"} %d %d, 版本 %d.%d.%d.%d", 1e11+r.Int64N(8e11), time.Now().UnixMilli()-r.Int64N(1e11), r.IntN(9), r.IntN(9), r.IntN(99), r.IntN(255))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("USB SerialNumber: 34%013d, ticket CHG%07d", r.Int64N(1e13), r.IntN(1e7))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("serial %d-%d-%d mac n/a uptime %d:%02d:%02d up %d days", r.IntN(9999), r.IntN(9999), r.IntN(9999), r.IntN(99), r.IntN(60), r.IntN(60), r.IntN(999))
	},
}

func uuid(r *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", r.Uint32(), r.IntN(1<<16), r.IntN(1<<12), r.IntN(1<<12), r.Int64N(1<<48))
}

func date(r *rand.Rand) string {
	return time.Unix(1e9+r.Int64N(8e8), r.Int64N(1e9)).UTC().Format([]string{
		"2006-01-02 15:04:05.000", "2006-01-02T15:04:05.000000Z", "02/Jan/2006:15:04:05 -0700", "Jan _2 15:04:05", "2006/01/02 15:04:05", "20060102-15:04:05", "060102 150405",
	}[r.IntN(7)])
}

// TestCleanLines: of 30,000 lines of look-alikes the default detectors change at most 10, all of them at most 2 %.
func TestCleanLines(t *testing.T) {
	for detectors, most := range map[string]int{"default": 10, "all": 600} {
		c := DefaultConfig()
		c.Detectors = []string{detectors}
		s, err := New(c)
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(7, 11))
		wrong, kinds := 0, map[string]int{}
		var examples []string
		for i := range 30000 {
			line := cleanLines[i%len(cleanLines)](r)
			f := s.Find(line, "")
			if len(f) > 0 {
				wrong++
				kinds[f[0].Type]++
				if len(examples) < 25 {
					examples = append(examples, fmt.Sprintf("%s %q in %q", f[0].Type, line[f[0].Start:f[0].End], line))
				}
			}
		}
		t.Logf("%s: %d of 30000 changed: %v\n%s", detectors, wrong, kinds, strings.Join(examples, "\n"))
		assert.LessOrEqual(t, wrong, most, detectors)
	}
}
