// Package scale tests that many collectors are as one: agents divide what they get over gateways that share their issues in a
// Redis, one gateway is killed in between, and issues, counts and tickets are those of a single collector.
package scale

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const gateways = 3

// patience: a test machine may be so busy that Redis answers late. A gateway that waits no longer judges alone, and then a failure's
// log and its span may count as two.
const patience = "--set=extensions::issue_registry::store::timeout=10s"

// fleet is what all the gateways send to, and what the agents have sent.
type fleet struct {
	sink    *harness.Sink
	github  *harness.Service
	env     map[string]string
	batches []batch
	records int64
	want    map[string]uint64
}

// newFleet starts the backends and asks a single collector first.
func newFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{}
	redis := harness.StartRedis(t)
	f.github = harness.StartTrackers(t).Service(t, "github")
	f.batches, f.records = traffic(t)
	f.want = oneCollector(t, f.batches, map[string]string{"SETTLE": "1s", "SINK": harness.StartSink(t).URL, "GITHUB": f.github.URL, "DRY_RUN": "true"})
	require.Empty(t, f.github.Tickets(t))
	f.sink = harness.StartSink(t, "minsu.kim@example.com")
	f.env = map[string]string{"SETTLE": "1s", "SINK": f.sink.URL, "GITHUB": f.github.URL, "DRY_RUN": "false", "REDIS_ENDPOINT": redis}
	return f
}

// pause is between two batches, so that what a gateway takes in a second is a part of the whole.
const pause = 80 * time.Millisecond

// send sends everything over two agents. A gateway, if one is given, is killed half-way and comes back while the rest is sent.
func (f *fleet) send(t *testing.T, agents [2]*harness.Collector, killed *harness.Collector) {
	t.Helper()
	for i, b := range f.batches {
		switch i {
		case len(f.batches) / 2:
			if killed != nil {
				killed.Kill()
			}
		case len(f.batches) * 3 / 4:
			if killed != nil {
				killed.Restart(t)
			}
		}
		b.send(t, agents[i%2], agents[(i+1)%2])
		time.Sleep(pause)
	}
}

// check waits until every gateway says what the single collector said, nothing is missing and each issue has one ticket.
// What a killed gateway had counted and not written is taken over by another one.
func (f *fleet) check(t *testing.T, all []*harness.Collector) {
	t.Helper()
	begin := time.Now()
	var total uint64
	look := func() error {
		if missing, n := f.sink.Missing(f.records); n > 0 {
			return fmt.Errorf("%d records are missing, such as %v", n, missing)
		}
		for i, c := range all {
			got := counts(t, c)
			total = 0
			for issue, n := range got {
				if n > f.want[issue] {
					return fmt.Errorf("gateway %d counts twice: %v, want %v", i, got, f.want)
				}
				total += n
			}
			if len(got) != len(f.want) || total < failures {
				return fmt.Errorf("gateway %d: %v, want %v", i, got, f.want)
			}
		}
		if n := len(f.github.Tickets(t)); n < bugs {
			return fmt.Errorf("%d tickets", n)
		}
		return nil
	}
	harness.Eventually(t, 120*time.Second, look)
	took := time.Since(begin).Round(time.Second)
	// What would be counted or told twice comes late: wait, and look again.
	time.Sleep(5 * time.Second)
	require.NoError(t, look())
	tickets := map[string]int{}
	for _, ticket := range f.github.Tickets(t) {
		tickets[ticket.Key]++
	}
	assert.Len(t, tickets, bugs)
	for key, n := range tickets {
		assert.Equal(t, 1, n, "tickets of %s", key)
	}
	records, copies := f.sink.Seen()
	assert.Empty(t, f.sink.Leaked())
	assert.Empty(t, f.sink.Problems())
	t.Logf("%d failures of %d bugs: %d counted, in agreement after %s; %d records arrived, %d copies", failures, bugs, total, took, records, copies)
}

// TestLoadBalancing: agents divide traces over three gateways by trace ID; they are as one collector.
func TestLoadBalancing(t *testing.T) {
	f := newFleet(t)
	agents, all := f.loadBalancing(t)
	f.send(t, agents, nil)
	f.check(t, all)
}

// TestLoadBalancingKilled: a gateway is killed half-way.
func TestLoadBalancingKilled(t *testing.T) {
	f := newFleet(t)
	agents, all := f.loadBalancing(t)
	f.send(t, agents, all[1])
	f.check(t, all)
}

// loadBalancing starts gateways, and agents in front of them.
func (f *fleet) loadBalancing(t *testing.T) (agents [2]*harness.Collector, all []*harness.Collector) {
	t.Helper()
	var addresses []string
	for range gateways {
		c := harness.StartCollector(t, harness.Config("gateway.yaml"), f.env,
			"--config", filepath.Join(harness.Root(), "deploy/kubernetes/components/redis/redis.yaml"), "--config", harness.Testdata(t, "tickets.yaml"), patience)
		all, addresses = append(all, c), append(addresses, c.OTLPGRPC)
	}
	// All gateways are on this machine, so no name can resolve to them: the list stands in the place of the resolver.
	text, err := os.ReadFile(harness.Config("agent-loadbalancing.yaml"))
	require.NoError(t, err)
	const resolver = `dns: {hostname: "${env:GATEWAY_HOST:-localhost}", port: "${env:GATEWAY_PORT:-14317}", interval: 5s, timeout: 1s}`
	require.Contains(t, string(text), resolver)
	config := filepath.Join(t.TempDir(), "agent.yaml")
	require.NoError(t, os.WriteFile(config, []byte(strings.Replace(string(text), resolver, "static: {hostnames: ["+strings.Join(addresses, ", ")+"]}", 1)), 0o600))
	for i := range agents {
		agents[i] = harness.StartCollector(t, config, map[string]string{"LOG_FILES": filepath.Join(t.TempDir(), "*.log"), "GATEWAY_ENDPOINT": addresses[0]})
	}
	return agents, all
}

// TestKafka: agents write to Kafka, three gateways of one group read from it.
func TestKafka(t *testing.T) {
	broker := harness.StartKafka(t)
	f := newFleet(t)
	f.env["KAFKA_BROKERS"] = "[" + broker + "]"
	harness.UseFull(t)
	var agents [2]*harness.Collector
	for i := range agents {
		agents[i] = harness.StartCollector(t, harness.Config("full/kafka-agent.yaml"), map[string]string{"KAFKA_BROKERS": "[" + broker + "]", "LOG_FILES": filepath.Join(t.TempDir(), "*.log")})
	}
	// While no gateway runs, Kafka keeps what is sent; so the topics are there, too.
	first := f.batches[:4]
	for i, b := range first {
		b.send(t, agents[i%2], agents[(i+1)%2])
	}
	f.batches = f.batches[4:]
	all := make([]*harness.Collector, gateways)
	for i := range all {
		all[i] = harness.StartCollector(t, harness.Config("full/kafka-gateway.yaml"), f.env, "--config", harness.Testdata(t, "tickets.yaml"), patience)
	}
	f.send(t, agents, all[1])
	f.check(t, all)
}
