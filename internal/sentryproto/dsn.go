package sentryproto

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// DSN says where a project's events go and with which key:
// {PROTOCOL}://{PUBLIC_KEY}[:{SECRET_KEY}]@{HOST}[:{PORT}][{PATH}]/{PROJECT_ID}
// (https://develop.sentry.dev/sdk/foundations/transport/authentication/). The secret key is
// deprecated; it is accepted and sent when it is there.
type DSN struct {
	Scheme    string // http or https
	PublicKey string
	SecretKey string // "" = none
	Host      string // with the port, if one was given
	Path      string // "" or a prefix that starts with a slash and ends without
	ProjectID string
}

// Errors of [ParseDSN]. None of them repeats the DSN, which holds keys.
var (
	ErrDSNURL     = errors.New("not a URL")
	ErrDSNScheme  = errors.New("the scheme must be http or https")
	ErrDSNKey     = errors.New("the public key is missing, it stands between '//' and '@'")
	ErrDSNHost    = errors.New("the host is missing")
	ErrDSNPort    = errors.New("the port must be a number from 1 to 65535")
	ErrDSNProject = errors.New("the project ID is missing, it is the last part of the path")
)

// ParseDSN reads a DSN. Port and path are kept.
func ParseDSN(s string) (DSN, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil {
		if strings.Contains(err.Error(), "invalid port") {
			return DSN{}, ErrDSNPort
		}
		return DSN{}, ErrDSNURL // url.Parse's own error quotes the whole DSN
	}
	d := DSN{Scheme: u.Scheme, Host: u.Host}
	if u.Scheme != "http" && u.Scheme != "https" {
		return DSN{}, ErrDSNScheme
	}
	if u.User == nil || u.User.Username() == "" {
		return DSN{}, ErrDSNKey
	}
	d.PublicKey = u.User.Username()
	d.SecretKey, _ = u.User.Password()
	if strings.ContainsAny(d.PublicKey+d.SecretKey, " ,=\r\n\t") {
		return DSN{}, ErrDSNKey // it would break out of the authentication header
	}
	if u.Hostname() == "" {
		return DSN{}, ErrDSNHost
	}
	if p := u.Port(); p != "" {
		if n := atoi(p); n < 1 || n > 65535 {
			return DSN{}, ErrDSNPort
		}
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	cut := strings.LastIndexByte(path, '/')
	if cut < 0 || path[cut+1:] == "" {
		return DSN{}, ErrDSNProject
	}
	d.Path, d.ProjectID = strings.TrimRight(path[:cut], "/"), path[cut+1:]
	return d, nil
}

// EnvelopeURL is where envelopes are posted to.
func (d DSN) EnvelopeURL() string {
	return d.Scheme + "://" + d.Host + d.Path + "/api/" + d.ProjectID + "/envelope/"
}

// AuthHeader is the value of the header X-Sentry-Auth.
func (d DSN) AuthHeader(client string) string {
	s := "Sentry sentry_version=7, sentry_client=" + client + ", sentry_key=" + d.PublicKey
	if d.SecretKey != "" {
		s += ", sentry_secret=" + d.SecretKey
	}
	return s
}

// String describes the target without its keys.
func (d DSN) String() string {
	return fmt.Sprintf("%s://%s%s/%s", d.Scheme, d.Host, d.Path, d.ProjectID)
}

// atoi reads a short decimal number; -1 when it is none.
func atoi(s string) int {
	if s == "" || len(s) > 9 {
		return -1
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}
