package pii

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/pii/token"
)

// ActionType says what happens to a value that was found.
type ActionType string

// The actions.
const (
	Replace ActionType = "replace" // "[EMAIL]", or Action.Text
	Mask    ActionType = "mask"    // "****"
	Partial ActionType = "partial" // "[CARD:****4242]"
	Hash    ActionType = "hash"    // "[EMAIL:k1:9f2c41d0]"
	Remove  ActionType = "remove"  // nothing
)

// Action is an action and its options.
type Action struct {
	Type ActionType `mapstructure:"type"`
	// Text replaces the value instead of "[KIND]" (replace only).
	Text string `mapstructure:"text"`
	// KeepFirst and KeepLast are the characters that partial leaves, at most 8 each, and never more
	// than half of the value.
	KeepFirst int `mapstructure:"keep_first"`
	KeepLast  int `mapstructure:"keep_last"`
	// KeepDomain makes partial leave an e-mail's domain: "[EMAIL:****@example.com]".
	KeepDomain bool `mapstructure:"keep_domain"`
	// Length is the number of hexadecimal digits of a hash, 8 to 32. 0 = 8.
	Length int `mapstructure:"length"`

	_ struct{}
}

// UnmarshalText takes an action that is written as its type alone.
func (a *Action) UnmarshalText(text []byte) error {
	a.Type = ActionType(text)
	return nil
}

// SensitiveKeys are keys whose whole value goes, whatever it looks like. They are compared without
// case and the separators _ - . and must be the last words of a key.
type SensitiveKeys struct {
	Defaults bool     `mapstructure:"defaults"` // the built-in list, [true]
	Add      []string `mapstructure:"add"`
	Except   []string `mapstructure:"except"`

	_ struct{}
}

// Pattern is a regular expression (RE2) of the user.
type Pattern struct {
	Name  string `mapstructure:"name"`
	Regex string `mapstructure:"regex"`
	// Keywords: the expression runs only over texts in which one of them stands (any case). Without
	// keywords the expression must hold a literal of at least three bytes, which takes their place.
	Keywords []string `mapstructure:"keywords"`
	Action   Action   `mapstructure:"action"`

	_ struct{}
}

// Allow exempts the match, never the text around it.
type Allow struct {
	Keys     []string `mapstructure:"keys"`     // attribute keys that are not scanned, e.g. "k8s.pod.ip"
	Values   []string `mapstructure:"values"`   // exact values, e.g. "support@example.com"
	Patterns []string `mapstructure:"patterns"` // expressions that must match a whole value, e.g. ".*@example\\.com"

	_ struct{}
}

// Config is what a Scanner does. DefaultConfig returns a usable one.
type Config struct {
	Detectors     []string          // names and groups
	Disable       []string          // names and groups taken out again
	Action        Action            // of everything without its own
	Actions       map[string]Action // by detector, pattern or group name, or by "sensitive_keys"
	HashKey       string            // key of the HMAC; at least 16 bytes where an action is hash
	HashKeyID     string            // names the key in the token, so that keys can be rotated
	SensitiveKeys SensitiveKeys
	Patterns      []Pattern
	Allow         Allow
	MinScore      float64  // 0 to 1
	MaxValueBytes int      // a longer value is not scanned: "[UNSCANNED]" takes its place; 0 = 1 MiB
	CutLong       bool     // it is cut there instead
	KeepPrivateIP bool     // leave private, shared and documentation addresses
	PhoneRegions  []string // ISO countries whose national phone numbers count without a context word
}

// MinHashKey is the least number of bytes of a hash key.
const MinHashKey = 16

// DefaultConfig returns the group default, replaced by "[KIND]".
func DefaultConfig() Config {
	return Config{
		Detectors:     []string{"default"},
		Action:        Action{Type: Replace},
		HashKeyID:     "k1",
		SensitiveKeys: SensitiveKeys{Defaults: true},
		MinScore:      0.5,
		MaxValueBytes: 1 << 20,
	}
}

// Validate checks everything that New needs; its errors name the option, the value and the rule.
func (c *Config) Validate() error {
	var errs []error
	_, _, err := selectDetectors(c.Detectors, c.Disable)
	errs = append(errs, err)
	if len(c.Detectors) == 0 && len(c.Patterns) == 0 && !c.SensitiveKeys.Defaults && len(c.SensitiveKeys.Add) == 0 {
		errs = append(errs, errors.New("'detectors': empty, and no patterns or sensitive_keys either: nothing would be redacted; example: [default]"))
	}
	errs = append(errs, c.Action.validate("action", c))
	for _, name := range slices.Sorted(maps.Keys(c.Actions)) {
		if !c.knows(name) {
			errs = append(errs, c.unknownAction(name))
			continue
		}
		a := c.Actions[name]
		errs = append(errs, a.validate("actions::"+name, c))
	}
	if c.MinScore < 0 || c.MinScore > 1 {
		errs = append(errs, fmt.Errorf("'min_score' is %g, must be between 0 and 1; example: 0.5", c.MinScore))
	}
	if c.MaxValueBytes < 0 || c.MaxValueBytes > 0 && c.MaxValueBytes < 1024 {
		errs = append(errs, fmt.Errorf("'max_value_bytes' is %d, must be at least 1024; example: 1048576", c.MaxValueBytes))
	}
	if id := c.HashKeyID; id != "" {
		if _, n := token.Parse("[X:" + id + ":00000000]"); n == 0 {
			errs = append(errs, fmt.Errorf("'hash_key_id' is %q, must be 1 to 16 letters, digits, _ and -; example: k1", id))
		}
	}
	errs = append(errs, keysOf("add", c.SensitiveKeys.Add), keysOf("except", c.SensitiveKeys.Except), c.validatePatterns(), c.validateRegions())
	return errors.Join(errs...)
}

