package sentryproto

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/clip"
)

// Limits of Relay's schema (relay-event-schema/src/protocol/*.rs), in characters where nothing else
// is said. They are kept here, so that Relay has nothing to trim and nothing to object to.
const (
	maxLogger      = 64
	maxTransaction = 200
	maxServerName  = 256
	maxRelease     = 200
	maxEnvironment = 64
	maxDist        = 64
	maxMessage     = 8192
	maxType        = 256
	maxModule      = 256
	maxFunction    = 512
	maxPath        = 256
	maxFrames      = 250
	maxBreadcrumbs = 100
	maxTagKey      = 32 // 200 in today's Relay, 32 in older and compatible servers
	maxTagValue    = 200
	maxUserID      = 128
	maxEmail       = 75
	maxURL         = 2048
	maxHeader      = 2048
	maxExtraValue  = 16 << 10  // bytes
	maxExtraTotal  = 256 << 10 // bytes
	maxContext     = 7 << 10   // bytes of one context; Relay's is 8 KiB with the JSON around it
	maxCrumbData   = 2 << 10   // bytes
)

// Cut shortens a string to n characters as Relay does: the last three become an ellipsis.
func Cut(s string, n int) string {
	return clip.RunesMark(s, n, "...")
}

// cutHead shortens a path to its last n characters: its end tells more than its beginning.
func cutHead(s string, n int) string {
	over := utf8.RuneCountInString(s) - n
	if over <= 0 {
		return s
	}
	for i := range s {
		if over == -3 {
			return "..." + s[i:]
		}
		over--
	}
	return s[len(s)-n:]
}

// Release makes a valid release name: Sentry refuses blanks that break lines, slashes and names that
// are directories (relay-event-normalization, validate_release).
func Release(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '\\':
			return '-'
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	switch strings.ToLower(s) {
	case ".", "..", "none", "latest":
		return ""
	}
	return clip.Bytes(s, maxRelease)
}

// Environment makes a valid environment name.
func Environment(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '/':
			return '-'
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if strings.EqualFold(s, "none") {
		return ""
	}
	return clip.Bytes(s, maxEnvironment)
}

// Dist keeps the characters that a distribution name may have.
func Dist(s string) string {
	return clip.Runes(strings.Map(func(r rune) rune {
		if isNameRune(r) {
			return r
		}
		return -1
	}, s), maxDist)
}

func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '.' || r == '-'
}

// reservedTags become fields elsewhere, or are refused (relay-event-normalization, is_valid_tag).
var reservedTags = map[string]bool{
	"release": true, "dist": true, "user": true, "filename": true, "function": true, "environment": true,
	"event_id": true, "level": true, "logger": true, "transaction": true, "server_name": true,
}

// Tag makes a valid tag out of an attribute; false when there is none.
func Tag(key, value string) (k, v string, ok bool) {
	key = strings.Map(func(r rune) rune {
		if isNameRune(r) || r == ':' {
			return r
		}
		return '_'
	}, key)
	key = clip.Runes(key, maxTagKey)
	if key == "" || reservedTags[strings.ToLower(key)] || strings.HasPrefix(key, "sentry:") {
		return "", "", false
	}
	if i := strings.IndexAny(value, "\r\n"); i >= 0 {
		value = value[:i]
	}
	value = strings.TrimSpace(value)
	return key, Cut(value, maxTagValue), value != ""
}

// IPAddress returns s when it is an address; a redacted one is not.
func IPAddress(s string) string {
	if s != "{{auto}}" {
		if _, err := netip.ParseAddr(s); err != nil {
			return ""
		}
	}
	return s
}

// oneLine keeps a logger's name on one line.
func oneLine(s string) string {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	return s
}
