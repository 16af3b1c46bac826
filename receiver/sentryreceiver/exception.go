package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// exceptions puts the outermost exception into exception.*, its stack written as the language prints
// it, so that it is the same error as the one that OpenTelemetry reports; and the chain as it came
// into sentry.exceptions, as JSON: a value of its own for each field of each frame costs more than all
// the rest of the work. It returns `Type: message`; "" without an exception.
func (c *conversion) exceptions(d *eventDoc, o origin, attrs pcommon.Map) string {
	list := c.tools.chain.Exceptions(d.exception) // oldest cause first
	if len(list) == 0 {
		return ""
	}
	sdk := o.sdkName
	if sdk == "" {
		sdk = c.sdkName
	}
	lang := languageOf(o.platform, sdk)
	chain := c.tools.chain.Chain(list, lang)
	outer := &chain[0]
	typ := otelType(lang, outer)
	putStr(attrs, "exception.type", typ)
	putStr(attrs, "exception.message", outer.Message)
	if len(outer.Frames) > 0 || len(chain) > 1 {
		putStr(attrs, "exception.stacktrace", c.tools.text.Render(lang, chain))
	}
	mechanism := list[len(list)-1].Get("mechanism")
	putText(attrs, "sentry.mechanism.type", mechanism.Get("type"))
	if handled, ok := mechanism.Get("handled").Bool(); ok {
		attrs.PutBool("sentry.mechanism.handled", handled)
	}
	putList(attrs, "sentry.exceptions", d.exception)
	switch {
	case typ == "":
		return outer.Message
	case outer.Message == "":
		return typ
	}
	return typ + ": " + outer.Message
}

// otelType is a type as OpenTelemetry's SDK of the language names it, other than the stack trace: Python's
// with `__main__`, Java's with the dots of Class.getCanonicalName instead of `$` before nested classes.
func otelType(lang stacktrace.Language, x *stacktrace.Exception) string {
	switch {
	case lang == stacktrace.Python && x.Module == "__main__":
		return "__main__." + x.Type
	case lang != stacktrace.Java || strings.IndexByte(x.Type, '$') < 0:
		return x.Type
	}
	name := []byte(x.Type)
	for i := 1; i+1 < len(name); i++ {
		if c := name[i+1] | 0x20; name[i] == '$' && c >= 'a' && c <= 'z' { // a digit: a class without a name has no canonical one
			name[i] = '.'
		}
	}
	return string(name)
}

// threadsTo keeps the stacks of threads. A stack that belongs to a message instead of an exception
// says where the message was written: its last own frame becomes code.*.
func (d *eventDoc) threadsTo(attrs pcommon.Map) {
	if d.threads.Kind() == sentryproto.Missing && d.stacktrace.Kind() == sentryproto.Missing {
		return
	}
	stack := d.stacktrace
	for t := range d.threads.Values() {
		if s := t.Get("stacktrace"); stack.Kind() == sentryproto.Missing && s.Kind() == sentryproto.Object {
			stack = s
		}
	}
	putJSON(attrs, "sentry.stacktrace", d.stacktrace)
	putList(attrs, "sentry.threads", d.threads)
	if _, has := attrs.Get("exception.type"); has {
		return
	}
	frames := sentryproto.Frames(stack)
	if len(frames) == 0 {
		return
	}
	at := &frames[0]
	for i := range frames {
		if frames[i].InApp {
			at = &frames[i]
			break
		}
	}
	function := at.Function
	if at.Module != "" && function != "" {
		function = at.Module + "." + function
	}
	putStr(attrs, "code.function.name", function)
	putStr(attrs, "code.file.path", at.File)
	if at.Line > 0 {
		attrs.PutInt("code.line.number", int64(at.Line))
	}
}
