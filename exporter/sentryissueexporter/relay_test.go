package sentryissueexporter

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// TestRelayAccepts lets Relay's own normaliser judge events, among them those that break every rule
// they can. It needs Python with the package sentry-relay; CULPRIT_PYTHON names another interpreter.
func TestRelayAccepts(t *testing.T) { judgedByRelay(t, oddNotices()) }

// judgedByRelay skips the test where Relay is not.
func judgedByRelay(t *testing.T, notices []issue.Notice) {
	t.Helper()
	python := os.Getenv("CULPRIT_PYTHON")
	if python == "" {
		python = "python3"
	}
	var in bytes.Buffer
	for _, n := range notices {
		e := newEvent(&n, ByIssue)
		e.SDK = &sentryproto.SDK{Name: "otelcol-culprit", Version: "1.2.3"}
		e.Normalize()
		payload, _, err := e.MarshalTrimmed(nil)
		require.NoError(t, err)
		in.Write(payload)
		in.WriteByte('\n')
	}
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "relay_check.py"))
	cmd.Stdin = &in
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		t.Skipf("NOT TESTED: events against Relay's normaliser; there is no %s", python)
	case errors.As(err, &exit) && exit.ExitCode() == 77:
		t.Skip("NOT TESTED: events against Relay's normaliser; install the Python package sentry-relay, or name an interpreter that has it in CULPRIT_PYTHON")
	}
	require.NoError(t, err, string(out))
	t.Log(string(out))
}

// oddNotices are occurrences that a server could object to.
func oddNotices() []issue.Notice {
	long := strings.Repeat("lång ", 5000)
	var out []issue.Notice
	add := func(change func(n *issue.Notice, e *issue.Event)) {
		n := occurrence("checkout", len(out))
		if change != nil {
			change(&n, n.Event)
		}
		out = append(out, n)
	}
	add(nil)
	for l := range platforms {
		add(func(_ *issue.Notice, e *issue.Event) { e.Language = l })
	}
	add(func(_ *issue.Notice, e *issue.Event) { e.Release, e.Service = "feature/x\n1.0", "team/shop" })
	add(func(_ *issue.Notice, e *issue.Event) { e.Release, e.Environment = "..", "None" })
	add(func(_ *issue.Notice, e *issue.Event) {
		e.Service, e.Release, e.Environment, e.Logger = long, long, long, long
	})
	add(func(_ *issue.Notice, e *issue.Event) { e.Release, e.Environment = strings.Repeat("r", 300), "eu/west" })
	add(func(_ *issue.Notice, e *issue.Event) { e.Message, e.Template, e.Transaction = long, long, long })
	add(func(_ *issue.Notice, e *issue.Event) { e.Exceptions, e.Message = nil, "just a message" })
	add(func(_ *issue.Notice, e *issue.Event) {
		e.Exceptions, e.Message, e.Extra = nil, "", map[string]string{"code.function": "f", "code.lineno": "x"}
	})
	add(func(_ *issue.Notice, e *issue.Event) { e.SpanID = "" })
	add(func(_ *issue.Notice, e *issue.Event) { e.TraceID, e.SpanID = "", "" })
	add(func(_ *issue.Notice, e *issue.Event) {
		e.User = map[string]string{"id": long, "email": long, "name": long}
	})
	add(func(_ *issue.Notice, e *issue.Event) { e.User = map[string]string{"hash": "abc"}; e.Request = nil })
	add(func(_ *issue.Notice, e *issue.Event) {
		e.Request = map[string]string{"method": "[METHOD]", "url": "/x?" + long, "query_string": "a=[EMAIL]&" + long, "client_address": "2001:db8::1", "header.x-y": long, "header.cookie": "a=b; [COOKIE]", "status_code": "teapot"}
	})
	add(func(_ *issue.Notice, e *issue.Event) {
		e.Tags = map[string]string{"ä ö": "x", strings.Repeat("k", 300): "x", "long": long, "lines": "a\nb", "user": "x", "environment": "x", "empty": "", "sentry:user": "x", "site": "x"}
		for i := range 300 {
			e.Extra[fmt.Sprintf("k%d", i)] = long
		}
	})
	add(func(_ *issue.Notice, e *issue.Event) {
		for i := range 300 {
			e.Breadcrumbs = append(e.Breadcrumbs, issue.Breadcrumb{Time: base, Level: "warn", Category: long, Message: long, Data: map[string]string{"a": long, fmt.Sprint(i): "x"}})
		}
	})
	add(func(_ *issue.Notice, e *issue.Event) {
		x := &e.Exceptions[0]
		x.Type, x.Message, x.Module = long, long, long
		x.Frames = nil
		for i := range 400 {
			x.Frames = append(x.Frames, stacktrace.Frame{Function: long, Module: long, File: "/" + long, Line: -i, Column: i})
		}
		x.Frames = append(x.Frames, stacktrace.Frame{})
	})
	add(func(_ *issue.Notice, e *issue.Event) {
		e.Exceptions = []stacktrace.Exception{
			{Parent: -1},
			{Type: "A", Parent: 0, Relation: stacktrace.Member},
			{Type: "B", Parent: 0, Relation: stacktrace.Member},
			{Type: "C", Parent: 2, Relation: stacktrace.Suppressed},
			{Type: "D", Parent: 9, Relation: stacktrace.Context},
		}
	})
	add(func(_ *issue.Notice, e *issue.Event) {
		for i := range 200 {
			e.Resource[fmt.Sprintf("attribute.%d", i)] = long
			e.Resource[fmt.Sprintf("k8s.label.%d", i)] = long
			e.Resource[fmt.Sprintf("cloud.label.%d", i)] = "x"
		}
	})
	add(func(n *issue.Notice, e *issue.Event) {
		n.Issue.Title, n.Issue.Culprit, e.Message = "\xff\xfe", "\x00", "\x00\x01"
	})
	return out
}
