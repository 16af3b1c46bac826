package stacktrace

import "strings"

// Dart numbers its frames "#0      Cart.total (package:shop/cart.dart:12:5)", crash first;
// package:stack_trace prints "package:shop/cart.dart 12:5  Cart.total".

var dart = dialect{parse: parseDart, library: dartLibrary, clean: functionOnly(dartClean)}

func parseDart(s *scanner) bool {
	headStart, headEnd := -1, 0
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		f, ok := dartFrame(body)
		if !ok {
			f, ok = dartTerse(body)
		}
		if ok {
			s.frameBelow(headStart, f)
			continue
		}
		if len(s.arena) > 0 {
			if body == "<asynchronous suspension>" || strings.HasPrefix(body, "===== asynchronous gap") || strings.HasPrefix(body, "(elided ") || body == "..." || strings.HasPrefix(body, "...") {
				s.trace.End = s.end()
				continue
			}
			break
		}
		switch {
		case body == "" || strings.HasPrefix(body, "Unhandled exception:") && len(body) == len("Unhandled exception:") || strings.HasPrefix(body, "When the exception was thrown"):
		case headStart < 0 || startsRecord(body):
			body = strings.TrimPrefix(strings.TrimPrefix(body, "Unhandled exception: "), "Unhandled Exception: ")
			if i := strings.Index(body, "Unhandled Exception: "); i > 0 {
				body = body[i+len("Unhandled Exception: "):]
			}
			headStart = max(offset(s.text, body), s.start)
			headEnd = s.end()
		default:
			headEnd = s.end()
		}
	}
	if len(s.arena) == 0 {
		return false
	}
	e := Exception{Parent: -1, Frames: s.framesFrom(0)}
	if headStart >= 0 {
		e.Type, e.Message = dartTypeMessage(s.text[headStart:headEnd])
	}
	s.exception(e)
	return true
}

// dartTypeMessage splits "FormatException: bad date" and "Unsupported operation: ...".
func dartTypeMessage(head string) (typ, message string) {
	head = strings.Trim(head, " \t\r\n")
	n := 0
	for n < len(head) && (isWord(head[n]) || head[n] == '.' || head[n] == '$') {
		n++
	}
	if n > 0 && n < len(head) && (strings.HasPrefix(head[n:], ": ") || strings.HasPrefix(head[n:], " (")) && isUpper(head[0]) {
		return head[:n], strings.TrimPrefix(strings.TrimPrefix(head[n:], ":"), " ")
	}
	if i := errorType(firstLine(head)); i >= 0 {
		if j := strings.IndexByte(head[i:], ':'); j > 0 {
			return head[i : i+j], trim(head[i+j+1:])
		}
	}
	return "", head
}

// dartFrame reads "#1      new Foo.bar.<anonymous closure> (dart:async/zone.dart:12:5)".
func dartFrame(body string) (Frame, bool) {
	if len(body) < 8 || body[0] != '#' || !strings.HasSuffix(body, ")") {
		return Frame{}, false
	}
	_, n := number(body[1:])
	if n == 0 || 1+n >= len(body) || body[1+n] != ' ' {
		return Frame{}, false
	}
	rest := trimLeft(body[1+n:])
	i := strings.LastIndex(rest, " (")
	if i <= 0 {
		return Frame{}, false
	}
	place := rest[i+2 : len(rest)-1]
	if !strings.Contains(place, ".dart") && !strings.HasPrefix(place, "dart:") && !strings.HasPrefix(place, "package:") {
		return Frame{}, false
	}
	f := Frame{Function: trim(rest[:i])}
	var ok bool
	if f.File, f.Line, f.Column, ok = lineColumn(place); !ok {
		f.File = place
	}
	return f, true
}

func dartTerse(body string) (Frame, bool) {
	i := strings.Index(body, ".dart ")
	if i < 0 {
		return Frame{}, false
	}
	i += len(".dart")
	file, rest := body[:i], trimLeft(body[i:])
	if strings.IndexByte(file, ' ') >= 0 {
		return Frame{}, false
	}
	line, n := number(rest)
	if n == 0 {
		return Frame{}, false
	}
	f := Frame{File: file, Line: line}
	if rest = rest[n:]; strings.HasPrefix(rest, ":") {
		f.Column, n = number(rest[1:])
		rest = rest[1+n:]
	}
	f.Function = trim(rest)
	return f, f.Function != ""
}

func dartLibrary(f *Frame, _ []Frame) bool {
	rest, ok := strings.CutPrefix(f.File, "package:")
	if !ok {
		return strings.HasPrefix(f.File, "dart:") || strings.Contains(f.File, "/.pub-cache/") || strings.HasPrefix(f.File, "org-dartlang")
	}
	if i := strings.IndexByte(rest, '/'); i > 0 {
		rest = rest[:i]
	}
	switch rest {
	case "flutter", "flutter_test", "test", "test_api", "async", "http", "dio", "bloc", "flutter_bloc", "provider", "riverpod", "flutter_riverpod", "rxdart", "stack_trace", "collection", "mobx", "get", "shelf", "shelf_router", "grpc", "firebase_core", "cloud_firestore", "sentry", "sentry_flutter", "go_router", "hive", "sqflite", "drift", "intl", "path", "stream_channel":
		return true
	}
	return false
}

// dartClean takes the number of the library off a private name: "_load@12345".
func dartClean(name string) string { return dropNumbers(name, "@") }
