package stacktrace

import "github.com/otel-culprit/culprit/internal/glob"

// InApp are the user's own rules about which frames are the application's. A pattern is a glob over
// the module ("com.acme.*") or the file ("billing/**"); a file pattern that does not begin with a
// slash or a star may match from any directory on.
type InApp struct {
	Include []string // these are the application, whatever the built-in rules say
	Exclude []string // these are not, unless Include names them
}

// markInApp sets InApp of every frame by the rules, or by what is known about the language.
func (t *Trace) markInApp(rules InApp) {
	own := len(rules.Include)+len(rules.Exclude) > 0
	for i := range t.Exceptions {
		frames := t.Exceptions[i].Frames
		for j := range frames {
			if own {
				frames[j].InApp = rules.inApp(t.Language, frames, j)
				continue
			}
			frames[j].InApp = !library(t.Language, frames, j)
		}
	}
}

func (r *InApp) inApp(language Language, frames []Frame, i int) bool {
	f := &frames[i]
	for _, p := range r.Include {
		if matchFrame(p, f) {
			return true
		}
	}
	for _, p := range r.Exclude {
		if matchFrame(p, f) {
			return false
		}
	}
	return !library(language, frames, i)
}

// library tells a frame of a library or the runtime.
func library(language Language, frames []Frame, i int) bool {
	d := dialectOf(language)
	return d != nil && d.library(&frames[i], frames[i+1:])
}

func matchFrame(pattern string, f *Frame) bool {
	if f.Module != "" && glob.Match(pattern, f.Module) {
		return true
	}
	if f.File == "" {
		return false
	}
	if glob.MatchPath(pattern, f.File) {
		return true
	}
	if pattern == "" || pattern[0] == '/' || pattern[0] == '*' {
		return false
	}
	for i := 0; i < len(f.File); i++ {
		if (f.File[i] == '/' || f.File[i] == '\\') && glob.MatchPath(pattern, f.File[i+1:]) {
			return true
		}
	}
	return false
}
