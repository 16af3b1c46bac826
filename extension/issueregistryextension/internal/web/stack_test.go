package web

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// A frame is written as a letter: o = own, l = library.
func TestGroupFrames(t *testing.T) {
	f := func(frames, want string) {
		t.Helper()
		var in []stacktrace.Frame
		for _, c := range frames {
			in = append(in, stacktrace.Frame{Function: string(c), InApp: c == 'o'})
		}
		var got strings.Builder
		tops := 0
		for _, g := range groupFrames(in) {
			open := "%s "
			if g.Folded {
				open = "(%s) "
			}
			var s string
			for _, fr := range g.Frames {
				s += fr.Name
				if fr.Top {
					tops++
				}
			}
			got.WriteString(strings.ReplaceAll(open, "%s", s))
		}
		assert.Equal(t, want, strings.TrimSpace(got.String()))
		assert.Equal(t, min(strings.Count(frames, "o"), 1), tops, "one frame to look at first")
	}
	f("", "")
	f("o", "o")
	f("ool", "oo l") // a single library frame is not worth a fold
	f("oolll", "oo (lll)")
	f("lllo", "l (ll) o") // what threw stays visible
	f("llolllo", "l l o (lll) o")
	f("llllllll", "llll (llll)") // nothing of the user's own
	f("lll", "lll")
}

func TestOneFrameToLookAtFirst(t *testing.T) {
	f := func(want string, exceptions ...string) {
		t.Helper()
		var in []stacktrace.Exception
		for n, frames := range exceptions {
			x := stacktrace.Exception{Parent: n - 1}
			for i, c := range frames {
				x.Frames = append(x.Frames, stacktrace.Frame{Function: strings.Repeat(string(c), i+1), InApp: c == 'o'})
			}
			in = append(in, x)
		}
		var got []string
		for n, x := range chain(in) {
			for _, g := range x.Groups {
				for _, fr := range g.Frames {
					if fr.Top {
						got = append(got, exceptions[n]+"/"+fr.Name)
					}
				}
			}
		}
		assert.Equal(t, want, strings.Join(got, " "))
	}
	f("loo/oo", "o", "loo") // the innermost exception
	f("o/o", "o", "ll")     // unless it has no frame of the user's own
	f("", "ll")
	f("", "")
}

func TestFrameName(t *testing.T) {
	f := func(frame stacktrace.Frame, want string) {
		t.Helper()
		assert.Equal(t, want, frameName(frame))
	}
	f(stacktrace.Frame{Function: "append", Module: "com.shop.Invoice", File: "Invoice.java"}, "Invoice.append")
	f(stacktrace.Frame{Function: "Invoice.append", Module: "com.shop.Invoice", File: "Invoice.java"}, "Invoice.append")
	f(stacktrace.Frame{Function: "main", Module: "", File: "Main.kt"}, "main")
	f(stacktrace.Frame{Function: "charge", Module: "billing.pay", File: "pay.py"}, "charge")
	f(stacktrace.Frame{Module: "billing"}, "billing")
	f(stacktrace.Frame{}, "(anonymous)")
}

func TestLocation(t *testing.T) {
	assert.Equal(t, "a.ts:3:9", location(stacktrace.Frame{File: "a.ts", Line: 3, Column: 9}))
	assert.Equal(t, "a.py:3", location(stacktrace.Frame{File: "a.py", Line: 3}))
	assert.Equal(t, "", location(stacktrace.Frame{}))
}

func TestLibraries(t *testing.T) {
	f := func(want string, modules ...string) {
		t.Helper()
		var frames []frameView
		for _, m := range modules {
			frames = append(frames, frameView{Frame: stacktrace.Frame{Module: m, File: `C:\x\node.js`}})
		}
		assert.Equal(t, want, libraries(frames))
	}
	f("django.core, gunicorn.workers", "django.core.handlers.base", "django.core.exceptions", "gunicorn.workers.sync")
	f("org.springframework.web", "org.springframework.web.servlet.DispatcherServlet")
	f("grpc", "google.golang.org/grpc")
	f("node.js", "")
	f("a, b, c", "a", "b", "c", "d")
}

func TestChainWithBadParents(t *testing.T) {
	views := chain([]stacktrace.Exception{{Parent: -1}, {Parent: 0}, {Parent: 1}, {Parent: 2}, {Parent: 3}, {Parent: 99}, {Parent: 6}})
	var depths []int
	for _, v := range views {
		depths = append(depths, v.Depth)
	}
	assert.Equal(t, []int{0, 1, 2, 3, 3, 0, 0}, depths)
}
