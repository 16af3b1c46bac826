package target

import (
	"github.com/otel-culprit/culprit/test/trackers"
)

func opsgenieSubject(service, base string) subject {
	return subject{
		service: service, anew: true, wait: 11e9,
		limited: trackers.Answer(429, map[string]string{"X-RateLimit-State": "THROTTLED", "X-RateLimit-Period-In-Sec": "11"}, ""),
		make: func(url string) maker {
			c := DefaultOpsgenie()
			c.URL, c.APIKey, c.Teams, c.Tags = url+base, secret, []string{"pay"}, []string{"culprit"}
			return &c
		},
	}
}

var (
	_ = register(opsgenieSubject("opsgenie", ""))
	_ = register(opsgenieSubject("jsm", "/jsm/ops/integration"))
)
