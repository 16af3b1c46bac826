package piiredactionprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata/entity"

	"github.com/otel-culprit/culprit/internal/pii"
)

// resource redacts a resource's attributes and entities; what follows is counted for its service.
func (r *redactor) resource(res pcommon.Resource) {
	r.flushService()
	r.service = "unknown_service"
	r.where = inResource
	r.attributes(res.Attributes(), 0)
	r.entities(entity.ResourceEntityRefs(res))
	if r.reporter != nil {
		if v, ok := res.Attributes().Get("service.name"); ok && v.Str() != "" {
			r.service = v.Str()
		}
	}
}

func (r *redactor) flushService() {
	if r.reporter == nil {
		return
	}
	for detector, n := range r.byname {
		r.addService(r.service, detector, n)
	}
	clear(r.byname)
}

// entities redacts the references to the entities that a resource is made of. They name keys of the resource's
// attributes, which are written as rename writes them.
// https://opentelemetry.io/docs/specs/otel/entities/data-model/
func (r *redactor) entities(refs entity.EntityRefSlice) {
	for _, ref := range refs.All() {
		if out, changed := r.text(ref.Type(), nil); changed {
			ref.SetType(out)
		}
		if out, changed := r.text(ref.SchemaUrl(), nil); changed {
			ref.SetSchemaUrl(out)
		}
		r.names(ref.IdKeys())
		r.names(ref.DescriptionKeys())
	}
}

func (r *redactor) names(keys pcommon.StringSlice) {
	for i, k := range keys.All() {
		if key := r.w.Key(k); key != nil && key.Redacted() != k && !r.cfg.DryRun {
			keys.SetAt(i, key.Redacted())
		}
	}
}

// scope redacts the name, version and attributes of a scope.
func (r *redactor) scope(s pcommon.InstrumentationScope) {
	r.where = inScope
	if out, changed := r.text(s.Name(), nil); changed {
		s.SetName(out)
	}
	var key *pii.Key
	if dotted(s.Version()) {
		key = r.w.Key("version") // 6.1.1.2 is no address here
	}
	if out, changed := r.text(s.Version(), key); changed {
		s.SetVersion(out)
	}
	r.attributes(s.Attributes(), 0)
}

// dotted tells whether a version begins as versions do: v1.20.3-rc.1. Only then does being a version speak against
// what is found in it; whatever else a client writes there is read like any text.
func dotted(version string) bool {
	s := strings.TrimPrefix(version, "v")
	digits, dots := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && i > 0 && s[i-1] != '.':
			dots++
		case c == '-' || c == '+':
			return dots > 0 && digits > dots
		default:
			return false
		}
	}
	return dots > 0 && digits > dots
}
