package pii

import (
	"fmt"
	"math/rand/v2"

	"go.opentelemetry.io/collector/pdata/plog"
)

// Records is the number of log records of a batch.
const Records = 1000

// cleanLines are made like lines of ordinary servers: times, ports, block and thread IDs, versions, paths.
var cleanLines = []func(r *rand.Rand) string{
	func(r *rand.Rand) string {
		return fmt.Sprintf("2026-11-%02d %02d:%02d:%02d,%03d - INFO  [main:QuorumPeerConfig@%d] - Reading configuration from: /etc/app/conf/server.cfg", 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000), r.IntN(900))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("PacketResponder %d for block blk_%d terminating", r.IntN(3), r.Int64())
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("GET /api/v2/orders/%d 200 %dms", r.IntN(1_000_000), r.IntN(900))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("Finished task %d.0 in stage %d.0 (TID %d) in %d ms on worker-%d (%d/%d)", r.IntN(300), r.IntN(90), r.IntN(4000), r.IntN(9000), r.IntN(32), r.IntN(300), 300)
	},
	func(r *rand.Rand) string {
		return "connection pool exhausted, waiting for a free connection"
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("pod checkout-7d9f8b6c5-%c%c%c%cz restarted, exit code %d", 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26), r.IntN(140))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("[Sun Dec 04 04:47:%02d 2025] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties", r.IntN(60))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("cache hit ratio 0.%d, %d entries, evicted=%d", r.IntN(10000), r.IntN(90000), r.IntN(1000))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("session opened for user root by (uid=%d)", r.IntN(1000))
	},
	func(r *rand.Rand) string { return "Remoting: Starting remoting" },
}

// dirtyLines hold one value each of the ten types.
var dirtyLines = []func(r *rand.Rand) string{
	func(r *rand.Rand) string {
		return fmt.Sprintf("login failed for user%d@example.com after 3 attempts", r.IntN(900))
	},
	func(r *rand.Rand) string { return "charge declined, card 4111111111111111, code 51" },
	func(r *rand.Rand) string {
		return fmt.Sprintf("verify applicant ssn 536-%02d-%04d", 10+r.IntN(80), 1+r.IntN(9998))
	},
	func(r *rand.Rand) string { return fmt.Sprintf("sms to +1 415 555 %04d queued", r.IntN(9999)) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("accepted connection from 203.0.113.%d port %d", 1+r.IntN(250), 1024+r.IntN(60000))
	},
	func(r *rand.Rand) string {
		return "token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U expired"
	},
	func(r *rand.Rand) string {
		return "header Authorization: Bearer 7Fj2kQ9xLm4Zt8Rv1Nc6Wy3Ub5Hd0Ge refused"
	},
	func(r *rand.Rand) string { return "transfer to DE89370400440532013000 booked" },
	func(r *rand.Rand) string { return "using access key AKIAQ3EGRIP7KLMN2XYZ for upload" },
	func(r *rand.Rand) string { return "주민등록번호 900101-1234568 확인" },
}

// agents are user agents.
var agents = []string{
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
	"curl/8.5.0", "okhttp/4.12.0", "Go-http-client/2.0",
}

// Batch makes a batch: of the records of a mixed one 70 % are clean lines, 20 % have the attributes of a
// request, 10 % have personal data in the body. It returns the bytes of all string values, too.
func Batch(clean bool) (plog.Logs, int) {
	r := rand.New(rand.NewPCG(1, 2))
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "checkout")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("bench")
	size := 0
	for i := range Records {
		lr := sl.LogRecords().AppendEmpty()
		lr.SetSeverityText("INFO")
		body := cleanLines[i%len(cleanLines)](r)
		a := lr.Attributes()
		a.PutStr("log.file.name", "server.log")
		a.PutStr("thread.name", fmt.Sprintf("worker-%d", r.IntN(64)))
		a.PutStr("k8s.pod.name", "checkout-7d9f8b6c5-x2k4z")
		if !clean {
			switch {
			case i%10 < 2:
				a.PutStr("http.url", fmt.Sprintf("https://shop.example.com/cart/%d?step=2", r.IntN(9000)))
				a.PutStr("user.email", fmt.Sprintf("jo.doe%d@example.com", r.IntN(9000)))
				a.PutStr("client.address", fmt.Sprintf("198.51.100.%d", 1+r.IntN(250)))
				a.PutStr("user_agent.original", agents[r.IntN(len(agents))])
			case i%10 == 2:
				body = dirtyLines[i/10%len(dirtyLines)](r)
			}
		}
		lr.Body().SetStr(body)
		size += len(body)
		for _, v := range a.All() {
			size += len(v.Str())
		}
	}
	return ld, size
}
