package pii_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/pii"
)

// The first parameter of a bare query counts as one, as those behind ? and & do.
func TestQueryAttribute(t *testing.T) {
	s, err := pii.New(pii.DefaultConfig())
	require.NoError(t, err)
	f := func(key, text, expected string) {
		t.Helper()
		got, _ := s.Redact(text, key)
		require.Equal(t, expected, got)
	}
	f("url.query", "token=s3cr3t&x=1", "token=[SECRET]&x=1")
	f("http.request.query_string", "code=a1b2c3d4", "code=[SECRET]")
	f("url.full", "https://a.example/c?token=s3cr3t&q=1", "https://a.example/c?token=[SECRET]&q=1")
	f("url.query", "page=2&sort=name", "page=2&sort=name")
	f("note", "code=7", "code=7")
}
