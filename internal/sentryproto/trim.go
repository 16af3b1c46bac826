package sentryproto

// Size limits of one event: Relay's own before compression, and what Sentry's SaaS edge takes after
// it (https://docs.sentry.io/concepts/data-management/size-limits).
const (
	MaxEventBytes      = 1_000_000
	MaxCompressedBytes = 200_000
	keptFrames         = 50
	keptBreadcrumbs    = 20
)

// steps are what an event is made smaller by, the least useful first.
var steps = []func(*Event){
	func(e *Event) { e.eachFrame(func(f *Frame) { f.Vars = nil }) },
	func(e *Event) {
		e.eachFrame(func(f *Frame) { f.PreContext, f.PostContext, f.ContextLine = nil, nil, "" })
	},
	func(e *Event) { e.keepBreadcrumbs(keptBreadcrumbs) },
	func(e *Event) { e.Breadcrumbs = nil },
	func(e *Event) { e.keepFrames(keptFrames) },
	func(e *Event) { e.Extra = nil },
	func(e *Event) { delete(e.Contexts, "otel") },
	// Beyond the documented steps there is only what makes an event small whatever it holds.
	func(e *Event) { e.keepExceptions(10); e.keepFrames(10); e.Threads = nil },
	func(e *Event) { e.Request, e.Tags = nil, nil; e.cutTexts(1024) },
}

// MarshalTrimmed returns the event's JSON after it was made small enough: by variables, then context
// lines, breadcrumbs, frames (the last 50 stay) and extra. compressed tells the size after
// compression; nil when nothing compresses. trimmed tells that something is missing.
func (e *Event) MarshalTrimmed(compressed func([]byte) int) (payload []byte, trimmed bool, err error) {
	fits := func(b []byte) bool {
		return len(b) <= MaxEventBytes &&
			(compressed == nil || len(b) <= MaxCompressedBytes || compressed(b) <= MaxCompressedBytes)
	}
	if payload, err = e.Marshal(); err != nil || fits(payload) {
		return payload, false, err
	}
	for _, step := range steps {
		step(e)
		if payload, err = e.Marshal(); err != nil || fits(payload) {
			return payload, true, err
		}
	}
	return payload, true, nil
}

func (e *Event) stacktraces(f func(*Stacktrace)) {
	if e.Exception != nil {
		for i := range e.Exception.Values {
			if s := e.Exception.Values[i].Stacktrace; s != nil {
				f(s)
			}
		}
	}
	if e.Threads != nil {
		for i := range e.Threads.Values {
			if s := e.Threads.Values[i].Stacktrace; s != nil {
				f(s)
			}
		}
	}
}

func (e *Event) eachFrame(f func(*Frame)) {
	e.stacktraces(func(s *Stacktrace) {
		for i := range s.Frames {
			f(&s.Frames[i])
		}
	})
}

func (e *Event) keepFrames(n int) {
	e.stacktraces(func(s *Stacktrace) { s.Frames = s.Frames[max(0, len(s.Frames)-n):] })
}

func (e *Event) keepBreadcrumbs(n int) {
	if e.Breadcrumbs != nil {
		e.Breadcrumbs.Values = e.Breadcrumbs.Values[max(0, len(e.Breadcrumbs.Values)-n):]
	}
}

// keepExceptions keeps the n outermost exceptions, which are the last ones.
func (e *Event) keepExceptions(n int) {
	if e.Exception != nil {
		e.Exception.Values = e.Exception.Values[max(0, len(e.Exception.Values)-n):]
	}
}

func (e *Event) cutTexts(n int) {
	if e.LogEntry != nil {
		e.LogEntry.Message, e.LogEntry.Formatted = Cut(e.LogEntry.Message, n), Cut(e.LogEntry.Formatted, n)
	}
	if e.Exception != nil {
		for i := range e.Exception.Values {
			e.Exception.Values[i].Value = Cut(e.Exception.Values[i].Value, n)
		}
	}
}
