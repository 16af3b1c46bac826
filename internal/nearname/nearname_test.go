package nearname

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	f := func(word, want string, names ...string) {
		t.Helper()
		assert.Equal(t, want, Of(word, names))
	}
	f("emial", "email", "ae", "mail_address", "email", "emirates_id")
	f("Email", "email", "email", "mail")
	f("creditcard", "credit_card", "card_cvv", "credit_card")
	f("ip-v4", "ipv4", "ipv6", "ipv4")
	f("generat", "generate", "flag", "pass", "generate", "drop")
	f("of", "off", "default", "off")
	f("max_elapsed", "max_elapsed_time", "enabled", "max_elapsed_time", "max_interval")
	f("url", "api_url", "token", "api_url")
	f("saturday", "sat", "sun", "sat")
	f("bolt", "", "file", "memory", "redis")
	f("zzz", "", "size", "queue_size")
	f("xx", "", "file")
	f("", "", "file", "memory")
	f("x", "")
	f("überfall", "", "file", "memory")
}

func TestHint(t *testing.T) {
	type word string
	assert.Equal(t, ` (did you mean "mask"?)`, Hint("maks", word("mask"), word("hash")))
	assert.Empty(t, Hint("zzzz", "mask", "hash"))
	assert.Empty(t, Hint[string, string]("mask"))
}
