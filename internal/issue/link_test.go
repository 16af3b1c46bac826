package issue

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckLink(t *testing.T) {
	require.NoError(t, CheckLink("k", "", "e"))
	require.NoError(t, CheckLink("k", "https://x/{service}?t={trace_id}&s={span_id}&i={issue_id}", "e"))
	f := func(link, want string) {
		t.Helper()
		assert.ErrorContains(t, CheckLink("links::trace", link, "http://e/{trace_id}"), want)
	}
	f("http://x/{traceid}", `'links::trace' may use {trace_id}, {span_id}, {issue_id}, {service} and no other braces, got "http://x/{traceid}"; for example "http://e/{trace_id}"`)
	f("ftp://x/", "must be an http or https URL")
	f("/trace/{trace_id}", "must be an http or https URL")
	f("http://{", "must be an http or https URL")
}
