package target

import (
	"net/http"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/configopaque"
)

const pagerDutyKey = "0123456789abcdef0123456789abcdef"

func servePagerDuty(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "/v2/enqueue", r.URL.Path)
	assert.LessOrEqual(f.t, len(body), 512<<10)
	var e pagerDutyEvent
	f.decode(body, &e)
	assert.Equal(f.t, pagerDutyKey, e.RoutingKey)
	assert.LessOrEqual(f.t, len(e.DedupKey), 255)
	t := f.byKey(e.DedupKey)
	switch e.Action {
	case "trigger":
		assert.LessOrEqual(f.t, utf8.RuneCountInString(e.Payload.Summary), 1024)
		assert.Contains(f.t, []string{"critical", "error", "warning", "info"}, e.Payload.Severity)
		assert.NotEmpty(f.t, e.Payload.Source)
		if t == nil {
			t = f.add(ticket{Key: e.DedupKey})
		}
		t.Title, t.Closed, t.Priority = e.Payload.Summary, false, e.Payload.Severity
	case "resolve":
		assert.Nil(f.t, e.Payload)
		if t != nil {
			t.Closed = true
		}
	default:
		f.t.Errorf("unknown action %q", e.Action)
	}
	reply(w, 202, map[string]string{"status": "success", "message": "Event processed", "dedup_key": e.DedupKey})
}

var _ = register(subject{
	name: "pagerduty", serve: servePagerDuty, noNotes: true, noSecret: true,
	denied: answer(400, nil, `{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is invalid"]}`),
	make: func(url string) maker {
		c := DefaultPagerDuty()
		c.RoutingKey, c.URL = configopaque.String(pagerDutyKey), url
		return &c
	},
})
