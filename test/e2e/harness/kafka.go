package harness

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// StartKafka starts a real broker with six partitions for each topic and returns its address; without it the test is skipped.
func StartKafka(t testing.TB) string {
	t.Helper()
	jars := filepath.Join(backends(), "kafka")
	java, err := exec.LookPath("java")
	if _, missing := os.Stat(filepath.Join(jars, "pom.xml")); err != nil || missing != nil {
		t.Skip("NOT TESTED: collectors behind Kafka: 'make backends' could not install it (it needs Java 17 and Maven)")
	}
	dir, broker, controller := t.TempDir(), Address(t), Address(t)
	config := filepath.Join(dir, "server.properties")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@%[2]s
listeners=PLAINTEXT://%[1]s,CONTROLLER://%[2]s
advertised.listeners=PLAINTEXT://%[1]s
controller.listener.names=CONTROLLER
log.dirs=%[3]s
num.partitions=6
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
`, broker, controller, filepath.Join(dir, "data")), 0o600))
	args := []string{"-Xmx384m", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", jars + "/*"}
	out, code := Run(t, dir, nil, java, append(args, "kafka.tools.StorageTool", "format", "-t", "Y3VscHJpdC1lMmUta2Fma2E", "-c", config)...)
	require.Zero(t, code, out)
	p := Start(t, "kafka", dir, nil, java, append(args, "kafka.Kafka", config)...)
	Eventually(t, 90*time.Second, func() error {
		if p.Ended() {
			t.Fatalf("kafka has ended:\n%s", p.Tail(4000))
		}
		conn, err := net.Dial("tcp", broker)
		if err != nil {
			return err
		}
		return conn.Close()
	})
	return broker
}
