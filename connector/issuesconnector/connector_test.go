package issuesconnector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/rate"
)

const start = 1_700_000_000_000_000_000

// stamped returns a batch of n errors of one issue, as error_issue leaves them.
func stamped(id string, from, n int) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "shop")
	rl.Resource().Attributes().PutInt("process.pid", 7)
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := from; i < from+n; i++ {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.Timestamp(start + i))
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetTraceID(pcommon.TraceID{1, byte(i)})
		lr.SetSpanID(pcommon.SpanID{2, byte(i)})
		lr.Attributes().PutStr("exception.type", "ValueError")
		lr.Attributes().PutStr("exception.message", "bad")
		lr.Attributes().PutStr(eventlog.AttrID, id)
		lr.Attributes().PutStr(eventlog.AttrTitle, "ValueError: bad")
		lr.Attributes().PutStr(eventlog.AttrEventID, fmt.Sprintf("%s%08x40008000%08x", id[:8], i, i))
	}
	return ld
}

func stateless() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Registry = noRegistry
	return cfg
}

// tested is a connector from logs to a side pipeline of the test's.
type tested struct {
	t *testing.T
	connector.Logs
}

func begin(t *testing.T, cfg *Config, h component.Host, side consumer.Logs) *tested {
	t.Helper()
	c, err := NewFactory().CreateLogsToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, side)
	require.NoError(t, err)
	require.NoError(t, c.Start(context.Background(), h))
	return &tested{t, c}
}

func (p *tested) send(ld plog.Logs) {
	p.t.Helper()
	require.NoError(p.t, p.ConsumeLogs(context.Background(), ld))
}

func (p *tested) stop() {
	p.t.Helper()
	require.NoError(p.t, p.Shutdown(context.Background()))
}

// notices reads all events that a sink holds.
func notices(t *testing.T, sink *consumertest.LogsSink) []issue.Notice {
	t.Helper()
	var out []issue.Notice
	for _, ld := range sink.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					n, ok := eventlog.Read(rl.Resource(), lr)
					require.True(t, ok)
					out = append(out, n)
				}
			}
		}
	}
	return out
}

func named(all []issue.Notice, name string) []issue.Notice {
	var out []issue.Notice
	for _, n := range all {
		if n.Name == name {
			out = append(out, n)
		}
	}
	return out
}

func TestEveryOccurrenceOnce(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := stateless()
	cfg.Throttle.PerIssue = rate.Limit{}
	p := begin(t, cfg, componenttest.NewNopHost(), sink)
	for range 3 { // refused by another exporter, so the sender repeats it
		p.send(stamped("aaaaaaaaaaaaaaaa", 0, 5))
	}
	p.stop()
	got := notices(t, sink)
	require.Len(t, got, 5)
	assert.Equal(t, issue.New, got[0].Issue.State)
	assert.Equal(t, uint64(1), got[0].Issue.Count)
	assert.Equal(t, issue.Ongoing, got[4].Issue.State)
	assert.Equal(t, "ValueError", got[0].Event.Exceptions[0].Type)
	assert.Equal(t, "7", got[0].Event.Resource["process.pid"])
	assert.Equal(t, start, int(got[0].Time.UnixNano()))
}

func TestThrottleLetsFirstAndMilestonesPass(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := stateless()
	cfg.Throttle.PerIssue = rate.New(3, time.Hour)
	cfg.Milestones = []uint64{50}
	p := begin(t, cfg, componenttest.NewNopHost(), sink)
	p.send(stamped("aaaaaaaaaaaaaaaa", 0, 60))
	p.send(stamped("bbbbbbbbbbbbbbbb", 100, 2))
	p.stop()
	got := notices(t, sink)
	assert.Len(t, named(got, issue.EventOccurrence), 3+2)
	milestones := named(got, issue.EventMilestone)
	require.Len(t, milestones, 1)
	assert.Equal(t, uint64(50), milestones[0].Milestone)
	assert.Equal(t, uint64(50), milestones[0].Issue.Count)
}

