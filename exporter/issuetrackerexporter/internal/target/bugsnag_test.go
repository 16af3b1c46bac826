package target

import (
	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "bugsnag", noNotes: true, noClose: true, noSecret: true,
	make: func(url string) maker {
		c := DefaultBugsnag()
		c.APIKey, c.URL = trackers.BugsnagKey, url
		return &c
	},
})
