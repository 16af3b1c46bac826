package piiredactionprocessor

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/pii"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Audit says what a record tells about the values that were taken out of it.
type Audit string

// The kinds of audit.
const (
	AuditOff    Audit = "off"
	AuditCounts Audit = "counts" // culprit.pii.count
	AuditTypes  Audit = "types"  // and culprit.pii.types
)

// OnError says what becomes of a value that cannot be scanned.
type OnError string

// The policies. Neither lets an unread byte pass.
const (
	OnErrorDrop OnError = "drop" // "[UNSCANNED]" in its place
	OnErrorCut  OnError = "cut"  // a value that is too long is cut to max_value_bytes; others as with drop
)

// Config is the configuration of processor pii_redaction.
type Config struct {
	// Detectors are names and groups: default, all, secrets, payment, contact, network, kr, us, eu, ...
	Detectors []string `mapstructure:"detectors"`
	// Disable are names and groups that are taken out again.
	Disable []string `mapstructure:"disable"`
	// Action of everything that has none of its own; a type alone or a map.
	Action pii.Action `mapstructure:"action"`
	// Actions by detector, group or pattern, and of "sensitive_keys".
	Actions map[string]pii.Action `mapstructure:"actions"`
	// HashKey is the key of the HMAC-SHA256 of action hash and of user.hash; at least 16 bytes.
	HashKey configopaque.String `mapstructure:"hash_key"`
	// HashKeyID stands in the tokens, so that keys can be rotated.
	HashKeyID string `mapstructure:"hash_key_id"`
	// SensitiveKeys are keys whose whole value goes.
	SensitiveKeys pii.SensitiveKeys `mapstructure:"sensitive_keys"`
	// Patterns are the user's expressions.
	Patterns []pii.Pattern `mapstructure:"patterns"`
	// Allow exempts matches.
	Allow pii.Allow `mapstructure:"allow"`
	// MinScore is the lowest score that counts, 0 to 1.
	MinScore float64 `mapstructure:"min_score"`
	// MaxValueBytes is the size beyond which a value is not scanned.
	MaxValueBytes int `mapstructure:"max_value_bytes"`
	// KeepPrivateIPs leaves private, shared, documentation and loopback addresses.
	KeepPrivateIPs bool `mapstructure:"keep_private_ips"`
	// PhoneRegions are countries whose national phone numbers count without a context word.
	PhoneRegions []string `mapstructure:"phone_regions"`
	// UserHash sets user.hash out of user.id, enduser.id or user.email.
	UserHash bool `mapstructure:"user_hash"`
	// Audit says what a record tells about what was taken out.
	Audit Audit `mapstructure:"audit"`
	// DryRun counts and reports, and changes nothing.
	DryRun bool `mapstructure:"dry_run"`
	// OnError says what becomes of a value that cannot be scanned.
	OnError OnError `mapstructure:"on_error"`
	// TrustIncoming keeps culprit.pii.* attributes that records come with.
	TrustIncoming bool `mapstructure:"trust_incoming"`

	_ struct{}
}

var _ component.Config = (*Config)(nil)

func createDefaultConfig() component.Config {
	d := pii.DefaultConfig()
	return &Config{
		Detectors: d.Detectors, Action: d.Action, HashKeyID: d.HashKeyID, SensitiveKeys: d.SensitiveKeys,
		MinScore: d.MinScore, MaxValueBytes: d.MaxValueBytes, UserHash: true, Audit: AuditCounts, OnError: OnErrorDrop,
	}
}

// Unmarshal refuses unknown keys and takes an action without a type for one of the default type.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// engine returns the scanner's configuration.
func (c *Config) engine() pii.Config {
	return pii.Config{
		Detectors: c.Detectors, Disable: c.Disable, Action: c.Action, Actions: c.Actions,
		HashKey: string(c.HashKey), HashKeyID: c.HashKeyID, SensitiveKeys: c.SensitiveKeys, Patterns: c.Patterns,
		Allow: c.Allow, MinScore: c.MinScore, MaxValueBytes: c.MaxValueBytes, KeepPrivateIP: c.KeepPrivateIPs,
		PhoneRegions: c.PhoneRegions, CutLong: c.OnError == OnErrorCut,
	}
}

// Validate compiles everything; each error names the key, the value and the rule.
func (c *Config) Validate() error {
	engine := c.engine()
	errs := []error{engine.Validate()}
	if errs[0] == nil {
		_, err := pii.New(engine)
		errs = append(errs, err)
	}
	switch c.Audit {
	case AuditOff, AuditCounts, AuditTypes:
	default:
		errs = append(errs, fmt.Errorf("'audit' is %q%s, must be one of off, counts, types; example: counts", c.Audit, nearname.Hint(c.Audit, AuditOff, AuditCounts, AuditTypes)))
	}
	switch c.OnError {
	case OnErrorDrop, OnErrorCut:
	default:
		errs = append(errs, fmt.Errorf("'on_error' is %q%s, must be drop or cut (a value that was not scanned is never passed on); example: drop", c.OnError, nearname.Hint(c.OnError, OnErrorDrop, OnErrorCut)))
	}
	if n := len(c.HashKey); n > 0 && n < pii.MinHashKey {
		errs = append(errs, fmt.Errorf("'hash_key' has %d bytes, must have at least %d; example: hash_key: ${env:CULPRIT_HASH_KEY}", n, pii.MinHashKey))
	}
	return errors.Join(errs...)
}
