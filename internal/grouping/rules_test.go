package grouping

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRules(t *testing.T) {
	attr := func(key string) (string, bool) { return "eu", key == "region" }
	g := grouper(t, Config{ByService: true, Rules: []Rule{
		{Match: map[string]string{"exception.type": "*Timeout*", "service.name": "pay-*"}, Fingerprint: []string{"timeout", "{{service.name}}"}, Title: "Timeouts of {{service.name}}"},
		{Match: map[string]string{"region": "e?"}, Fingerprint: []string{"{{default}}", "{{region}}"}},
		{Match: map[string]string{"function": "charge", "file": "Pay.java"}, Fingerprint: []string{"charge", "{{function}}", "{{exception.message}}"}},
	}})
	a := g.Group(&Input{Service: "pay-1", Type: "ReadTimeout", Message: "x"})
	b := g.Group(&Input{Service: "pay-1", Type: "ConnectTimeout", Message: "y"})
	assert.Equal(t, a.ID, b.ID)
	assert.Equal(t, ByRule, a.Basis)
	assert.Equal(t, "Timeouts of pay-1", a.Title)
	assert.Equal(t, []Part{{"rule", "timeout"}, {"rule", "pay-1"}}, a.Parts)
	assert.NotEqual(t, a.ID, g.Group(&Input{Service: "pay-2", Type: "ReadTimeout"}).ID)
	assert.Equal(t, ByMessage, g.Group(&Input{Service: "web", Type: "ReadTimeout"}).Basis)

	r := g.Group(&Input{Service: "web", Type: "E", Message: "m", Attr: attr})
	assert.Equal(t, []Part{{"type", "E"}, {"message", "m"}, {"service", "web"}, {"rule", "eu"}}, r.Parts)

	r = g.Group(&Input{Service: "web", Stack: java("com.acme.Declined: order 5", pay, web)})
	assert.Equal(t, []Part{{"rule", "charge"}, {"rule", "charge"}, {"rule", "order <*>"}}, r.Parts)
}

func TestNewTeaches(t *testing.T) {
	f := func(r Rule, want string) {
		t.Helper()
		_, err := New(Config{Rules: []Rule{{Match: map[string]string{"a": "b"}, Fingerprint: []string{"c"}}, r}})
		require.ErrorContains(t, err, want)
	}
	match, fp := map[string]string{"exception.type": "*"}, []string{"x"}
	f(Rule{Fingerprint: fp}, `rules[1].match: is empty, so the rule would take every error; name at least one key, for example {exception.type: "Timeout*"}`)
	f(Rule{Match: map[string]string{"": "x"}, Fingerprint: fp}, "rules[1].match: a key is empty")
	f(Rule{Match: map[string]string{"a": ""}, Fingerprint: fp}, "rules[1].match.a: the pattern is empty")
	f(Rule{Match: match}, `rules[1].fingerprint: is empty; list at least one ingredient, for example ["timeout", "{{service.name}}"]`)
	f(Rule{Match: match, Fingerprint: []string{"a", ""}}, "rules[1].fingerprint[1]: is empty")
	f(Rule{Match: match, Fingerprint: []string{"{{service.name"}}, "rules[1].fingerprint[0]: \"{{service.name\" is not closed; write {{service.name}}")
	f(Rule{Match: match, Fingerprint: []string{"a}}"}}, "closes a variable that was not opened")
	f(Rule{Match: match, Fingerprint: []string{"{{}}"}}, "is not the name of a key")
	f(Rule{Match: match, Fingerprint: fp, Title: "{{a b}}"}, "rules[1].title: ")
	// All mistakes at once.
	_, err := New(Config{Rules: []Rule{{}, {Match: match}}})
	require.ErrorContains(t, err, "rules[0].match")
	require.ErrorContains(t, err, "rules[0].fingerprint")
	require.ErrorContains(t, err, "rules[1].fingerprint")
}
