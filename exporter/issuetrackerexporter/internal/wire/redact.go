package wire

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

const redacted = "[REDACTED]"

// Place names a URL in errors: scheme and host only, as secrets sit in paths and queries.
func Place(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "the configured URL"
	}
	if u.Path == "" || u.Path == "/" {
		return u.Scheme + "://" + u.Host
	}
	return u.Scheme + "://" + u.Host + "/…"
}

// plain strips the URL from an error of net/http.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// hide replaces the secrets in a text that came from elsewhere.
func hide(s string, secrets []string) string {
	for _, secret := range secrets {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	return s
}

// usable keeps the secrets that are long enough to be looked for; longer ones first, as one may be
// part of another.
func usable(secrets []string) []string {
	var out []string
	for _, s := range append(slices.Clone(secrets), parts(secrets)...) {
		if len(s) >= 4 {
			out = append(out, s)
			if e := url.QueryEscape(s); e != s {
				out = append(out, e)
			}
			if e := url.PathEscape(s); e != s {
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
}

// parts are the parts of URLs that may be secrets of their own: a server that answers with an error likes to
// repeat the path.
func parts(secrets []string) []string {
	var out []string
	for _, s := range secrets {
		u, err := url.Parse(s)
		if err != nil || u.Host == "" {
			continue
		}
		list := append(strings.Split(u.Path, "/"), u.Path)
		for _, values := range u.Query() {
			list = append(list, values...)
		}
		if password, ok := u.User.Password(); ok {
			list = append(list, password)
		}
		for _, p := range list {
			if len(p) >= 8 {
				out = append(out, p)
			}
		}
	}
	return out
}
