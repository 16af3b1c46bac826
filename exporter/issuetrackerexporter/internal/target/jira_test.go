package target

import (
	"github.com/otel-culprit/culprit/test/trackers"
)

var jiraLimit = trackers.Answer(429, map[string]string{"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "4"}, "")

var _ = register(subject{
	service: "jira-cloud", limited: jiraLimit, wait: 4e9,
	make: func(url string) maker {
		c := DefaultJira()
		c.URL, c.Project, c.User, c.Token = url+"/", "OPS", trackers.JiraUser, secret
		c.Labels = []string{"culprit"}
		return &c
	},
})

var _ = register(subject{
	service: "jira-datacenter", limited: jiraLimit, wait: 4e9,
	make: func(url string) maker {
		c := DefaultJira()
		c.URL, c.Project, c.Token = url, "OPS", secret
		return &c
	},
})
