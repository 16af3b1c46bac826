package stacktrace

import "strings"

// Swift prints "Fatal error: message: file main.swift, line 5" or "main.swift:5: Fatal error: ...",
// then numbered frames: with symbols by its own printer since 5.9, "0 0x0000 total(_:) + 16 in shop at
// /srv/main.swift:5:3", else by the platform's, "0   libswiftCore.so  0x00007f  symbol + 112".

var swift = dialect{parse: parseSwift, library: swiftLibrary, clean: functionOnly(swiftClean)}

func parseSwift(s *scanner) bool {
	head, headStart := "", -1
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if f, ok := swiftFrame(body); ok {
			s.frameBelow(headStart, f)
			continue
		}
		if len(s.arena) > 0 {
			// Source lines stand between the frames of the new printer.
			if body == "" || strings.Contains(body, "│") || strings.HasPrefix(body, "...") {
				continue
			}
			break
		}
		if i := strings.Index(body, "Fatal error"); i >= 0 {
			head, headStart = body[i:], s.start+indent(line)+i
		} else if i := strings.Index(body, "Precondition failed"); i >= 0 {
			head, headStart = body[i:], s.start+indent(line)+i
		} else if i := strings.Index(body, "Program crashed: "); i >= 0 && headStart < 0 {
			head, headStart = body[i:], s.start+indent(line)+i
		}
	}
	if len(s.arena) == 0 {
		return false
	}
	e := Exception{Parent: -1, Frames: s.framesFrom(0)}
	if headStart >= 0 {
		e.Type = "Fatal error"
		message := strings.TrimPrefix(strings.TrimPrefix(head, "Fatal error"), ": ")
		if strings.HasPrefix(head, "Precondition failed") {
			e.Type, message = "Precondition failed", strings.TrimPrefix(strings.TrimPrefix(head, "Precondition failed"), ": ")
		}
		if rest, ok := strings.CutPrefix(head, "Program crashed: "); ok {
			e.Type = "Program crashed"
			message, _, _ = strings.Cut(rest, " at 0x")
		}
		if i := strings.LastIndex(message, ": file "); i >= 0 {
			message = message[:i]
		}
		e.Message = message
	}
	s.exception(e)
	return true
}

func swiftFrame(body string) (Frame, bool) {
	_, n := number(body)
	if n == 0 || n >= len(body) || body[n] != ' ' && body[n] != '\t' {
		return Frame{}, false
	}
	rest, system := trimLeft(body[n:]), false
	for strings.HasPrefix(rest, "[") { // [ra], [async], [inlined], [system], [thunk]
		i := strings.IndexByte(rest, ']')
		if i < 0 {
			break
		}
		system = system || rest[:i] == "[system"
		rest = trimLeft(rest[i+1:])
	}
	f := Frame{}
	if strings.HasPrefix(rest, "0x") {
		i := strings.IndexByte(rest, ' ')
		if i < 0 {
			return Frame{}, false
		}
		rest = trimLeft(rest[i:])
		if i = strings.LastIndex(rest, " in "); i < 0 {
			return Frame{}, false
		}
		place := rest[i+len(" in "):]
		f.Function = rest[:i]
		f.Module = place
		if j := strings.Index(place, " at "); j >= 0 {
			f.Module = place[:j]
			f.File, f.Line, f.Column, _ = lineColumn(place[j+len(" at "):])
		} else if system && !strings.HasPrefix(place, "lib") {
			f.Module = "lib" + place
		}
	} else {
		i := strings.Index(rest, " 0x")
		if i <= 0 {
			return Frame{}, false
		}
		f.Module = trimRight(rest[:i])
		rest = rest[i+1:]
		if i = strings.IndexByte(rest, ' '); i < 0 {
			return Frame{}, false
		}
		f.Function = trimLeft(rest[i:])
	}
	if i := strings.LastIndex(f.Function, " + "); i > 0 {
		f.Function = f.Function[:i]
	}
	return f, f.Function != ""
}

func swiftLibrary(f *Frame, _ []Frame) bool {
	if strings.HasPrefix(f.Module, "lib") && (strings.Contains(f.Module, ".so") || strings.Contains(f.Module, ".dylib")) {
		return true
	}
	switch f.Module {
	case "Foundation", "UIKitCore", "UIKit", "AppKit", "CoreFoundation", "GraphicsServices", "dyld", "SwiftUI", "NIOPosix", "NIOCore", "NIO", "Vapor", "Fluent":
		return true
	}
	return strings.Contains(f.File, "/.build/checkouts/")
}

func swiftClean(name string) string {
	return dropNumbers(strings.TrimPrefix(strings.TrimPrefix(name, "specialized "), "@objc "), "closure #")
}
