package stacktrace

import "strings"

// Perl's Carp prints "message at FILE line N." and then each caller as "sub(args) called at FILE
// line N" (https://perldoc.perl.org/Carp). A line names the sub that was called at that place, so
// the crash site is the first place with the first sub.

var perl = dialect{parse: parsePerl, library: perlLibrary, clean: functionOnly(perlClean)}

func parsePerl(s *scanner) bool {
	from, record := -1, false // of the message; the line that introduces the record is none
	for {
		line, ok := s.next()
		if !ok {
			return false
		}
		body := trim(line)
		if body == "" {
			continue
		}
		if starts := startsRecord(body); from < 0 || starts || record {
			from, record = s.start+indent(line), starts
		}
		message, file, number, ok := perlPlace(body)
		if !ok || strings.HasSuffix(message, " called") {
			continue
		}
		next, more := s.peek()
		called := more && strings.Contains(next, " called at ")
		if !called && more && trim(next) != "" && !strings.HasPrefix(trim(next), "at ") {
			if _, _, _, ok := perlPlace(trim(next)); ok {
				continue // a message that quotes another place
			}
		}
		if !called && strings.Contains(s.text[s.pos:], " called at ") {
			continue // the message goes on
		}
		end := s.start + indent(line) + len(message)
		return perlFrames(s, from, end, Frame{File: file, Line: number}, called)
	}
}

func perlFrames(s *scanner, from, end int, place Frame, called bool) bool {
	s.grow(1)
	s.trace.Start, s.trace.End = from, s.end()
	for called {
		line, ok := s.next()
		if !ok {
			break
		}
		call, file, n, ok := perlPlace(trim(line))
		if !ok || !strings.HasSuffix(call, " called") {
			s.back()
			break
		}
		place.Module, place.Function = perlName(strings.TrimSuffix(call, " called"))
		s.frame(place)
		place = Frame{File: file, Line: n}
		s.trace.End = s.end()
	}
	place.Function = "main"
	s.frame(place)
	s.exception(Exception{Type: "die", Message: strings.TrimRight(s.text[from:max(end, from)], " \t\r\n"), Parent: -1, Frames: s.framesFrom(0)})
	return true
}

// perlPlace splits "text at FILE line N" from the right; "." and ", <FH> line 5." may follow.
func perlPlace(body string) (text, file string, line int, ok bool) {
	end := len(body)
	if end > 0 && body[end-1] == '.' {
		end--
	}
	digits := end
	for digits > 0 && isDigit(body[digits-1]) {
		digits--
	}
	if digits == end || !strings.HasSuffix(body[:digits], " line ") {
		return "", "", 0, false
	}
	head := body[:digits-len(" line ")]
	if handle := strings.LastIndexByte(head, ','); handle > 0 && strings.HasPrefix(head[handle:], ", <") {
		if i := strings.LastIndexByte(head[:handle], ' '); i >= len(" line") && strings.HasSuffix(head[:i], " line") {
			return perlPlace(head[:handle]) // "..., <STDIN> line 5."
		}
	}
	line, _ = number(body[digits:end])
	// A file seldom has a blank in its name.
	if i := strings.LastIndexByte(head, ' '); i >= 0 && strings.HasSuffix(head[:i], " at") {
		return head[:i-len(" at")], head[i+1:], line, true
	}
	if at := strings.LastIndex(head, " at "); at >= 0 {
		return head[:at], head[at+len(" at "):], line, true
	}
	if rest, ok := strings.CutPrefix(head, "at "); ok {
		return "", rest, line, true
	}
	return "", "", 0, false
}

// perlName splits "Shop::Orders::total(Shop::Orders=HASH(0x55d5), 3)" into package and sub.
func perlName(call string) (module, function string) {
	if strings.HasPrefix(call, "eval ") || strings.HasPrefix(call, "require ") {
		return "", call
	}
	if i := strings.IndexByte(call, '('); i > 0 {
		call = call[:i]
	}
	if i := strings.LastIndex(call, "::"); i > 0 {
		return call[:i], call[i+2:]
	}
	return "", call
}

func perlLibrary(f *Frame, _ []Frame) bool {
	if f.Module == "Carp" || strings.HasPrefix(f.Module, "Carp::") || f.Module == "Try::Tiny" || strings.HasPrefix(f.Module, "Moose::") || strings.HasPrefix(f.Module, "Class::MOP") {
		return true
	}
	i := strings.Index(f.File, "perl")
	if i < 0 {
		return false
	}
	if strings.HasPrefix(f.File, "/usr/") {
		return strings.HasPrefix(f.File, "/usr/share/perl") || strings.HasPrefix(f.File, "/usr/lib/") || strings.HasPrefix(f.File, "/usr/local/share/perl") || strings.HasPrefix(f.File, "/usr/local/lib/perl")
	}
	for _, dir := range [...]string{"/perl5/", "/site_perl/", "/vendor_perl/", "/perl-base/", "/perl/5.", "/core_perl/", `\perl\lib\`, `\perl\site\`, `\perl\vendor\`} {
		if strings.Contains(f.File, dir) {
			return true
		}
	}
	return false
}

// perlClean takes the place off anonymous subs and the number off evals.
func perlClean(name string) string {
	if i := strings.Index(name, "__ANON__["); i >= 0 {
		return name[:i+len("__ANON__")]
	}
	if strings.HasPrefix(name, "(eval ") {
		return "(eval)"
	}
	if strings.HasPrefix(name, "eval ") {
		return "eval"
	}
	return name
}
