package eventlog

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/issue"
)

// What is written is in the schema, and what is in the schema is written and told in the page.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/issue-event.md")
	require.NoError(t, err)
	text, err := os.ReadFile("../../../docs/issue-event.schema.json")
	require.NoError(t, err)
	var schema struct {
		Properties struct {
			Attributes, Body struct{ Properties map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(text, &schema))

	lr, res := plog.NewLogRecord(), pcommon.NewResource()
	n := fullNotice()
	n.Previous, n.Reason, n.Milestone = issue.Resolved, "seen again", 10
	n.Time = n.Event.Time.Add(time.Minute) // of the change: the sample's own time goes into the body
	Write(n, res, lr)
	compare := func(written pcommon.Map, documented map[string]any) {
		for key := range written.All() {
			assert.Contains(t, documented, key, "written, but not in the schema")
		}
		for key := range documented {
			_, ok := written.Get(key)
			assert.True(t, ok, "%s is in the schema, but not in a full event", key)
			assert.Contains(t, string(page), "`"+key+"`", "in the schema, but not in docs/issue-event.md")
		}
	}
	compare(lr.Attributes(), schema.Properties.Attributes.Properties)
	compare(lr.Body().Map(), schema.Properties.Body.Properties)
}
