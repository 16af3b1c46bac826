package record

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// FuzzLog reads bodies and attributes of any form, and whole records as OTLP JSON.
func FuzzLog(f *testing.F) {
	f.Add("error", pythonStack, `{"level":"error","err":{"type":"E","stack":"x\n"}}`)
	f.Add("exc_info", javaStack, `{"@x":"System.Exception: bad","list":[1,{"a":"b\\"}]`)
	f.Add("stack", "[1,2]", `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}`)
	f.Add("level", "50", "ERROR \x1b[31m")
	g, err := grouping.New(grouping.Config{})
	if err != nil {
		f.Fatal(err)
	}
	read := func(t *testing.T, res *Resource, lr plog.LogRecord) {
		var got Failure
		if _, quiet := errorRules.quiet(lr); quiet && errorRules.log(res, pcommon.NewInstrumentationScope(), lr, &got) {
			t.Fatalf("a quiet record is an error: %v", got)
		}
		isError := errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &got)
		LogCrumb(res, pcommon.NewInstrumentationScope(), lr, got.Line)
		if !isError {
			return
		}
		result := g.Group(&got.Input)
		var k Keys
		got.Event(k.Key(&got, result.ID), &result, []issue.Breadcrumb{{Message: "x"}}, DefaultTags)
		got.Facts()
	}
	f.Fuzz(func(t *testing.T, key, value, body string) {
		res := NewResource(pcommon.NewResource())
		lr := plog.NewLogRecord()
		lr.Attributes().PutStr(key, value)
		lr.Body().SetStr(body)
		read(t, &res, lr)
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		read(t, &res, lr)
		lr.SetSeverityNumber(plog.SeverityNumberUnspecified)
		lr.SetSeverityText("ERROR")
		read(t, &res, lr)
		lr.Body().SetEmptyMap().PutEmptyMap("error").PutStr(key, body)
		read(t, &res, lr)
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(body))
		if err != nil {
			return
		}
		for _, rl := range ld.ResourceLogs().All() {
			res := NewResource(rl.Resource())
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					read(t, &res, lr)
				}
			}
		}
	})
}
