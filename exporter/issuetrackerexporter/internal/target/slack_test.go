package target

import (
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "slack-webhook", messages: true,
	denied: trackers.Answer(404, nil, "no_service"),
	make: func(url string) maker {
		c := DefaultSlack()
		c.WebhookURL = configopaque.String(url + "/services/T0/B0/" + secret)
		return &c
	},
})

var _ = register(subject{
	service: "slack-bot",
	limited: trackers.Answer(200, map[string]string{"Retry-After": "9"}, `{"ok":false,"error":"ratelimited"}`), wait: 9e9,
	denied: trackers.Answer(200, nil, `{"ok":false,"error":"invalid_auth"}`),
	make: func(url string) maker {
		c := DefaultSlack()
		c.Token, c.Channel, c.APIURL = secret, trackers.SlackChannel, url+"/api"
		return &c
	},
})
