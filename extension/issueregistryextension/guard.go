package issueregistryextension

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/collector/config/confignet"
)

// guard protects a server without passwords on localhost from the pages of other sites that run in the same
// browser: by DNS rebinding they reach it under a name of their own (so the Host header is checked), and with forms
// and fetch they can post to it (so a post from another origin is refused).
type guard struct {
	hosts    map[string]bool
	suffixes []string // ".example.com"
	anyIP    bool     // listens on all addresses: an address is no name that somebody could rebind
	unix     bool
}

func newGuard(cfg *Config) *guard {
	g := &guard{hosts: map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}}
	addr := cfg.HTTP.Get().NetAddr
	if addr.Transport == confignet.TransportTypeUnix {
		g.unix = true
	} else if host, _, err := net.SplitHostPort(addr.Endpoint); err == nil {
		switch ip := net.ParseIP(host); {
		case host == "" || (ip != nil && ip.IsUnspecified()):
			g.anyIP = true
		default:
			g.hosts[strings.ToLower(host)] = true
		}
	}
	for _, h := range cfg.AllowedHosts {
		h = strings.ToLower(h)
		if rest, ok := strings.CutPrefix(h, "*"); ok {
			g.suffixes = append(g.suffixes, rest)
		} else {
			g.hosts[h] = true
		}
	}
	return g
}

// before wraps the whole server.
func (g *guard) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		if !g.allowed(r.Host) {
			refuse(w, http.StatusMisdirectedRequest, "this server is not known as "+quote(r.Host)+"; add the name to 'allowed_hosts' of issue_registry if it is right")
			return
		}
		if !safe(r.Method) && crossOrigin(r) {
			refuse(w, http.StatusForbidden, "a page of another origin may not change anything here")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// secure sets what every answer has; pages set a policy that lets them use their own files.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

func (g *guard) allowed(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if g.unix || g.hosts[host] {
		return true
	}
	ip := net.ParseIP(host)
	if ip != nil && (ip.IsLoopback() || g.anyIP) {
		return true
	}
	for _, s := range g.suffixes {
		if ip == nil && strings.HasSuffix(host, s) && len(host) > len(s) {
			return true
		}
	}
	return false
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// crossOrigin tells whether a request was made by a page of another origin. Browsers say so themselves in
// Sec-Fetch-Site (https://www.w3.org/TR/fetch-metadata/), older ones in Origin; curl says neither.
func crossOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

func refuse(w http.ResponseWriter, status int, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": reason})
}

func quote(s string) string {
	if len(s) > 100 {
		s = s[:100]
	}
	return "'" + s + "'"
}
