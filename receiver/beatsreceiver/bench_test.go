package beatsreceiver

import (
	"fmt"
	"testing"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
)

// benchEvent is what Filebeat sends for a line of a container on Kubernetes.
const benchEvent = `{"@timestamp":"2026-11-22T10:57:18.123Z","@metadata":{"beat":"filebeat","type":"_doc","version":"8.15.0"},"stream":"stdout",` +
	`"message":"2026-11-22 10:57:18.123 INFO  [main] com.acme.Checkout order 4711 accepted in 37 ms","log":{"offset":77,"file":{"path":"/var/log/containers/checkout-5d4f-x7_shop_app-0a1b.log"}},` +
	`"input":{"type":"container"},"ecs":{"version":"8.0.0"},"kubernetes":{"namespace":"shop","pod":{"name":"checkout-5d4f-x7","uid":"9e1d","ip":"10.1.2.3"},"node":{"name":"node-1","uid":"u1","hostname":"node-1"},` +
	`"container":{"name":"app"},"replicaset":{"name":"checkout-5d4f"},"deployment":{"name":"checkout"},"labels":{"app_kubernetes_io/name":"checkout","pod-template-hash":"5d4f"}},` +
	`"container":{"id":"0a1b","runtime":"containerd","image":{"name":"registry.example/shop/checkout:1.4.2"}},"host":{"name":"node-1"},"agent":{"type":"filebeat","version":"8.15.0","name":"node-1","id":"c0ffee00"}}`

// BenchmarkConvert is the conversion alone.
func BenchmarkConvert(b *testing.B) {
	for _, n := range []int{1, 50, 2048} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			events := make([][]byte, n)
			for i := range events {
				events[i] = []byte(benchEvent)
			}
			b.SetBytes(int64(n * len(benchEvent)))
			b.ReportAllocs()
			for b.Loop() {
				if convert(events, testTime).LogRecordCount() != n {
					b.Fatal("records are missing")
				}
			}
		})
	}
}

// BenchmarkReceiver is a window on its way from Elastic's client over loopback to the pipeline, and its acknowledgement back.
func BenchmarkReceiver(b *testing.B) {
	for _, n := range []int{50, 2048} {
		for _, level := range []int{0, 3} {
			b.Run(fmt.Sprintf("%d/compression=%d", n, level), func(b *testing.B) {
				address, _ := start(b, consumertest.NewNop(), nil, nil)
				raw := func(any) ([]byte, error) { return []byte(benchEvent), nil }
				client, err := lumber.SyncDial(address, lumber.CompressionLevel(level), lumber.JSONEncoder(raw))
				require.NoError(b, err)
				defer client.Close()
				batch := make([]any, n)
				b.SetBytes(int64(n * len(benchEvent)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := client.Send(batch); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
