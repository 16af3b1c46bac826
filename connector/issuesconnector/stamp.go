package issuesconnector

import (
	"encoding/hex"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
)

// stamp is what error_issue wrote on a record.
type stamp struct {
	issue  string
	key    issue.Key
	state  issue.State
	attrs  pcommon.Map
	repeat bool
}

// readStamp reads the attributes of a record; false when it has no stamp. It allocates nothing.
func readStamp(attrs pcommon.Map) (stamp, bool) {
	s := stamp{attrs: attrs}
	hasKey := false
	for k, v := range attrs.All() {
		if len(k) < len("issue.id") || k[:6] != "issue." {
			continue
		}
		switch k {
		case eventlog.AttrID:
			s.issue = v.Str()
		case eventlog.AttrEventID:
			if v.Type() == pcommon.ValueTypeStr && len(v.Str()) == 2*len(s.key) {
				var text [2 * len(s.key)]byte
				copy(text[:], v.Str())
				_, err := hex.Decode(s.key[:], text[:])
				hasKey = err == nil
			}
		case eventlog.AttrState:
			s.state = issue.State(v.Str())
		case eventlog.AttrRepeat:
			s.repeat = v.Type() == pcommon.ValueTypeBool && v.Bool()
		}
	}
	return s, s.issue != "" && hasKey
}

// str returns an attribute of the stamped record.
func (s *stamp) str(key string) string {
	v, ok := s.attrs.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}

// summary is what the record itself says of its issue.
func (s *stamp) summary(service, level string) issue.Summary {
	return issue.Summary{
		ID: s.issue, Title: s.str(eventlog.AttrTitle), Culprit: s.str(eventlog.AttrCulprit), Owner: s.str(eventlog.AttrOwner),
		Service: service, Level: level, State: s.state,
	}
}
