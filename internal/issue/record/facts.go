package record

import (
	"maps"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
)

// The attributes that name the user, the first one first, as they stand behind the tags.
const (
	userHash = iota + numTags
	userID
	enduserID
	userEmail
	userName
	numFacts
)

const numTags = 16

// factOf knows the keys of [DefaultTags], in their order, and of the user; -1 for others.
func factOf(key string) int {
	switch key {
	case "http.route":
		return 0
	case "http.request.method":
		return 1
	case "http.response.status_code":
		return 2
	case "rpc.method":
		return 3
	case "messaging.destination.name":
		return 4
	case "db.system.name":
		return 5
	case "k8s.cluster.name":
		return 6
	case "k8s.namespace.name":
		return 7
	case "k8s.deployment.name":
		return 8
	case "host.name":
		return 9
	case "cloud.region":
		return 10
	case "os.type":
		return 11
	case "browser.name":
		return 12
	case "process.runtime.version":
		return 13
	case "error.type":
		return 14
	case "feature_flag.key":
		return 15
	case "user.hash":
		return userHash
	case "user.id":
		return userID
	case "enduser.id":
		return enduserID
	case "user.email":
		return userEmail
	case "user.name":
		return userName
	default:
		return -1
	}
}

// facts are what one pass over the attributes finds of tags and user.
type facts struct {
	value [numFacts]pcommon.Value
	has   uint32 // a bit each
}

// read adds what is not there yet: of several attributes of one name the first counts.
func (f *facts) read(m pcommon.Map, from, to int) {
	for key, v := range m.All() {
		if n := factOf(key); n >= from && n < to && f.has&(1<<n) == 0 {
			f.value[n] = v
			f.has |= 1 << n
		}
	}
}

// Facts returns in one pass over each map [Failure.Tags] of [DefaultTags], which may be shared with other failures so that
// nobody may change them, and the affected user: user.hash, or a hash of what names the user; "" where nothing
// does, or where redaction left a token that is the same for everybody.
func (f *Failure) Facts() (tags map[string]string, user string) {
	var own facts
	own.read(f.attrs, 0, numFacts)
	if f.hasSpan && f.Signal == issue.SpanEvent {
		own.read(f.span.Attributes(), 0, numFacts)
	}
	return f.resource.tags(&own), own.user()
}

// tags completes what a record has by what its resource has.
func (r *Resource) tags(own *facts) map[string]string {
	if r.common == nil {
		var all facts
		all.read(r.Attributes, 0, numTags)
		r.common = map[string]string{}
		all.put(r.common)
	}
	const mask = 1<<numTags - 1
	if own.has&mask == 0 {
		return r.common
	}
	// Errors of one service mostly have the same route and method.
	if r.last != nil && own.equal(r.last, r.lastHas) {
		return r.last
	}
	out := make(map[string]string, 8)
	maps.Copy(out, r.common)
	own.put(out)
	r.last, r.lastHas = out, own.has&mask
	return out
}

// put writes the tags; a value that is none takes the place of the resource's all the same.
func (f *facts) put(tags map[string]string) {
	for n, key := range DefaultTags {
		if f.has&(1<<n) == 0 {
			continue
		}
		if v := f.value[n].AsString(); isTag(v) {
			tags[key] = v
		} else {
			delete(tags, key)
		}
	}
}

// equal tells that put made tags of the same values; only texts are compared.
func (f *facts) equal(tags map[string]string, has uint32) bool {
	if f.has&(1<<numTags-1) != has {
		return false
	}
	for n, key := range DefaultTags {
		if has&(1<<n) == 0 {
			continue
		}
		if v := f.value[n]; v.Type() != pcommon.ValueTypeStr || !isTag(v.Str()) || tags[key] != v.Str() {
			return false
		}
	}
	return true
}

// isTag tells whether a value can be a tag.
func isTag(v string) bool { return v != "" && len(v) <= maxTag && strings.IndexByte(v, '\n') < 0 }

// maxTag is the length in bytes above which no value becomes a tag; trackers refuse longer ones.
const maxTag = 200

// user identifies the affected user.
func (f *facts) user() string {
	for n := userHash; n < numFacts; n++ {
		if f.has&(1<<n) == 0 {
			continue
		}
		text := f.value[n].AsString()
		switch {
		case text == "" || anonymous(text):
		case n == userHash:
			return Clip(text, 64)
		default:
			return strconv.FormatUint(xxhash.Sum64String(text), 16)
		}
	}
	return ""
}
