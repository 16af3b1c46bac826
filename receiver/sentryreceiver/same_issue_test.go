package sentryreceiver

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// TestSameIssue reports each recorded error in two ways: as OpenTelemetry's SDK of the language does,
// with the printed stack trace, and as the Sentry SDK does, with a list of frames. Both must be one issue.
func TestSameIssue(t *testing.T) {
	grouper, err := grouping.New(grouping.Config{})
	require.NoError(t, err)
	for file, lang := range map[string]struct {
		otel     stacktrace.Language
		platform string
	}{
		"python": {stacktrace.Python, "python"}, "java": {stacktrace.Java, "java"}, "node": {stacktrace.NodeJS, "node"},
		"go": {stacktrace.Go, "go"}, "dotnet": {stacktrace.DotNet, "csharp"}, "ruby": {stacktrace.Ruby, "ruby"}, "php": {stacktrace.PHP, "php"},
	} {
		t.Run(file, func(t *testing.T) {
			n := 0
			for _, sample := range stackSamples(t, file) {
				trace, ok := stacktrace.Parse(sample.Stacktrace, lang.otel)
				if file == "php" { // its SDK writes -> for static methods too, see Known limitations
					sample.Stacktrace = strings.ReplaceAll(sample.Stacktrace, "::", "->")
					trace, ok = stacktrace.Parse(sample.Stacktrace, lang.otel)
				}
				if !ok || trace.Exceptions[0].Frames == nil || !sdkForm(file, sample) {
					continue
				}
				n++
				want := grouper.Group(&grouping.Input{
					Service: "shop", Language: lang.otel, Type: sample.Type, Message: sample.Message, Stack: sample.Stacktrace,
				})
				trace.Exceptions[0].Type, trace.Exceptions[0].Message = sample.Type, sample.Message
				attrs := convertEvent(t, sentryEvent(t, lang.platform, trace.Exceptions))
				got := grouper.Group(&grouping.Input{
					Service: "shop", Language: lang.otel, Type: attrs["exception.type"], Message: attrs["exception.message"], Stack: attrs["exception.stacktrace"],
				})
				if !assert.Equal(t, want.ID, got.ID, "want %v\ngot %v\n%s\nfrom\n%s", want.Parts, got.Parts, attrs["exception.stacktrace"], sample.Stacktrace) {
					return
				}
			}
			assert.Positive(t, n)
			t.Logf("%d errors", n)
		})
	}
}

// sdkForm leaves out what no SDK of OpenTelemetry sends: dumps of Node's inspector, crash output and
// pkg/errors of Go, and the form of Mono, whose generic names differ.
func sdkForm(file string, s stackSample) bool {
	switch file {
	case "node":
		return s.Format == "stack"
	case "go":
		return s.Format == "debugstack"
	case "dotnet":
		return s.Format == "coreclr"
	case "php":
		return s.Format == "tostring"
	}
	return true
}

// sentryEvent writes what a Sentry SDK makes of a chain.
func sentryEvent(t *testing.T, platform string, chain []stacktrace.Exception) []byte {
	t.Helper()
	type object = map[string]any
	var values []object
	for i, x := range chain {
		var frames []object
		for _, f := range slices.Backward(x.Frames) {
			frame := object{"function": f.Function, "abs_path": f.File, "in_app": f.InApp}
			if f.Module != "" {
				frame["module"] = f.Module
			}
			if f.Line > 0 {
				frame["lineno"] = f.Line
			}
			if f.Column > 0 {
				frame["colno"] = f.Column
			}
			frames = append(frames, frame)
		}
		mechanism := object{"type": "generic", "exception_id": i}
		if i > 0 {
			mechanism["parent_id"] = x.Parent
			mechanism["source"] = map[stacktrace.Relation]string{
				stacktrace.Context: "__context__", stacktrace.Member: "errors[0]", stacktrace.Suppressed: "suppressed[0]",
			}[x.Relation]
		}
		value := object{"type": x.Type, "value": x.Message, "mechanism": mechanism, "stacktrace": object{"frames": frames}}
		if dot := strings.LastIndexByte(x.Type, '.'); dot > 0 && (platform == "java" || platform == "python") {
			value["module"], value["type"] = x.Type[:dot], x.Type[dot+1:]
		}
		values = append(values, value)
	}
	slices.Reverse(values)
	b, err := json.Marshal(object{"platform": platform, "level": "error", "exception": object{"values": values}})
	require.NoError(t, err)
	return b
}

// convertEvent returns the texts among the attributes of the record that an event becomes.
func convertEvent(t *testing.T, event []byte) map[string]string {
	t.Helper()
	c := newConversion("1", "shop", "", time.Now(), attachmentPolicy{})
	defer c.done()
	v, err := sentryproto.ParseJSON(event)
	require.NoError(t, err)
	require.EqualValues(t, 1, c.event(v, ""))
	out := map[string]string{}
	for k, v := range c.events[0].Attributes().All() {
		out[k] = v.AsString()
	}
	return out
}

type stackSample struct {
	Format     string `json:"format"`
	Type       string `json:"exception_type"`
	Message    string `json:"exception_message"`
	Stacktrace string `json:"stacktrace"`
}

func stackSamples(t *testing.T, lang string) []stackSample {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedRoot(), "data", "stacks", lang+".jsonl"))
	if err != nil {
		t.Skip("NOT TESTED: recorded stack traces of " + lang + "; set CULPRIT_SHARED to the folder that holds data/stacks")
	}
	defer f.Close()
	var out []stackSample
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s stackSample
		require.NoError(t, json.Unmarshal(lines.Bytes(), &s))
		out = append(out, s)
	}
	require.NoError(t, lines.Err())
	return out
}

func sharedRoot() string {
	if root := os.Getenv("CULPRIT_SHARED"); root != "" {
		return root
	}
	return filepath.Join("..", "..", "..", "shared")
}
