package sentryissueexporter

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
)

// TestRelayAcceptsCaptures: what real SDKs sent goes through the receiver and pii_redaction, becomes issue
// events, and Relay has nothing to object to what is sent on.
func TestRelayAcceptsCaptures(t *testing.T) {
	root := os.Getenv("CULPRIT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	files, err := filepath.Glob(filepath.Join(root, "data", "sentry", "*", "*.envelope"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("NOT TESTED: requests recorded from real SDKs; set CULPRIT_SHARED to the folder that holds data/sentry")
	}
	var envelopes [][]byte
	events := 0
	// The keys that the programs sent their requests with do not matter here.
	dsn := regexp.MustCompile(`"dsn":"[^"]*",?`)
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(t, err)
		if bytes.Count(body, []byte("\n")) == 0 { // an event that went to /store/
			body = append([]byte("{}\n{\"type\":\"event\"}\n"), body...)
		}
		if line, rest, ok := bytes.Cut(body, []byte("\n")); ok {
			body = append(append(dsn.ReplaceAll(line, nil), '\n'), rest...)
		}
		e, err := sentryproto.ParseEnvelope(body, 100)
		require.NoError(t, err, file)
		for i := range e.Items {
			if e.Items[i].Type == sentryproto.ItemEvent && bytes.Contains(e.Items[i].Payload, []byte(`"exception"`)) {
				events++
			}
		}
		envelopes = append(envelopes, body)
	}
	var notices []issue.Notice
	withException := 0
	for _, ld := range redacted(t, receive(t, envelopes)) {
		for _, rl := range ld.ResourceLogs().All() {
			lr := rl.ScopeLogs().At(0).LogRecords().At(0)
			thrown := lr.EventName() == "exception"
			if !thrown && lr.SeverityNumber() < plog.SeverityNumberError {
				continue
			}
			n := asIssue(t, rl)
			if thrown {
				withException++
				assert.NotEmpty(t, n.Event.Exceptions)
			}
			notices = append(notices, n)
		}
	}
	assert.Equal(t, events, withException, "every exception is an issue event")
	judgedByRelay(t, notices)
}

func redacted(t *testing.T, all []plog.Logs) []plog.Logs {
	t.Helper()
	f := piiredactionprocessor.NewFactory()
	sink := new(consumertest.LogsSink)
	p, err := f.CreateLogs(t.Context(), processortest.NewNopSettings(f.Type()), f.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	for _, ld := range all {
		require.NoError(t, p.ConsumeLogs(t.Context(), ld))
	}
	require.NoError(t, p.Shutdown(t.Context()))
	return sink.AllLogs()
}
