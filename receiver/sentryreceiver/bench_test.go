package sentryreceiver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

// benchEnvelope is an error of a Node SDK with about size bytes: frames with source lines, breadcrumbs,
// contexts, a request and a user, in the shares that real ones have.
func benchEnvelope(size int) []byte {
	var frames, crumbs strings.Builder
	event := func() string {
		return fmt.Sprintf(`{"event_id":"%s","timestamp":1795345037.286,"platform":"node","level":"error","environment":"staging",`+
			`"release":"checkout@1.4.2","server_name":"node-1","transaction":"POST /orders/:id",`+
			`"exception":{"values":[{"type":"TypeError","value":"Cannot read properties of undefined (reading 'price')","mechanism":{"type":"generic","handled":true},"stacktrace":{"frames":[%s]}}]},`+
			`"breadcrumbs":[%s],`+
			`"contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef"},"runtime":{"name":"node","version":"v20.20.2"},"os":{"name":"Debian","version":"12.11"},"device":{"arch":"x64","memory_size":25276514304,"processor_count":2}},`+
			`"request":{"url":"http://shop.example/orders/7?q=1","method":"POST","headers":{"host":"shop.example","user-agent":"curl/8.5","accept":"*/*"},"query_string":"q=1"},`+
			`"user":{"id":"u-77","email":"ana.lima@example.com","ip_address":"203.0.113.9"},"tags":{"team":"payments","plan":"pro"},`+
			`"sdk":{"name":"sentry.javascript.node","version":"11.12.0"}}`, testID, frames.String(), crumbs.String())
	}
	for i := 0; len(event()) < size; i++ {
		if i > 0 {
			frames.WriteByte(',')
		}
		fmt.Fprintf(&frames, `{"filename":"/srv/shop/src/services/cart%d.js","module":"services.cart%d","function":"Cart.total%d","lineno":%d,"colno":17,"in_app":true,`+
			`"pre_context":["  async total(items, currency) {","    let sum = 0;","    for (const item of items) {","      const product = await this.catalog.find(item.sku);"],`+
			`"context_line":"      sum += product.price * item.quantity;","post_context":["    }","    return new Money(sum, currency);","  }"]}`, i, i, i, 10+i)
		if i%2 == 0 {
			if i > 0 {
				crumbs.WriteByte(',')
			}
			fmt.Fprintf(&crumbs, `{"timestamp":1795345036.%d,"category":"http","level":"info","type":"http","message":"GET /api/products","data":{"url":"http://catalog/api/products/%d","method":"GET","status_code":200}}`, 100+i, i)
		}
	}
	return []byte(`{"event_id":"` + testID + `","sent_at":"2026-11-22T10:57:17.286Z","sdk":{"name":"sentry.javascript.node","version":"11.12.0"},"trace":{"environment":"staging","release":"checkout@1.4.2","public_key":"` + testKey + `","trace_id":"771a43a4192642f0b136d5159a501700"}}` +
		"\n" + `{"type":"event"}` + "\n" + event())
}

// cpuTime reports the CPU time of the whole process, garbage collection included: on a machine that
// others use, too, it says more than the time on the clock.
func cpuTime(b *testing.B) func() {
	used := func() int64 {
		var u syscall.Rusage
		require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
		return u.Utime.Nano() + u.Stime.Nano()
	}
	from := used()
	return func() { b.ReportMetric(float64(used()-from)/float64(b.N), "cpu-ns/op") }
}

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// sample is an envelope that is measured.
type sample struct {
	name string
	body []byte
}

// samples are envelopes of several sizes, and of about ten KiB as the SDKs of several languages write them.
func samples(b *testing.B) []sample {
	list := []sample{{"1KiB", benchEnvelope(1 << 10)}, {"10KiB", benchEnvelope(10 << 10)}, {"100KiB", benchEnvelope(100 << 10)}}
	files, err := filepath.Glob("testdata/events/*.envelope")
	require.NoError(b, err)
	require.Len(b, files, 4)
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(b, err)
		list = append(list, sample{strings.TrimSuffix(filepath.Base(file), ".envelope"), body})
	}
	return list
}

// BenchmarkServer is a request from the HTTP server's hands to the pipeline, without the network.
func BenchmarkServer(b *testing.B) {
	for _, sample := range samples(b) {
		for _, encoding := range []string{"", "gzip"} {
			b.Run(sample.name+map[string]string{"gzip": "/gzip"}[encoding], func(b *testing.B) {
				cfg := createDefaultConfig().(*Config)
				cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
				logs, err := NewFactory().CreateLogs(b.Context(), receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
				require.NoError(b, err)
				require.NoError(b, logs.Start(b.Context(), componenttest.NewNopHost()))
				b.Cleanup(func() { require.NoError(b, logs.Shutdown(context.Background())) })
				handler := logs.(*handle).server.Handler
				plain := sample.body
				body := []byte(compress(b, encoding, string(plain)))
				w := &discard{header: http.Header{}}
				b.SetBytes(int64(len(plain)))
				b.ReportAllocs()
				defer cpuTime(b)()
				for b.Loop() {
					r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/api/42/envelope/?sentry_version=7&sentry_key="+testKey, io.NopCloser(bytes.NewReader(body)))
					if err != nil {
						b.Fatal(err)
					}
					r.ContentLength = int64(len(body))
					if encoding != "" {
						r.Header.Set("Content-Encoding", encoding)
					}
					clear(w.header)
					handler.ServeHTTP(w, r)
				}
				if w.header.Get("X-Sentry-Error") != "" {
					b.Fatal(w.header)
				}
			})
		}
	}
}

// BenchmarkConvert is parsing and conversion alone.
func BenchmarkConvert(b *testing.B) {
	body := benchEnvelope(10 << 10)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	defer cpuTime(b)()
	for b.Loop() {
		c := newConversion("42", "checkout", "", time.Time{}, attachmentPolicy{})
		e, err := c.read(body)
		if err != nil {
			b.Fatal(err)
		}
		c.envelope(&e)
		c.done()
	}
}

// BenchmarkMemory measures what converted data holds on to, and what the budget is charged for it: the
// second must not be much less.
func BenchmarkMemory(b *testing.B) {
	body := benchEnvelope(10 << 10)
	var before, after runtime.MemStats
	var keep []*conversion
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, charged := 0, int64(0)
	for b.Loop() {
		if n++; n > 2000 {
			continue
		}
		e, err := sentryproto.ParseEnvelope(bytes.Clone(body), maxItems)
		if err != nil {
			b.Fatal(err)
		}
		c := newConversion("42", "checkout", "", time.Time{}, attachmentPolicy{})
		c.memory = &budget{limit: 1 << 40}
		c.envelope(&e)
		charged = c.cost + int64(len(body))
		c.done()
		keep = append(keep, c)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(keep))/float64(len(body)), "held/byte")
	b.ReportMetric(float64(charged)/float64(len(body)), "charged/byte")
	runtime.KeepAlive(keep)
}
