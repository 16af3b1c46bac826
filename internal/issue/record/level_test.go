package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestSeverityInText(t *testing.T) {
	f := func(text string, want plog.SeverityNumber) {
		t.Helper()
		assert.Equal(t, want, severityInText(text), text)
	}
	f("2026-01-02 10:11:12,345 ERROR [main] c.a.Shop - no stock", plog.SeverityNumberError)
	f("[2026-01-02 10:11:12] production.CRITICAL: no stock", plog.SeverityNumberFatal)
	f("ERROR:root:no stock", plog.SeverityNumberError)
	f(`ts=1 level=error msg="no stock"`, plog.SeverityNumberError)
	f(`ts=1 level="warn" msg="ERROR"`, plog.SeverityNumberWarn)
	f("INFO the ERROR page was shown", plog.SeverityNumberInfo)
	f("\x1b[31mERROR\x1b[0m no stock", plog.SeverityNumberError)
	f("[ERROR] no stock", plog.SeverityNumberError)
	f("SEVERE: no stock", plog.SeverityNumberError)
	f("E0102 10:11:12.123456       1 reconcile.go:7] no stock", plog.SeverityNumberError)
	f("I0102 10:11:12.123456       1 reconcile.go:7] ERROR page shown", plog.SeverityNumberInfo)
	f("<11>Jan  2 10:11:12 host shop: no stock", plog.SeverityNumberError)
	f("<14>Jan  2 10:11:12 host shop: fine", plog.SeverityNumberInfo)
	f("<999>x no priority", 0)
	f("E1234567 is an article", 0)
	f("<html>", 0)
	f("MY_ERROR_CODE was set", 0)
	f("an error happened", 0)
	f("INFORMATION_SCHEMA is read", 0)
	f("", 0)
}

func TestSeverityWord(t *testing.T) {
	f := func(word string, want plog.SeverityNumber) {
		t.Helper()
		assert.Equal(t, want, severityWord(word), word)
	}
	f("Error", plog.SeverityNumberError)
	f("emerg", plog.SeverityNumberFatal)
	f("WARNING", plog.SeverityNumberWarn)
	f("Information", plog.SeverityNumberInfo)
	f("E", plog.SeverityNumberError)
	f("3", plog.SeverityNumberError)
	f("none", 0)
	f("", 0)
}

func TestNumericLevels(t *testing.T) {
	assert.Equal(t, plog.SeverityNumberError, pinoLevel(50))
	assert.Equal(t, plog.SeverityNumberWarn, pinoLevel(40))
	assert.Equal(t, plog.SeverityNumberError, pinoLevel(400))
	assert.Equal(t, plog.SeverityNumberError, pinoLevel(3))
	assert.Equal(t, plog.SeverityNumberFatal, pinoLevel(60))
	assert.Equal(t, plog.SeverityNumberError, pythonLevel(40))
}
