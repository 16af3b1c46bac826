package record

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxSentryChain is how many exceptions Sentry's SDKs send of one event at most.
const maxSentryChain = 50

// sentryChain reads the exceptions of an SDK's event: oldest cause first, frames oldest caller first
// (https://develop.sentry.dev/sdk/data-model/event-payloads/exception/). The result is the other way
// around, as everywhere here.
func sentryChain(list pcommon.Slice) []stacktrace.Exception {
	n := min(list.Len(), maxSentryChain)
	chain := make([]stacktrace.Exception, n)
	ids := make(map[int64]int, n) // exception_id -> index
	for i := range chain {
		x := &chain[i]
		x.Parent = i - 1
		v := list.At(list.Len() - 1 - i)
		if v.Type() != pcommon.ValueTypeMap {
			continue
		}
		x.Type, x.Message, x.Module = member(v.Map(), "type"), member(v.Map(), "value"), member(v.Map(), "module")
		x.Frames = sentryFrames(v.Map())
		mechanism, ok := v.Map().Get("mechanism")
		if !ok || mechanism.Type() != pcommon.ValueTypeMap {
			mechanism = pcommon.NewValueMap()
		}
		if i > 0 {
			x.Relation = sentryRelation(member(mechanism.Map(), "source"))
			if parent, ok := mechanism.Map().Get("parent_id"); ok {
				if at, known := ids[parent.Int()]; known {
					x.Parent = at
				}
			}
		}
		if id, ok := mechanism.Map().Get("exception_id"); ok {
			if _, twice := ids[id.Int()]; !twice {
				ids[id.Int()] = i
			}
		}
	}
	return chain
}

func sentryRelation(source string) stacktrace.Relation {
	switch {
	case source == "__context__":
		return stacktrace.Context
	case strings.HasPrefix(source, "suppressed"):
		return stacktrace.Suppressed
	case strings.HasSuffix(source, "]"): // errors[0], exceptions[1]
		return stacktrace.Member
	}
	return stacktrace.Cause
}

func sentryFrames(exception pcommon.Map) []stacktrace.Frame {
	stack, ok := exception.Get("stacktrace")
	if !ok || stack.Type() != pcommon.ValueTypeMap {
		return nil
	}
	list, ok := stack.Map().Get("frames")
	if !ok || list.Type() != pcommon.ValueTypeSlice {
		return nil
	}
	skip := max(0, list.Slice().Len()-maxFrames) // the oldest callers
	frames := make([]stacktrace.Frame, 0, list.Slice().Len()-skip)
	for i, v := range list.Slice().All() {
		if i < skip || v.Type() != pcommon.ValueTypeMap {
			continue
		}
		m := v.Map()
		f := stacktrace.Frame{Function: member(m, "function"), Module: member(m, "module"), File: member(m, "abs_path")}
		if f.File == "" {
			f.File = member(m, "filename")
		}
		if line, ok := m.Get("lineno"); ok {
			f.Line = int(max(line.Int(), 0))
		}
		if column, ok := m.Get("colno"); ok {
			f.Column = int(max(column.Int(), 0))
		}
		if app, ok := m.Get("in_app"); ok {
			f.InApp = app.Bool()
		}
		frames = append(frames, f)
	}
	slices.Reverse(frames)
	return frames
}

// member is the text of a map's member; "" when it is not there.
func member(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return Clip(v.AsString(), maxMessage)
}
