package target

import (
	"net/http"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/configopaque"
)

const bugsnagTestKey = "c9d60ae4c7e70c4b6c4ebd3e8056d2b8"

func serveBugsnag(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, bugsnagTestKey, r.Header.Get("Bugsnag-Api-Key"))
	assert.Equal(f.t, "5", r.Header.Get("Bugsnag-Payload-Version"))
	assert.NotEmpty(f.t, r.Header.Get("Bugsnag-Sent-At"))
	assert.Less(f.t, len(body), 1<<20)
	var in struct {
		PayloadVersion string
		Notifier       struct{ Name, Version, URL string }
		Events         []struct {
			Exceptions []struct {
				ErrorClass, Message string
				Stacktrace          []map[string]any
			}
			GroupingHash, Severity string
			Correlation            struct{ TraceID, SpanID string }
		}
	}
	f.decode(body, &in)
	assert.Equal(f.t, "Culprit", in.Notifier.Name)
	assert.Len(f.t, in.Events, 1)
	e := in.Events[0]
	assert.NotEmpty(f.t, e.Exceptions)
	assert.Contains(f.t, []string{"error", "warning", "info"}, e.Severity)
	assert.Len(f.t, e.Correlation.TraceID, 32)
	t := f.byKey(e.GroupingHash)
	if t == nil {
		t = f.add(ticket{Key: e.GroupingHash})
	}
	t.Title = e.Exceptions[0].ErrorClass
	w.WriteHeader(http.StatusAccepted)
}

var _ = register(subject{
	name: "bugsnag", serve: serveBugsnag, noNotes: true, noClose: true, noSecret: true,
	make: func(url string) maker {
		c := DefaultBugsnag()
		c.APIKey, c.URL = configopaque.String(bugsnagTestKey), url
		return &c
	},
})
