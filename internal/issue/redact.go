package issue

import "github.com/otel-culprit/culprit/internal/stacktrace"

// redactEvent returns a copy of an event whose every text went through f. IDs, times, function names and
// the names of files stay: they are what an issue is made of.
func redactEvent(e *Event, f func(text, key string) string) *Event {
	c := *e
	plain := func(s *string) {
		if *s != "" {
			*s = f(*s, "")
		}
	}
	plain(&c.Message)
	plain(&c.Template)
	plain(&c.Transaction)
	plain(&c.Stack)
	c.Exceptions = append([]stacktrace.Exception(nil), c.Exceptions...)
	for i := range c.Exceptions {
		plain(&c.Exceptions[i].Message)
	}
	c.Breadcrumbs = append([]Breadcrumb(nil), c.Breadcrumbs...)
	for i := range c.Breadcrumbs {
		plain(&c.Breadcrumbs[i].Message)
		c.Breadcrumbs[i].Data = redactMap(c.Breadcrumbs[i].Data, f)
	}
	c.Request, c.User, c.Tags = redactMap(c.Request, f), redactMap(c.User, f), redactMap(c.Tags, f)
	c.Resource, c.Extra = redactMap(c.Resource, f), redactMap(c.Extra, f)
	return &c
}

func redactMap(m map[string]string, f func(text, key string) string) map[string]string {
	if len(m) == 0 {
		return m
	}
	out := make(map[string]string, len(m))
	for k, v := range m {
		if v != "" {
			v = f(v, k)
		}
		out[k] = v
	}
	return out
}
