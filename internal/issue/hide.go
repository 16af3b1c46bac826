package issue

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// example builds the occurrence's event as the registry keeps it; nil for none. An issue needs to know how many users it met
// and which events are of the same one, not who they are: a hash takes the place of what names the user, whatever the pipeline
// left of it.
func (o *Occurrence) example() *Event {
	e := o.Sample()
	if e != nil {
		e.User = hideUser(e.User, o.User)
	}
	return e
}

// hideUser returns what is kept of a user: the hash, and what redaction put in the place of a value.
func hideUser(user map[string]string, hash string) map[string]string {
	var out map[string]string
	raw, from := "", "" // of several the ID, else the first by name: the same each time
	keep := func(k, v string) {
		if out == nil {
			out = map[string]string{}
		}
		out[k] = v
	}
	for k, v := range user {
		switch {
		case k == "hash" || redacted(v):
			keep(k, v)
		case raw == "" || k == "id" || (from != "id" && k < from):
			raw, from = v, k
		}
	}
	if raw != "" && out["hash"] == "" {
		keep("hash", cmp.Or(hash, strconv.FormatUint(xxhash.Sum64String(raw), 16)))
	}
	return out
}

// redacted knows what redaction leaves of a value: "[EMAIL]", "[EMAIL:k1:9f2c41d0]" or "****".
func redacted(v string) bool {
	return strings.Trim(v, "*") == "" || (v[0] == '[' && v[len(v)-1] == ']')
}
