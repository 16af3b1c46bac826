package target

var _ = register(subject{
	service: "alertmanager", byIssue: true, noNotes: true, noSecret: true,
	make: func(url string) maker {
		c := DefaultAlertmanager()
		c.URL = url
		return &c
	},
})
