package issueregistryextension

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the extension.
type Config struct {
	// HTTP is the server of the page and the API; null = none.
	HTTP configoptional.Optional[confighttp.ServerConfig] `mapstructure:"http"`
	// AllowUnauthenticated permits an address other than localhost without `auth`.
	AllowUnauthenticated bool `mapstructure:"allow_unauthenticated"`
	// AllowedHosts are names under which browsers may reach the server, besides localhost, IP addresses of the
	// endpoint and the endpoint's own name. "*.example.com" allows all names below example.com.
	AllowedHosts []string `mapstructure:"allowed_hosts"`
	// Store is where the issues are kept.
	Store StoreConfig `mapstructure:"store"`
	// Redact is `default` (scan again what is stored and shown) or `off`.
	Redact string `mapstructure:"redact"`
	// MaxIssues bounds the issues; the oldest go, those with a ticket or a manual state last.
	MaxIssues int `mapstructure:"max_issues"`
	// Retention is how long an issue is kept that is not seen any more.
	Retention time.Duration `mapstructure:"retention"`
	// States are the times after which states change by themselves.
	States StatesConfig `mapstructure:"states"`
	// Links are templates of URLs into other systems; empty = no link.
	Links LinksConfig `mapstructure:"links"`

	_ struct{}
}

// StatesConfig are the times after which states change by themselves.
type StatesConfig struct {
	OngoingAfter time.Duration `mapstructure:"ongoing_after"` // new and regressed -> ongoing
	ResolveAfter time.Duration `mapstructure:"resolve_after"` // not seen -> resolved; 0 = never

	_ struct{}
}

// LinksConfig are templates with {trace_id}, {span_id}, {issue_id} and {service}.
type LinksConfig struct {
	Trace string `mapstructure:"trace"`
	Logs  string `mapstructure:"logs"`
	Issue string `mapstructure:"issue"`

	_ struct{}
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// DefaultEndpoint is where the page and the API are served.
const DefaultEndpoint = "localhost:4380"

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = DefaultEndpoint
	server.ReadTimeout = 30 * time.Second // a client that stalls must not hold a connection for ever; live updates lift it
	return &Config{
		HTTP:      configoptional.Some(server),
		Store:     defaultStoreConfig(),
		Redact:    redactDefault,
		MaxIssues: 100000,
		Retention: 720 * time.Hour,
		States:    StatesConfig{OngoingAfter: 24 * time.Hour, ResolveAfter: 336 * time.Hour},
		Links:     LinksConfig{Trace: "http://localhost:16686/trace/{trace_id}", Issue: "http://localhost:4380/issues/{issue_id}"},
	}
}

const (
	redactDefault = "default"
	redactOff     = "off"
)

// Unmarshal refuses unknown keys everywhere, and understands `http: null` as no server.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if conf == nil {
		return nil
	}
	raw := conf.ToStringMap()
	if err := strictconfig.Check(raw, c); err != nil {
		return err
	}
	server, set := raw["http"]
	if err := conf.Unmarshal(c); err != nil {
		return err
	}
	if set && server == nil {
		c.HTTP = configoptional.None[confighttp.ServerConfig]()
	}
	if c.HTTP.HasValue() && !conf.IsSet("links::issue") {
		c.Links.Issue = ownLink(c.HTTP.Get(), c.Links.Issue)
	}
	return nil
}

// Validate finds every mistake that can be found without starting.
func (c *Config) Validate() error {
	var errs []error
	errs = append(errs, c.validateHTTP()...)
	errs = append(errs, c.Store.validate()...)
	if c.Redact != redactDefault && c.Redact != redactOff {
		errs = append(errs, fmt.Errorf("'redact' must be 'default' or 'off', got %q%s", c.Redact, nearname.Hint(c.Redact, redactDefault, redactOff)))
	}
	if c.MaxIssues < 100 {
		errs = append(errs, fmt.Errorf("'max_issues' must be at least 100, got %d; for example 100000", c.MaxIssues))
	}
	if c.Retention < time.Minute {
		errs = append(errs, fmt.Errorf("'retention' must be at least 1m, got %s; for example '720h' for 30 days", c.Retention))
	}
	if c.States.OngoingAfter <= 0 {
		errs = append(errs, fmt.Errorf("'states::ongoing_after' must be positive, got %s; for example '24h'", c.States.OngoingAfter))
	}
	if c.States.ResolveAfter < 0 {
		errs = append(errs, fmt.Errorf("'states::resolve_after' must not be negative, got %s; for example '336h', or '0' for never", c.States.ResolveAfter))
	}
	errs = append(errs,
		issue.CheckLink("links::trace", c.Links.Trace, "http://localhost:16686/trace/{trace_id}"),
		issue.CheckLink("links::logs", c.Links.Logs, "http://localhost:3000/explore?trace={trace_id}"),
		issue.CheckLink("links::issue", c.Links.Issue, "http://localhost:4380/issues/{issue_id}"))
	return errors.Join(errs...)
}

func (c *Config) validateHTTP() (errs []error) {
	for i, h := range c.AllowedHosts {
		name := strings.TrimPrefix(h, "*.")
		if name == "" || strings.ContainsAny(name, "/*:@ ") {
			errs = append(errs, fmt.Errorf("'allowed_hosts::%d' must be a host name without scheme, port and path, got %q; for example 'issues.example.com' or '*.example.com'", i, h))
		}
	}
	if !c.HTTP.HasValue() {
		return errs
	}
	server := c.HTTP.Get()
	if server.NetAddr.Transport == confignet.TransportTypeUnix {
		return errs
	}
	host, _, err := net.SplitHostPort(server.NetAddr.Endpoint)
	if err != nil {
		return append(errs, fmt.Errorf("'http::endpoint' must be host:port, got %q; for example %q", server.NetAddr.Endpoint, DefaultEndpoint))
	}
	if server.CORS.HasValue() {
		errs = append(errs, errors.New("'http::cors' is not supported: no other site may use the page or the API; leave it out"))
	}
	if !isLocal(host) && !server.Auth.HasValue() && !c.AllowUnauthenticated {
		errs = append(errs, fmt.Errorf("'http::endpoint' %q can be reached from elsewhere, and everybody could read and resolve issues: "+
			"set 'http::auth::authenticator' (for example 'basicauth'), listen on %q, or set 'allow_unauthenticated: true'", server.NetAddr.Endpoint, DefaultEndpoint))
	}
	return errs
}

// isLocal tells whether a host is reached from this machine only.
func isLocal(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ownLink is the template of an issue's address on the page that a server shows; otherwise when nothing is known of it.
func ownLink(server *confighttp.ServerConfig, otherwise string) string {
	if server.NetAddr.Transport == confignet.TransportTypeUnix {
		return otherwise
	}
	host, port, err := net.SplitHostPort(server.NetAddr.Endpoint)
	if err != nil || port == "" || port == "0" {
		return otherwise
	}
	if ip := net.ParseIP(host); host == "" || isLocal(host) || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if server.TLS.HasValue() {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/issues/{issue_id}"
}
