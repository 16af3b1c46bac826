package lokiexporter

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/clip"
)

// sanitize makes a label or metadata name out of an attribute key, as Loki does for OTLP: whatever
// is not a letter, digit or underscore becomes an underscore, and a leading digit gets "key_" before it. A
// name without any letter or digit gets the prefix too: Loki answers such a name with an error for the whole request.
func sanitize(key string) string {
	if plain(key) {
		return key
	}
	var b strings.Builder
	b.Grow(len(key) + len("key_"))
	if key == "" || isDigit(key[0]) || strings.IndexFunc(key, func(r rune) bool { return r < utf8.RuneSelf && isName(byte(r)) && r != '_' }) < 0 {
		b.WriteString("key_")
	}
	for _, r := range key {
		if r < utf8.RuneSelf && isName(byte(r)) {
			b.WriteByte(byte(r))
		} else {
			b.WriteByte('_')
		}
	}
	return b.String()
}

// plain tells that a key is a valid name as it is.
func plain(key string) bool {
	if key == "" || isDigit(key[0]) {
		return false
	}
	letters := false
	for i := range len(key) {
		if !isName(key[i]) {
			return false
		}
		letters = letters || key[i] != '_'
	}
	return letters
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isName(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_'
}

// shorten cuts s to at most limit bytes without splitting a rune, and says how much is missing.
func shorten(s string, limit int) (string, bool) {
	if len(s) <= limit {
		return s, false
	}
	return clip.BytesMark(s, limit, fmt.Sprintf("...[%d bytes cut]", len(s)-limit)), true
}
