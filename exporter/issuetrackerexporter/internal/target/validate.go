package target

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/otel-culprit/culprit/internal/nearname"
)

// missing is the error of a required key.
func missing(key, what, example string) error {
	return fmt.Errorf("'%s' is missing: %s, e.g. %s: %s", key, what, key, example)
}

// validURL checks a URL without repeating it, as it may hold a secret.
func validURL(key, value, example string) error {
	u, err := url.Parse(value)
	switch {
	case err != nil:
		return fmt.Errorf("'%s' is no URL, e.g. %s", key, example)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("'%s' must begin with https:// or http://, e.g. %s", key, example)
	case u.Host == "":
		return fmt.Errorf("'%s' has no host, e.g. %s", key, example)
	case strings.ContainsAny(value, " \t\n"):
		return fmt.Errorf("'%s' has white space in it, e.g. %s", key, example)
	}
	return nil
}

// baseURL checks the URL that paths are added to.
func baseURL(key, value, example string) error {
	if err := validURL(key, value, example); err != nil {
		return err
	}
	if u, _ := url.Parse(value); u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("'%s' must have no query and no fragment: paths are added to it, e.g. %s", key, example)
	}
	return nil
}

// oneOf checks a word.
func oneOf(key, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return fmt.Errorf("'%s': %q is not known%s; use %s", key, value, nearname.Hint(value, words...), strings.Join(words, ", "))
}

// matches checks the form of a value.
func matches(key, value string, form *regexp.Regexp, rule, example string) error {
	if form.MatchString(value) {
		return nil
	}
	return fmt.Errorf("'%s': %q %s, e.g. %s", key, value, rule, example)
}
