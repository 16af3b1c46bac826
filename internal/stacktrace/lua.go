package stacktrace

import "strings"

// Lua prints the message, "stack traceback:" and a frame a line, crash first (debug.traceback,
// https://www.lua.org/manual/5.4/manual.html#pdf-debug.traceback). nginx says "coroutine 0:" between, and appends
// what it knows of the request to the last frame.

var lua = dialect{parse: parseLua, library: luaLibrary, clean: functionOnly(luaClean)}

const luaHeader = "stack traceback:"

func parseLua(s *scanner) bool {
	from, end := -1, 0 // of the message
	for {
		line, ok := s.next()
		if !ok {
			return false
		}
		body := trim(line)
		if body == luaHeader {
			break
		}
		if body != "" && (from < 0 || startsRecord(body)) {
			from = s.start + indent(line)
		}
		if body != "" {
			end = s.end()
		}
	}
	s.trace.Start, s.trace.End = s.start, s.end()
	if from >= 0 {
		s.trace.Start = from
	}
	s.grow(1)
	again := false // behind the frames of an error that was handled come those of the one that quotes it
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		f, ok := luaFrame(body)
		switch {
		case ok && !again:
			if f.File != "" || f.Function != "" {
				s.frame(f)
			}
		case ok, body == luaHeader, luaBetween(body):
			again = again || body == luaHeader
		default:
			s.back()
			return luaException(s, from, end)
		}
		s.trace.End = s.end()
	}
	return luaException(s, from, end)
}

func luaException(s *scanner, from, end int) bool {
	if len(s.arena) == 0 {
		return false
	}
	e := Exception{Type: "error", Parent: -1, Frames: s.framesFrom(0)}
	if from >= 0 {
		var file string
		var line int
		file, line, e.Message = luaMessage(s.text[from:end])
		if f := &e.Frames[0]; f.Line == 0 && f.File == file {
			f.Line = line // LuaJIT leaves it out
		}
	}
	s.exception(e)
	return true
}

// luaFollows tells whether the text below the header begins with a frame.
func luaFollows(rest string) bool {
	for line := range strings.Lines(rest) {
		body := trim(strings.TrimSuffix(line, "\n"))
		if luaBetween(body) {
			continue
		}
		_, ok := luaFrame(body)
		return ok
	}
	return false
}

// luaBetween tells lines that stand among frames.
func luaBetween(body string) bool {
	return strings.HasPrefix(body, "...") || strings.HasPrefix(body, "(...tail calls") || strings.HasPrefix(body, "(tail call") ||
		strings.HasPrefix(body, "coroutine ") && strings.HasSuffix(body, ":")
}

// luaMessage takes the interpreter's name and the place, which is the first frame's, off the message.
func luaMessage(head string) (file string, line int, message string) {
	if i := strings.Index(head, "runtime error: "); i >= 0 { // nginx
		head = head[i+len("runtime error: "):]
	} else if i := strings.Index(head, ": "); i > 0 && strings.HasPrefix(head, "lua") && strings.IndexByte(head[:i], ' ') < 0 {
		head = head[i+len(": "):]
	}
	i := strings.Index(head, ": ")
	if i <= 0 || strings.IndexByte(head[:i], ' ') >= 0 && head[0] != '[' {
		return "", 0, head
	}
	if file, line = luaPlace(head[:i]); line == 0 {
		return "", 0, head
	}
	return file, line, head[i+len(": "):]
}

// luaFrame reads "shop/app.lua:9: in function 'total'". The host's own entry, "[C]: in ?", is a frame without anything.
func luaFrame(body string) (Frame, bool) {
	place, rest, ok := strings.Cut(body, ": in ")
	if !ok {
		native, ok := strings.CutPrefix(body, "[C]: ")
		return Frame{}, ok && (native == "?" || strings.HasPrefix(native, "at 0x"))
	}
	f := Frame{}
	if place != "[C]" {
		f.File, f.Line = luaPlace(place)
	}
	if i := strings.Index(rest, ", client: "); i > 0 {
		rest = rest[:i]
	}
	switch {
	case rest == "?":
	case rest == "main chunk":
		f.Function = rest
	default:
		_, name, ok := strings.Cut(rest, " ") // function, method, field, local, upvalue, global, metamethod
		if !ok || len(name) < 2 || name[0] != '\'' && name[0] != '<' && name[0] != '`' {
			return Frame{}, false
		}
		f.Function = name
		if name[0] != '<' {
			f.Function = name[1 : len(name)-1]
		}
	}
	return f, true
}

// luaPlace splits "shop/app.lua:9"; a file may come without a line. Code within nginx.conf is named after the line of its
// directive, "content_by_lua(nginx.conf:12):3", and counts from there.
func luaPlace(place string) (file string, line int) {
	i := strings.LastIndexByte(place, ':')
	if i <= 0 {
		return place, 0
	}
	line, ok := wholeNumber(place[i+1:])
	if !ok {
		return place, 0
	}
	file = place[:i]
	if _, in, ok := strings.Cut(file, luaDirective); ok && strings.HasSuffix(in, ")") {
		if in, at := luaPlace(in[:len(in)-1]); at > 0 {
			return in, at + line - 1
		}
	}
	return file, line
}

const luaDirective = "_by_lua("

func luaLibrary(f *Frame, _ []Frame) bool {
	if f.File == "" {
		return true // written in C
	}
	for _, dir := range [...]string{"/share/lua/", "/lib/lua/", "/lua_modules/", "/luarocks/", "/lualib/"} {
		if strings.Contains(f.File, dir) {
			return true
		}
	}
	return false
}

// luaClean names a function without a name after where it stands, without the line: "<shop/app.lua:9>".
func luaClean(name string) string {
	if !strings.HasPrefix(name, "<") {
		return name
	}
	if i := strings.Index(name, luaDirective); i > 0 {
		return name[1 : i+len(luaDirective)-1]
	}
	if i := strings.LastIndexByte(name, ':'); i > 0 {
		return name[1:i]
	}
	return name
}
