package target

import (
	"go.opentelemetry.io/collector/config/configopaque"
)

var _ = register(subject{
	service: "gitlab",
	make: func(url string) maker {
		c := DefaultGitLab()
		c.URL, c.Project, c.Token, c.Labels = url, "acme/shop", secret, []string{"bug"}
		return &c
	},
})

var _ = register(subject{
	service: "gitlab-alerts", noNotes: true,
	make: func(url string) maker {
		c := DefaultGitLab()
		c.AlertURL, c.AlertKey = configopaque.String(url+"/acme/shop/alerts/notify/culprit/8a1b2c3d4e5f6a7b.json"), secret
		return &c
	},
})
