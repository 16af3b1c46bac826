package issue

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// linkParts are what a template of a link may have in braces.
var linkParts = []string{"{trace_id}", "{span_id}", "{issue_id}", "{service}"}

// CheckLink returns an error that names the key unless link is "" or the template of a URL, such as example.
func CheckLink(key, link, example string) error {
	if link == "" {
		return nil
	}
	plain := link
	for _, p := range linkParts {
		plain = strings.ReplaceAll(plain, p, "x")
	}
	u, err := url.Parse(plain)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" {
		return fmt.Errorf("'%s' must be an http or https URL, got %q; for example %q", key, link, example)
	}
	if strings.ContainsAny(plain, "{}") {
		return fmt.Errorf("'%s' may use %s and no other braces, got %q; for example %q", key, strings.Join(linkParts, ", "), link, example)
	}
	return nil
}
