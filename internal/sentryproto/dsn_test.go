package sentryproto

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseDSN(t *testing.T) {
	f := func(s, wantURL, wantAuth string) {
		t.Helper()
		d, err := ParseDSN(s)
		require.NoError(t, err)
		assert.Equal(t, wantURL, d.EnvelopeURL())
		assert.Equal(t, wantAuth, d.AuthHeader("c/1"))
		assert.NotContains(t, d.String(), "key")
	}
	const auth = "Sentry sentry_version=7, sentry_client=c/1, sentry_key=key"
	f("https://key@o1.ingest.de.sentry.io/42", "https://o1.ingest.de.sentry.io/api/42/envelope/", auth)
	f("https://key:secret@host:9000/prefix/42", "https://host:9000/prefix/api/42/envelope/", auth+", sentry_secret=secret")
	f("http://key@[::1]:8000/a/b/42/", "http://[::1]:8000/a/b/api/42/envelope/", auth)
	f(" http://key@host/project-slug ", "http://host/api/project-slug/envelope/", auth)
}

func TestParseDSNFailure(t *testing.T) {
	f := func(s string, want error) {
		t.Helper()
		_, err := ParseDSN(s)
		require.ErrorIs(t, err, want)
		assert.NotContains(t, err.Error(), "topsecret")
	}
	f("", ErrDSNScheme)
	f("topsecret", ErrDSNScheme)
	f("ftp://topsecret@host/1", ErrDSNScheme)
	f("https://host/1", ErrDSNKey)
	f("https://:topsecret@host/1", ErrDSNKey)
	f("https://top%0Dsecret@host/1", ErrDSNKey)
	f("https://topsecret@/1", ErrDSNHost)
	f("https://topsecret@host", ErrDSNProject)
	f("https://topsecret@host/", ErrDSNProject)
	f("https://topsecret@host:0/1", ErrDSNPort)
	f("https://topsecret@host:99999/1", ErrDSNPort)
	f("https://topsecret@host:port/1", ErrDSNPort)
	f("https://topsecret@ho st/1", ErrDSNURL)
}