func TestTotalThrottle(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := stateless()
	cfg.Throttle = ThrottleConfig{Total: rate.New(2, time.Hour)}
	cfg.Milestones = nil
	p := begin(t, cfg, componenttest.NewNopHost(), sink)
	for i := range 5 {
		p.send(stamped(fmt.Sprintf("%016x", i), i*10, 3))
	}
	p.stop()
	assert.Len(t, notices(t, sink), 2+4, "two in all, and the first of each issue")
}

func TestLifecycle(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := stateless()
	cfg.Emit = EmitLifecycle
	cfg.Milestones = []uint64{10}
	p := begin(t, cfg, componenttest.NewNopHost(), sink)
	p.send(stamped("aaaaaaaaaaaaaaaa", 0, 20))
	p.stop()
	got := notices(t, sink)
	require.Len(t, got, 2)
	assert.Equal(t, issue.EventOccurrence, got[0].Name)
	assert.Equal(t, issue.EventMilestone, got[1].Name)
}

func TestRepeatsAreNotTold(t *testing.T) {
	sink := new(consumertest.LogsSink)
	p := begin(t, stateless(), componenttest.NewNopHost(), sink)
	ld := stamped("aaaaaaaaaaaaaaaa", 0, 1)
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutBool(eventlog.AttrRepeat, true)
	p.send(ld)
	p.stop()
	assert.Empty(t, notices(t, sink))
}

// refusing is a side pipeline that refuses the first offers.
type refusing struct {
	consumertest.LogsSink
	mu  sync.Mutex
	n   int
	err error
}

func (r *refusing) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n != 0 {
		r.n--
		return r.err
	}
	return r.LogsSink.ConsumeLogs(ctx, ld)
}

func TestRefusedEventsAreOfferedAgain(t *testing.T) {
	f := func(name string, err error, times int) {
		t.Helper()
		side := &refusing{n: times, err: err}
		p := begin(t, stateless(), componenttest.NewNopHost(), side)
		p.send(stamped("aaaaaaaaaaaaaaaa", 0, 5))
		p.stop()
		assert.Len(t, notices(t, &side.LogsSink), 5, name)
	}
	f("queue full", errors.New("queue is full"), 3)
	f("permanent, of one exporter of several", consumererror.NewPermanent(errors.New("400")), 2)
}

func TestPermanentRefusalEnds(t *testing.T) {
	side := &refusing{n: -1, err: consumererror.NewPermanent(errors.New("400"))}
	p := begin(t, stateless(), componenttest.NewNopHost(), side)
	p.send(stamped("aaaaaaaaaaaaaaaa", 0, 1))
	p.stop()
	assert.Empty(t, side.AllLogs())
}

// stuck is a side pipeline that answers nothing until its context ends.
type stuck struct{ consumertest.Consumer }

func (stuck) ConsumeLogs(ctx context.Context, _ plog.Logs) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestStuckSidePipelineHoldsNobody(t *testing.T) {
	cfg := stateless()
	cfg.Outbox = 10
	cfg.Throttle.PerIssue = rate.Limit{}
	p := begin(t, cfg, componenttest.NewNopHost(), stuck{consumertest.NewNop()})
	for i := range 1000 {
		p.send(stamped("aaaaaaaaaaaaaaaa", i, 1))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, p.Shutdown(ctx), context.DeadlineExceeded)
	require.NoError(t, p.Shutdown(context.Background()), "twice")
}

func TestSettleWaits(t *testing.T) {
	sink := new(consumertest.LogsSink)
	cfg := stateless()
	cfg.Settle = time.Minute
	p := begin(t, cfg, componenttest.NewNopHost(), sink)
	p.send(stamped("aaaaaaaaaaaaaaaa", 0, 1))
	assert.Empty(t, sink.AllLogs())
	p.stop()
	assert.Len(t, notices(t, sink), 1, "what waits is told at shutdown")
}

func TestStartNamesBothIDs(t *testing.T) {
	c, err := NewFactory().CreateLogsToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), createDefaultConfig(), consumertest.NewNop())
	require.NoError(t, err)
	err = c.Start(context.Background(), componenttest.NewNopHost())
	require.ErrorContains(t, err, `connector "issues`)
	require.ErrorContains(t, err, `extension "issue_registry"`)
	require.NoError(t, c.Shutdown(context.Background()))
}
