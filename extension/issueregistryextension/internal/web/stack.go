package web

import (
	"path"
	"strconv"
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// shownLibraryFrames is how many library frames of an exception without any frame of the user's own
// are shown before the rest is folded.
const shownLibraryFrames = 4

// exceptionView is one exception of the chain as the page shows it.
type exceptionView struct {
	stacktrace.Exception
	Number int    // 1-based place in the chain
	Depth  int    // 0 for the outermost; at most 3, for indenting
	Title  string // relation in words: "caused by", ...
	Groups []frameGroup
}

// frameGroup is a run of frames. Folded runs stand in a closed details element.
type frameGroup struct {
	Folded bool
	Frames []frameView
}

// frameView is one call.
type frameView struct {
	stacktrace.Frame
	Name     string // function, with the last part of its module where that helps
	Location string // file:line:column, "" when unknown
	Top      bool   // the first in-app frame of its exception, and after chain of all: where to look first
}

var relations = map[stacktrace.Relation]string{
	stacktrace.Cause:      "caused by",
	stacktrace.Context:    "raised while handling",
	stacktrace.Suppressed: "suppressed",
	stacktrace.Member:     "member of the group",
}

// chain prepares the exceptions of an event.
func chain(exceptions []stacktrace.Exception) []exceptionView {
	out := make([]exceptionView, 0, len(exceptions))
	depth := make([]int, len(exceptions))
	for i, e := range exceptions {
		if e.Parent >= 0 && e.Parent < i {
			depth[i] = depth[e.Parent] + 1
		}
		out = append(out, exceptionView{
			Exception: e, Number: i + 1, Depth: min(depth[i], 3),
			Title: relations[e.Relation], Groups: groupFrames(e.Frames),
		})
	}
	// Where to look first: the first frame of the user's own in the innermost exception that has one.
	found := false
	for i := len(out) - 1; i >= 0; i-- {
		for _, g := range out[i].Groups {
			for n := range g.Frames {
				g.Frames[n].Top = g.Frames[n].Top && !found
				found = found || g.Frames[n].Top
			}
		}
	}
	return out
}

// groupFrames folds runs of library frames. The frame at the crash site is always open, so that one
// sees what threw; without any frame of the user's own the first few are.
func groupFrames(frames []stacktrace.Frame) []frameGroup {
	inApp := false
	for _, f := range frames {
		inApp = inApp || f.InApp
	}
	var groups []frameGroup
	seenTop := false
	for i, f := range frames {
		folded := !f.InApp && i > 0
		if !inApp {
			folded = i >= shownLibraryFrames
		}
		v := frameView{Frame: f, Name: frameName(f), Location: location(f), Top: f.InApp && !seenTop}
		seenTop = seenTop || f.InApp
		if n := len(groups); n > 0 && groups[n-1].Folded == folded {
			groups[n-1].Frames = append(groups[n-1].Frames, v)
			continue
		}
		groups = append(groups, frameGroup{Folded: folded, Frames: []frameView{v}})
	}
	// A detail to open that hides a single line costs more than the line.
	for i := range groups {
		if groups[i].Folded && len(groups[i].Frames) == 1 {
			groups[i].Folded = false
		}
	}
	return groups
}

// frameName is what a person calls the function: "Cart.total", "OrderService.place".
func frameName(f stacktrace.Frame) string {
	if f.Function == "" {
		if f.Module != "" {
			return f.Module
		}
		return "(anonymous)"
	}
	// Java prints the class in the module: its last part belongs to the name.
	switch path.Ext(f.File) {
	case ".java", ".kt", ".scala", ".groovy":
		class := f.Module[strings.LastIndexByte(f.Module, '.')+1:]
		if class != "" && !strings.HasPrefix(f.Function, class+".") {
			return class + "." + f.Function
		}
	}
	return f.Function
}

func location(f stacktrace.Frame) string {
	s := f.File
	if f.Line > 0 {
		s += ":" + strconv.Itoa(f.Line)
		if f.Column > 0 {
			s += ":" + strconv.Itoa(f.Column)
		}
	}
	return s
}

// fileBase is the last part of a path of either kind of separator.
func fileBase(file string) string {
	return path.Base(strings.ReplaceAll(file, `\`, "/"))
}

// libraries names what a folded group holds: "django.core, gunicorn", at most three of them.
func libraries(frames []frameView) string {
	var names []string
	seen := map[string]bool{}
	for _, f := range frames {
		name := f.Module
		if name == "" {
			name = fileBase(f.File)
		}
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			name = name[i+1:]
		}
		if parts := strings.Split(name, "."); len(parts) > 2 {
			name = strings.Join(parts[:2], ".")
			if parts[0] == "org" || parts[0] == "com" || parts[0] == "io" {
				name = strings.Join(parts[:3], ".")
			}
		}
		if name == "" || name == "." || seen[name] {
			continue
		}
		seen[name] = true
		if names = append(names, name); len(names) == 3 {
			break
		}
	}
	return strings.Join(names, ", ")
}
