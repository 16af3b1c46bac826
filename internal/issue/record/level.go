package record

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"
)

// severityWord reads a level as loggers write it; 0 when it is none. Trackers' names:
// https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/#appendix-b-severitynumber-example-mappings.
func severityWord(s string) plog.SeverityNumber {
	switch len(s) {
	case 1:
		return severityLetter(s[0])
	case 2, 3, 4, 5, 6, 7, 8, 9, 11, 13:
	default:
		return 0
	}
	switch {
	case strings.EqualFold(s, "error"), strings.EqualFold(s, "err"), strings.EqualFold(s, "severe"), strings.EqualFold(s, "eror"):
		return plog.SeverityNumberError
	case strings.EqualFold(s, "fatal"), strings.EqualFold(s, "critical"), strings.EqualFold(s, "crit"), strings.EqualFold(s, "panic"),
		strings.EqualFold(s, "dpanic"), strings.EqualFold(s, "emerg"), strings.EqualFold(s, "emergency"), strings.EqualFold(s, "alert"),
		strings.EqualFold(s, "ftl"):
		return plog.SeverityNumberFatal
	case strings.EqualFold(s, "warn"), strings.EqualFold(s, "warning"), strings.EqualFold(s, "wrn"):
		return plog.SeverityNumberWarn
	case strings.EqualFold(s, "info"), strings.EqualFold(s, "information"), strings.EqualFold(s, "informational"),
		strings.EqualFold(s, "notice"), strings.EqualFold(s, "inf"), strings.EqualFold(s, "log"), strings.EqualFold(s, "config"):
		return plog.SeverityNumberInfo
	case strings.EqualFold(s, "debug"), strings.EqualFold(s, "dbg"), strings.EqualFold(s, "fine"), strings.EqualFold(s, "verbose"):
		return plog.SeverityNumberDebug
	case strings.EqualFold(s, "trace"), strings.EqualFold(s, "finer"), strings.EqualFold(s, "finest"), strings.EqualFold(s, "trc"):
		return plog.SeverityNumberTrace
	default:
		return 0
	}
}

// severityLetter reads a level of one letter (klog, glog, Android) or one digit (syslog, RFC 5424
// section 6.2.1).
func severityLetter(c byte) plog.SeverityNumber {
	switch c {
	case 'F', '0', '1', '2':
		return plog.SeverityNumberFatal
	case 'E', '3':
		return plog.SeverityNumberError
	case 'W', '4':
		return plog.SeverityNumberWarn
	case 'I', '5', '6':
		return plog.SeverityNumberInfo
	case 'D', '7':
		return plog.SeverityNumberDebug
	default:
		return 0
	}
}

// pinoLevel reads a numeric level: pino and bunyan count 10 to 60, syslog 7 down to 0, Monolog 100 to
// 600.
func pinoLevel(n int64) plog.SeverityNumber {
	switch {
	case n < 0:
		return 0
	case n < 8:
		return severityLetter('0' + byte(n))
	case n >= 500 && n <= 600, n >= 60 && n < 100:
		return plog.SeverityNumberFatal
	case n >= 400 && n < 500, n >= 50 && n < 60:
		return plog.SeverityNumberError
	case n >= 300 && n < 400, n >= 40 && n < 50:
		return plog.SeverityNumberWarn
	case n >= 200 && n < 300, n >= 30 && n < 40:
		return plog.SeverityNumberInfo
	default:
		return plog.SeverityNumberDebug
	}
}

// pythonLevel reads levelno of Python's logging.
func pythonLevel(n int64) plog.SeverityNumber {
	switch {
	case n >= 50:
		return plog.SeverityNumberFatal
	case n >= 40:
		return plog.SeverityNumberError
	case n >= 30:
		return plog.SeverityNumberWarn
	case n >= 20:
		return plog.SeverityNumberInfo
	default:
		return plog.SeverityNumberDebug
	}
}

// headLength is how far a text is looked into for the level it begins with.
const headLength = 128

// severityInText finds the level in the head of a plain log line: the first upper-case level word
// that stands alone, or level=... of logfmt. The first word decides, whatever the message says.
func severityInText(s string) plog.SeverityNumber {
	if len(s) > headLength {
		s = s[:headLength]
	}
	if level := severityPrefix(s); level != 0 {
		return level
	}
	if i := strings.Index(s, "level="); i >= 0 {
		v := strings.TrimPrefix(s[i+len("level="):], `"`)
		return severityWord(v[:wordLength(v)])
	}
	for i := 0; i < len(s); {
		if s[i] == 0x1b { // a colour: ESC [ digits m
			for i++; i < len(s) && wordLength(s[i:]) == 0; i++ {
			}
			i++
			continue
		}
		n := wordLength(s[i:])
		if n == 0 {
			i++
			continue
		}
		if n >= 3 && n <= 9 && isUpper(s[i:i+n]) && alone(s, i, i+n) {
			if level := severityWord(s[i : i+n]); level != 0 {
				return level
			}
		}
		i += n
	}
	return 0
}

// severityPrefix reads the level that a line begins with: klog's and glog's letter before month and
// day (E0102), or the priority of syslog (<11>, RFC 5424 section 6.2.1).
func severityPrefix(s string) plog.SeverityNumber {
	if len(s) < 6 {
		return 0
	}
	if s[0] == '<' {
		n, i := 0, 1
		for ; i < 4 && s[i] >= '0' && s[i] <= '9'; i++ {
			n = 10*n + int(s[i]-'0')
		}
		if i == 1 || s[i] != '>' || n > 191 {
			return 0
		}
		return severityLetter('0' + byte(n%8))
	}
	for i := 1; i < 5; i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
	}
	switch s[0] {
	case 'I', 'W', 'E', 'F':
		if s[5] == ' ' {
			return severityLetter(s[0])
		}
	}
	return 0
}

// wordLength returns the length of the run of letters at the beginning of s.
func wordLength(s string) int {
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	return n
}

func isUpper(s string) bool {
	for i := range len(s) {
		if s[i] > 'Z' {
			return false
		}
	}
	return true
}

// alone tells that what is left and right of a word is how a level is set off, not a part of a name.
func alone(s string, from, to int) bool {
	if from > 0 && strings.IndexByte(" [(<|:\t.m", s[from-1]) < 0 { // m: end of a colour sequence; .: monolog's channel.ERROR
		return false
	}
	return to == len(s) || strings.IndexByte(" ])>|:\t\x1b-", s[to]) >= 0
}
