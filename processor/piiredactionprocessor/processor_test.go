package piiredactionprocessor

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/pii"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadata"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadatatest"
)

// one makes a batch of one record.
func one(body string, attributes map[string]any) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "checkout")
	lr := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.Body().SetStr(body)
	_ = lr.Attributes().FromRaw(attributes)
	return ld
}

func record(ld plog.Logs) plog.LogRecord {
	return ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func TestAudit(t *testing.T) {
	cfg := testConfig(func(c *Config) { c.Audit = AuditTypes })
	lr := record(redactLogs(t, cfg, one("a@b.co and c@d.org", map[string]any{"password": "x1", "culprit.pii.count": 99})))
	assert.Equal(t, map[string]any{
		"password": "[REDACTED]", "culprit.pii.count": int64(3), "culprit.pii.types": []any{"sensitive_keys", "email"},
	}, lr.Attributes().AsRaw())
}

func TestIncomingAuditIsRemoved(t *testing.T) {
	lr := record(redactLogs(t, testConfig(nil), one("clean", map[string]any{"culprit.pii.count": 99})))
	assert.Empty(t, lr.Attributes().AsRaw())
	lr = record(redactLogs(t, testConfig(func(c *Config) { c.TrustIncoming, c.Audit = true, AuditCounts }), one("a@b.co", map[string]any{"culprit.pii.count": 99})))
	assert.Equal(t, map[string]any{"culprit.pii.count": int64(100)}, lr.Attributes().AsRaw())
	lr = record(redactLogs(t, testConfig(func(c *Config) { c.TrustIncoming, c.Audit = true, AuditTypes }),
		one("a@b.co 4111111111111111", map[string]any{"culprit.pii.count": 7, "culprit.pii.types": []any{"iban", "email"}})))
	assert.Equal(t, map[string]any{"culprit.pii.count": int64(9), "culprit.pii.types": []any{"iban", "email", "credit_card"}}, lr.Attributes().AsRaw())
}

func TestDryRunChangesNothing(t *testing.T) {
	cfg := testConfig(func(c *Config) { c.DryRun = true })
	attributes := map[string]any{"password": "x", "n": int64(card), "list": []any{marker}, "key " + marker: "y"}
	lr := record(redactLogs(t, cfg, one(marker, attributes)))
	assert.Equal(t, marker, lr.Body().Str())
	assert.Equal(t, attributes, lr.Attributes().AsRaw())
}

func TestUserHash(t *testing.T) {
	cfg := testConfig(func(c *Config) { c.HashKey = "0123456789abcdef" })
	hash := func(attributes map[string]any) string {
		v, _ := record(redactLogs(t, cfg, one("x", attributes))).Attributes().Get("user.hash")
		return v.Str()
	}
	first := hash(map[string]any{"user.email": "Jo@Example.com"})
	assert.Len(t, first, 32)
	assert.Equal(t, first, hash(map[string]any{"user.email": "jo@example.com"}))
	assert.NotEqual(t, first, hash(map[string]any{"user.email": "al@example.com"}))
	assert.Equal(t, hash(map[string]any{"user.id": "42"}), hash(map[string]any{"enduser.id": "42"}))
	assert.Equal(t, "given", hash(map[string]any{"user.id": "42", "user.hash": "given"}))
	assert.Empty(t, hash(map[string]any{"other": "42"}))
}

func TestActions(t *testing.T) {
	cfg := testConfig(func(c *Config) {
		c.HashKey = "0123456789abcdef"
		c.Actions = map[string]pii.Action{
			"credit_card": {Type: pii.Partial, KeepLast: 4}, "email": {Type: pii.Hash}, "ipv4": {Type: pii.Mask},
			"iban": {Type: pii.Replace, Text: "<iban>"}, "sensitive_keys": {Type: pii.Remove},
		}
	})
	lr := record(redactLogs(t, cfg, one("card 4111111111111111 mail a@b.co ip 203.0.113.9 iban DE89370400440532013000",
		map[string]any{"password": "x", "keep": "y"})))
	assert.Regexp(t, `^card \[CARD:\*\*\*\*1111\] mail \[EMAIL:k1:[0-9a-f]{8}\] ip \*\*\*\* iban <iban>$`, lr.Body().Str())
	assert.Equal(t, map[string]any{"keep": "y"}, lr.Attributes().AsRaw())
}

func TestKeysThatBecomeEqual(t *testing.T) {
	lr := record(redactLogs(t, testConfig(nil), one("x", map[string]any{"a@b.co": "1", "c@d.org": "2"})))
	require.Equal(t, 2, lr.Attributes().Len())
	v, ok := lr.Attributes().Get("[EMAIL]_2")
	require.True(t, ok)
	assert.Contains(t, []string{"1", "2"}, v.Str())
}

func TestIDsStay(t *testing.T) {
	keep := map[string]any{
		"request.id": "4b825dc6-42cb-4eb9-a060-e54bf8d69288", "trace_id": "41111111111111114111111111111111",
		"session.id": "0af7651916cd43dd8448eb211c80319c",
	}
	assert.Equal(t, keep, record(redactLogs(t, testConfig(nil), one("x", keep))).Attributes().AsRaw())
	lr := record(redactLogs(t, testConfig(nil), one("x", map[string]any{"request.id": "jo@example.com", "x_request_id": "4111111111111111"})))
	assert.Equal(t, map[string]any{"request.id": "[EMAIL]", "x_request_id": "[CARD]"}, lr.Attributes().AsRaw())
}

func TestUnscannedValuesDoNotPass(t *testing.T) {
	long := strings.Repeat("x", 2000) + " " + marker
	cfg := testConfig(func(c *Config) { c.MaxValueBytes = 1024 })
	assert.Equal(t, "[UNSCANNED]", record(redactLogs(t, cfg, one(long, nil))).Body().Str())
	cfg = testConfig(func(c *Config) { c.MaxValueBytes, c.OnError = 1024, OnErrorCut })
	assert.Equal(t, long[:1024], record(redactLogs(t, cfg, one(long, nil))).Body().Str())

	ld := one("x", nil)
	v := record(ld).Attributes().PutEmpty("deep")
	for range maxDepth + 5 {
		v = v.SetEmptySlice().AppendEmpty()
	}
	v.SetStr(marker)
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(redactLogs(t, testConfig(nil), ld))
	require.NoError(t, err)
	assert.NotContains(t, string(text), marker)
	assert.Contains(t, string(text), "[UNSCANNED]")
}

func TestAPanicTakesTheValueOut(t *testing.T) {
	c, err := newCore(processortest.NewNopSettings(metadata.Type), testConfig(nil))
	require.NoError(t, err)
	r := c.begin("logs")
	defer r.end(context.Background())
	worker := r.w
	r.w = nil // any call of the scanner panics now
	v := pcommon.NewValueStr(marker)
	r.each(1, func(int) { r.value(v, nil, 0) })
	assert.Equal(t, "[UNSCANNED]", v.Str())
	assert.EqualValues(t, 1, r.failures["error"])
	r.w = worker
}

// registry stands for the extension: it takes reports.
type registry struct {
	component.StartFunc
	component.ShutdownFunc
	mu  sync.Mutex
	got []issue.ServiceReport
}

func (r *registry) Report(reports []issue.ServiceReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = append(r.got, reports...)
}

type host struct {
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func TestReportsPerService(t *testing.T) {
	reg := &registry{}
	h := host{map[component.ID]component.Component{component.MustNewID("issue_registry"): reg}}
	f, cfg := NewFactory(), testConfig(nil)
	p, err := f.CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	m, err := f.CreateMetrics(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), h))
	require.NoError(t, m.Start(context.Background(), h))
	require.NoError(t, p.ConsumeLogs(context.Background(), one("a@b.co 4111111111111111 c@d.org", nil)))
	require.NoError(t, m.Shutdown(context.Background()))
	require.NoError(t, p.Shutdown(context.Background()))
	require.NoError(t, p.Shutdown(context.Background()))
	assert.Equal(t, []issue.ServiceReport{{Service: "checkout", Redacted: map[string]uint64{"email": 2, "credit_card": 1}}}, reg.got)
}

func TestMetricsOfTheProcessor(t *testing.T) {
	tel := componenttest.NewTelemetry()
	defer func() { require.NoError(t, tel.Shutdown(context.Background())) }()
	p, err := NewFactory().CreateMetrics(context.Background(), metadatatest.NewSettings(tel), testConfig(nil), consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), componenttest.NewNopHost()))
	md := pmetric.NewMetrics()
	dps := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetEmptyGauge().DataPoints()
	for _, user := range []string{"a@b.co", "c@d.org", "e@f.net"} {
		dps.AppendEmpty().Attributes().PutStr("user", user)
	}
	require.NoError(t, p.ConsumeMetrics(context.Background(), md))
	require.NoError(t, p.Shutdown(context.Background()))
	got, err := tel.GetMetric("otelcol_processor_pii_redaction_collisions")
	require.NoError(t, err)
	assert.Contains(t, fmtMetric(got.Data), "Value:2")
	got, err = tel.GetMetric("otelcol_processor_pii_redaction_values")
	require.NoError(t, err)
	text := fmtMetric(got.Data)
	for _, want := range []string{"email", "replace", "datapoint", "metrics", "Value:3"} {
		assert.Contains(t, text, want)
	}
}
