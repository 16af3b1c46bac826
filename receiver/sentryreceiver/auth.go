package sentryreceiver

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// Errors of authentication. Relay answers the first with 403, the others with 400.
var (
	errNoAuth       = errors.New("missing authorization information")
	errMultipleAuth = errors.New("bad sentry authentication: multiple authentication payloads")
	errBadAuth      = errors.New("bad sentry authentication: invalid x-sentry-auth header")
	errMismatch     = errors.New("mismatch between the DSN in the envelope header and the request")
	errUnknownKey   = errors.New("event submission rejected with_reason: ProjectId")
)

// credentials are what a request says about who sends it.
type credentials struct {
	key    string // "" = the request has none
	client string // "sentry.python/2.1.0"
}

// authenticate reads the one form of authentication that a request has: the header X-Sentry-Auth,
// the header Authorization, the query, or a part of the path
// (relay-server/src/extractors/request_meta.rs).
func authenticate(r *http.Request, pathKey string) (credentials, error) {
	var several [4]credentials
	found := several[:0]
	if h := r.Header.Get(sentryproto.HeaderAuth); h != "" {
		c, ok := parseAuth(h)
		if !ok {
			return credentials{}, errBadAuth
		}
		found = append(found, c)
	}
	if h := r.Header.Get("Authorization"); h != "" {
		if c, ok := parseAuth(h); ok {
			found = append(found, c)
		} else if c, ok := parseBasic(h); ok {
			found = append(found, c)
		} // any other is for a proxy, or the server's own authentication
	}
	if key := queryValue(r.URL.RawQuery, "sentry_key"); key != "" {
		found = append(found, credentials{key: key, client: queryValue(r.URL.RawQuery, "sentry_client")})
	}
	if pathKey != "" {
		found = append(found, credentials{key: pathKey})
	}
	switch len(found) {
	case 0:
		return credentials{}, nil
	case 1:
		return found[0], nil
	}
	return credentials{}, errMultipleAuth
}

// queryValue returns the first value of a key in a query, without a map of all of them: every request
// of a browser's SDK has its key there.
func queryValue(query, key string) string {
	for pair := range strings.SplitSeq(query, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if k != key {
			continue
		}
		if v, err := url.QueryUnescape(v); err == nil { // as it is where nothing is escaped
			return v
		}
	}
	return ""
}

// parseAuth reads `Sentry sentry_version=7, sentry_key=…, sentry_client=…`.
func parseAuth(h string) (c credentials, ok bool) {
	const prefix = "sentry "
	if len(h) < len(prefix) || !strings.EqualFold(h[:len(prefix)], prefix) {
		return c, false
	}
	for part := range strings.SplitSeq(h[len(prefix):], ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		v = strings.TrimSpace(v)
		switch strings.TrimSpace(k) {
		case "sentry_key":
			c.key = v
		case "sentry_client":
			c.client = v
		}
	}
	return c, c.key != ""
}

func parseBasic(h string) (c credentials, ok bool) {
	const prefix = "basic "
	if len(h) < len(prefix) || !strings.EqualFold(h[:len(prefix)], prefix) {
		return c, false
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(h[len(prefix):]))
	if err != nil {
		return c, false
	}
	c.key, _, _ = strings.Cut(string(b), ":")
	return c, c.key != ""
}

// complete takes the key of an envelope's DSN where the request has none; where both are there they
// must agree.
func (c *credentials) complete(dsn, project string) error {
	if dsn == "" {
		return nil
	}
	d, err := sentryproto.ParseDSN(dsn)
	if err != nil {
		if c.key != "" {
			return nil // the request speaks for itself
		}
		return errBadAuth
	}
	if c.key == "" {
		c.key = d.PublicKey
	}
	if c.key != d.PublicKey || project != d.ProjectID {
		return errMismatch
	}
	return nil
}
