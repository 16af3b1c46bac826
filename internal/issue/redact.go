package issue

import "github.com/otel-culprit/culprit/internal/stacktrace"

// redactEvent returns a copy of an event whose every text went through f. IDs, times, function names and
// the names of files stay: they are what an issue is made of.
func redactEvent(e *Event, f func(string) string) *Event {
	c := *e
	c.Message, c.Template, c.Transaction, c.Stack = f(c.Message), f(c.Template), f(c.Transaction), f(c.Stack)
	c.Exceptions = append([]stacktrace.Exception(nil), c.Exceptions...)
	for i := range c.Exceptions {
		c.Exceptions[i].Message = f(c.Exceptions[i].Message)
	}
	c.Breadcrumbs = append([]Breadcrumb(nil), c.Breadcrumbs...)
	for i := range c.Breadcrumbs {
		b := &c.Breadcrumbs[i]
		b.Message, b.Data = f(b.Message), redactMap(b.Data, f)
	}
	c.Request, c.User, c.Tags = redactMap(c.Request, f), redactMap(c.User, f), redactMap(c.Tags, f)
	c.Resource, c.Extra = redactMap(c.Resource, f), redactMap(c.Extra, f)
	return &c
}

func redactMap(m map[string]string, f func(string) string) map[string]string {
	if len(m) == 0 {
		return m
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[k] = f(v)
	}
	return out
}