// keysOf refuses keys of separators alone.
func keysOf(option string, keys []string) error {
	if i := slices.IndexFunc(keys, func(k string) bool { return joinKey(k) == "" }); i >= 0 {
		return fmt.Errorf("'sensitive_keys::%s::%d' is %q, must hold a letter or digit; example: employee_name", option, i, keys[i])
	}
	return nil
}

func (c *Config) knows(name string) bool {
	if name == "sensitive_keys" || len(Members(name)) > 0 {
		return true
	}
	return slices.ContainsFunc(c.Patterns, func(p Pattern) bool { return p.Name == name })
}

// unknownAction is the error of an action for a name that nothing has.
func (c *Config) unknownAction(name string) error {
	names := append(append(Names(), Groups()...), "sensitive_keys")
	for i := range c.Patterns {
		names = append(names, c.Patterns[i].Name)
	}
	if hint := nearname.Hint(name, names...); hint != "" {
		return fmt.Errorf("'actions::%s': no detector, group or pattern has this name%s", name, hint)
	}
	return fmt.Errorf("'actions::%s': no detector, group or pattern has this name; detectors: %s", name, strings.Join(Names(), ", "))
}

func (a *Action) validate(option string, c *Config) error {
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("'"+option+"': "+format, args...))
	}
	switch a.Type {
	case Replace, Mask, Remove:
	case Partial:
		if a.KeepFirst < 0 || a.KeepLast < 0 || a.KeepFirst > token.MaxKept || a.KeepLast > token.MaxKept {
			bad("keep_first and keep_last must be between 0 and %d; example: {type: partial, keep_last: 4}", token.MaxKept)
		}
		if a.KeepFirst == 0 && a.KeepLast == 0 && !a.KeepDomain {
			bad("partial keeps nothing: set keep_first, keep_last or keep_domain; example: {type: partial, keep_last: 4}")
		}
	case Hash:
		if len(c.HashKey) < MinHashKey {
			bad("hash needs 'hash_key' with at least %d bytes, it has %d; example: hash_key: ${env:CULPRIT_HASH_KEY}", MinHashKey, len(c.HashKey))
		}
		if a.Length != 0 && (a.Length < 8 || a.Length > 32) {
			bad("length is %d, must be between 8 and 32; example: {type: hash, length: 12}", a.Length)
		}
	default:
		bad("type is %q%s, must be one of replace, mask, partial, hash, remove; example: {type: mask}", a.Type, nearname.Hint(a.Type, Replace, Mask, Partial, Hash, Remove))
	}
	for _, o := range []struct {
		name  string
		set   bool
		owner ActionType
	}{
		{"text", a.Text != "", Replace}, {"keep_first", a.KeepFirst != 0, Partial}, {"keep_last", a.KeepLast != 0, Partial},
		{"keep_domain", a.KeepDomain, Partial}, {"length", a.Length != 0, Hash},
	} {
		if o.set && a.Type != o.owner {
			bad("%s belongs to %s, not to %s; example: %s", o.name, o.owner, a.Type, actionExamples[o.owner])
		}
	}
	return errors.Join(errs...)
}

var actionExamples = map[ActionType]string{
	Replace: "{type: replace, text: '[gone]'}", Partial: "{type: partial, keep_last: 4}", Hash: "{type: hash, length: 12}",
}

func (c *Config) validatePatterns() error {
	var errs []error
	seen := map[string]bool{}
	for i, p := range c.Patterns {
		option := fmt.Sprintf("patterns::%d", i)
		switch {
		case !patternName.MatchString(p.Name):
			errs = append(errs, fmt.Errorf("'%s::name' is %q, must be lower_snake_case of at most 40 characters; example: employee_id", option, p.Name))
		case seen[p.Name] || find(p.Name) != nil:
			errs = append(errs, fmt.Errorf("'%s::name': %q is taken already", option, p.Name))
		}
		seen[p.Name] = true
		if _, err := compilePattern(p); err != nil {
			errs = append(errs, fmt.Errorf("'%s::regex': %w", option, err))
		}
		if p.Action != (Action{}) {
			errs = append(errs, p.Action.validate(option+"::action", c))
		}
	}
	for i, expr := range c.Allow.Patterns {
		if _, err := regexp.Compile(expr); err != nil {
			errs = append(errs, fmt.Errorf("'allow::patterns::%d': %w; example: '.*@example\\.com'", i, err))
		}
	}
	return errors.Join(errs...)
}

var patternName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
