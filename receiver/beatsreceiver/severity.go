package beatsreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// severities of the words that loggers write, in lower case.
var severities = map[string]plog.SeverityNumber{
	"trace": plog.SeverityNumberTrace, "finest": plog.SeverityNumberTrace, "finer": plog.SeverityNumberTrace2, "verbose": plog.SeverityNumberTrace,
	"debug": plog.SeverityNumberDebug, "fine": plog.SeverityNumberDebug, "config": plog.SeverityNumberDebug2,
	"info": plog.SeverityNumberInfo, "information": plog.SeverityNumberInfo, "informational": plog.SeverityNumberInfo,
	"notice": plog.SeverityNumberInfo2,
	"warn":   plog.SeverityNumberWarn, "warning": plog.SeverityNumberWarn,
	"error": plog.SeverityNumberError, "err": plog.SeverityNumberError, "severe": plog.SeverityNumberError,
	"critical": plog.SeverityNumberError2, "crit": plog.SeverityNumberError2, "alert": plog.SeverityNumberError3,
	"fatal": plog.SeverityNumberFatal, "panic": plog.SeverityNumberFatal, "emergency": plog.SeverityNumberFatal, "emerg": plog.SeverityNumberFatal,
}

// syslogSeverities are RFC 5424's, mapped as in
// https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/.
var syslogSeverities = [...]plog.SeverityNumber{
	plog.SeverityNumberFatal, plog.SeverityNumberError3, plog.SeverityNumberError2, plog.SeverityNumberError,
	plog.SeverityNumberWarn, plog.SeverityNumberInfo2, plog.SeverityNumberInfo, plog.SeverityNumberDebug,
}

// levelKeys are where else than in log.level loggers write it.
var levelKeys = [...]string{"level", "severity", "loglevel", "log.level", "log.syslog.severity.name"}

// setSeverity finds a severity where log.level gave none.
func (c *converter) setSeverity() {
	lr := c.record
	if lr.SeverityText() != "" {
		return
	}
	maps := [2]pcommon.Map{lr.Attributes()}
	if lr.Body().Type() == pcommon.ValueTypeMap {
		maps[1] = lr.Body().Map()
	}
	for i, m := range maps {
		if i == 1 && lr.Body().Type() != pcommon.ValueTypeMap {
			break
		}
		for _, key := range levelKeys {
			if v, ok := m.Get(key); ok && v.Type() == pcommon.ValueTypeStr && c.level(v.Str()) {
				return
			}
		}
	}
	if v, ok := lr.Attributes().Get("log.syslog.severity.code"); ok && v.Type() == pcommon.ValueTypeInt && v.Int() >= 0 && v.Int() < int64(len(syslogSeverities)) {
		lr.SetSeverityNumber(syslogSeverities[v.Int()])
	}
}

// level sets the severity of a word; false when it is none that loggers write.
func (c *converter) level(text string) bool {
	var lower [16]byte
	word := strings.TrimSpace(text)
	if len(word) > len(lower) {
		return false
	}
	n, ok := severities[string(toLower(lower[:0], word))]
	if ok {
		c.record.SetSeverityNumber(n)
		c.record.SetSeverityText(text)
	}
	return ok
}

func toLower(dst []byte, s string) []byte {
	for i := range len(s) {
		b := s[i]
		if 'A' <= b && b <= 'Z' {
			b |= 0x20
		}
		dst = append(dst, b)
	}
	return dst
}
