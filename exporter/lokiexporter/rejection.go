package lokiexporter

import (
	"strconv"
	"strings"
)

// rejection is how many entries Loki did not take for one reason.
type rejection struct {
	reason  string
	entries int
}

// rejections reads what a 400 to a request of so many entries says: a single message, or one for each kind of
// failure, "3 errors like: ...; 1 errors like: ..." (util/errors.go of grafana/loki v3). At least one entry was rejected.
func rejections(body string, entries int) []rejection {
	var out []rejection
	left := entries
	add := func(text string, n int) {
		reason := rejectionReason(text)
		if n = min(max(n, 1), left); n == 0 {
			return
		}
		left -= n
		for i := range out {
			if out[i].reason == reason {
				out[i].entries += n
				return
			}
		}
		out = append(out, rejection{reason, n})
	}
	before, rest, several := strings.Cut(body, errorsLike)
	if !several {
		add(body, ignored(body))
		return out
	}
	for several {
		n := trailingNumber(before)
		before, rest, several = strings.Cut(rest, errorsLike)
		add(before, max(n, ignored(before)))
	}
	return out
}

const errorsLike = " errors like: "

// ignored reads "total ignored: 2 out of 5" (ingester/stream.go of grafana/loki v3), once for each stream.
func ignored(text string) (n int) {
	for {
		_, after, found := strings.Cut(text, "total ignored: ")
		if !found {
			return n
		}
		n += leadingNumber(after)
		text = after
	}
}

func total(list []rejection) (n int) {
	for _, r := range list {
		n += r.entries
	}
	return n
}

func leadingNumber(s string) int {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	n, _ := strconv.Atoi(s[:end])
	return n
}

func trailingNumber(s string) int {
	start := len(s)
	for start > 0 && isDigit(s[start-1]) {
		start--
	}
	n, _ := strconv.Atoi(s[start:])
	return n
}

// rejectionReason makes a metric's value of a few kinds out of a message (validation.go of grafana/loki v3).
func rejectionReason(text string) string {
	for _, r := range []struct{ text, reason string }{
		{"timestamp too old", "too_old"},
		{"too far behind", "out_of_order"},
		{"out of order", "out_of_order"},
		{"timestamp too new", "too_new"},
		{"max entry size", "line_too_long"},
		{"too large", "too_large"},
		{"label value too long", "label_value_too_long"},
		{"label name too long", "label_name_too_long"},
		{"limit of", "limit"},
		{"structured metadata", "structured_metadata"},
		{"parse", "parse"},
	} {
		if strings.Contains(text, r.text) {
			return r.reason
		}
	}
	return "other"
}
