package stacktrace

import "strings"

// Culprit returns the frame at fault as indices of exception and frame: the first in-app frame of
// the outermost exception, behind recover handlers and panic hooks; of the next exception when the
// outermost has no frame of the application. Without any in-app frame it is the crash site. Both are
// -1 for a trace without frames.
func (t *Trace) Culprit() (exception, frame int) {
	first, site := -1, -1
	side, at := -1, 0 // what stands beside the chain comes last
	for i := range t.Exceptions {
		frames := t.Exceptions[i].Frames
		if len(frames) == 0 {
			continue
		}
		if t.Exceptions[i].Relation == Suppressed {
			if j := firstInApp(frames, 0); side < 0 || j >= 0 && !t.Exceptions[side].Frames[at].InApp {
				side, at = i, max(j, 0)
			}
			continue
		}
		from := crashSite(t.Language, frames)
		if j := firstInApp(frames, from); j >= 0 {
			return i, j
		}
		if j := firstInApp(frames[:from], 0); j >= 0 {
			return i, j
		}
		if first < 0 {
			first, site = i, min(from, len(frames)-1)
		}
	}
	if side >= 0 && (first < 0 || t.Exceptions[side].Frames[at].InApp) {
		return side, at
	}
	return first, site
}

func firstInApp(frames []Frame, from int) int {
	for j := from; j < len(frames); j++ {
		if frames[j].InApp {
			return j
		}
	}
	return -1
}

// crashSite returns the frame at which the failure was raised: behind the handlers that print the
// stack, and the machinery that raises.
func crashSite(language Language, frames []Frame) int {
	switch language {
	case Go:
		// A recover handler stands above the last panic( of the stack; so do deferred calls.
		for j := len(frames) - 1; j >= 0; j-- {
			if f := &frames[j]; f.Module == "" && f.Function == "panic" || (f.Module == "runtime" || f.Module == "") && (f.Function == "gopanic" || f.Function == "panicmem" || f.Function == "sigpanic") {
				return j + 1
			}
		}
	case Rust:
		// The panic hook stands above the machinery that unwinds.
		for j := len(frames) - 1; j >= 0; j-- {
			if rustMachinery(&frames[j]) {
				return j + 1
			}
		}
	case Perl:
		for j := range frames {
			if f := &frames[j]; !strings.HasPrefix(f.Function, "(eval") && !strings.HasPrefix(f.Function, "eval ") && f.Function != "__ANON__" || f.File != frames[0].File {
				return 0
			}
		}
	case PHP:
		// A handler that turns warnings into exceptions is no culprit: its caller is.
		for j := 0; j < len(frames) && j < 4; j++ {
			if call := frames[j].Function; strings.HasSuffix(call, "HandleExceptions->handleError") || strings.HasSuffix(call, "ErrorHandler->handleError") {
				return j + 1
			}
		}
	}
	return 0
}

// rustMachinery tells what runs between the code that panics and the hook.
func rustMachinery(f *Frame) bool {
	name := f.Function
	switch f.Module {
	case "core::panicking", "std::panicking":
		return !strings.HasPrefix(name, "catch_unwind") && !strings.HasPrefix(name, "try") && !strings.HasPrefix(name, "do_call")
	case "core::option", "core::result":
		return strings.HasSuffix(name, "_failed") || strings.HasSuffix(name, "::unwrap") || strings.HasSuffix(name, "::expect")
	case "__rustc", "":
		return name == "rust_begin_unwind"
	}
	return false
}
