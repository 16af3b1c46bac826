package target

import (
	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "pagerduty", anew: true, noNotes: true, noSecret: true,
	denied: trackers.Answer(400, nil, `{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is invalid"]}`),
	make: func(url string) maker {
		c := DefaultPagerDuty()
		c.RoutingKey, c.URL = trackers.RoutingKey, url
		return &c
	},
})
