// Package token knows the one grammar of what pii_redaction writes in the place of a value.
//
//	token   = "[" kind "]" | "[" kind ":" keyid ":" hash "]" | "[" kind ":" partial "]"
//	kind    = upper-case letter, then upper-case letters, digits and "_", at most 40 ("EMAIL", "US_SSN")
//	keyid   = 1 to 16 letters, digits, "_" and "-" ("k1")
//	hash    = 8 to 32 lower-case hexadecimal digits
//	partial = up to 8 kept bytes, "****", up to 8 kept bytes ("****4242") or "****" "@" domain
//
// A kept part never holds "[" or "]". The grammar is the same whatever the action, so whoever groups
// texts maps every token of a kind, and the value it stands for, to one placeholder.
package token

import "strings"

// MaxKept is the largest number of bytes that a partial token keeps on each side.
const MaxKept = 8

// maxLen bounds the search for a token's end: "[", kind, ":****@", a domain, "]".
const maxLen = 1 + 40 + 6 + 253 + 1

// Parse returns the kind of the token at the beginning of s and its length in bytes; 0 when s does
// not begin with a token.
func Parse(s string) (kind string, n int) {
	if len(s) < 3 || s[0] != '[' || s[1] < 'A' || s[1] > 'Z' {
		return "", 0
	}
	i := 2
	for i < len(s) && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9' || s[i] == '_') {
		i++
	}
	if i == len(s) || i > 41 {
		return "", 0
	}
	kind = s[1:i]
	switch s[i] {
	case ']':
		return kind, i + 1
	case ':':
		rest := s[i+1:]
		if len(rest) > maxLen {
			rest = rest[:maxLen]
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 || !hashed(rest[:end]) && !partial(rest[:end]) {
			return "", 0
		}
		return kind, i + 1 + end + 1
	}
	return "", 0
}

// hashed tells whether s is keyid ":" hash.
func hashed(s string) bool {
	id, hash, ok := strings.Cut(s, ":")
	if !ok || id == "" || len(id) > 16 || len(hash) < 8 || len(hash) > 32 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' {
			continue
		}
		return false
	}
	for i := range len(hash) {
		if c := hash[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// partial tells whether s is the kept parts of a value around four asterisks.
func partial(s string) bool {
	before, after, ok := strings.Cut(s, "****")
	if !ok || len(before) > MaxKept || strings.ContainsAny(s, "[]") {
		return false
	}
	if len(after) <= MaxKept {
		return true
	}
	if after[0] != '@' {
		return false
	}
	domain := after[1:]
	dot := strings.LastIndexByte(domain, '.')
	if len(domain) > 253 || dot <= 0 || dot == len(domain)-1 || domain[dot+1] < 'A' {
		return false
	}
	for i := range len(domain) {
		c := domain[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c >= 0x80 {
			continue
		}
		return false
	}
	return true
}

// Covering returns the token that holds the bytes from start to end of s; ok is false when there is none.
func Covering(s string, start, end int) (from, to int, ok bool) {
	low := max(0, start-maxLen)
	for i := start; i >= low; i-- {
		if i >= len(s) || s[i] != '[' {
			if i < start && i < len(s) && s[i] == ']' {
				return 0, 0, false
			}
			continue
		}
		if _, n := Parse(s[i:]); n > 0 && i+n >= end {
			return i, i + n, true
		}
		return 0, 0, false
	}
	return 0, 0, false
}
