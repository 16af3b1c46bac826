package stacktrace

import "strings"

// Elixir prints "** (Type) message" and crash-first frames "(app 1.0.0) lib/file.ex:12: Mod.fun/2"
// (Exception.format_stacktrace). Erlang's shell prints "in function  mod:fun/1 (src/mod.erl, line 3)",
// its reports the raw term [{mod,fun,1,[{file,"mod.erl"},{line,3}]}, ...].

var erlang = dialect{parse: parseErlang, library: erlangLibrary, clean: functionOnly(erlangClean)}

func parseErlang(s *scanner) bool {
	headStart, headEnd := -1, 0
	typed := false
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		f, ok := elixirFrame(body)
		if !ok {
			f, ok = erlangCall(body)
		}
		if ok {
			s.frameBelow(headStart, f)
			continue
		}
		if len(s.arena) > 0 {
			if body == "" || strings.HasPrefix(body, "*** ") || strings.HasPrefix(body, "(") {
				continue
			}
			break
		}
		if i := strings.Index(body, "** ("); i >= 0 && strings.IndexByte(body[i:], ')') > 0 {
			headStart, headEnd, typed = s.start+indent(line)+i, s.end(), true
			continue
		}
		if i := strings.Index(body, "exception "); i >= 0 && strings.IndexByte(body[i:], ':') > 0 && !typed {
			headStart, headEnd, typed = s.start+indent(line)+i, s.end(), true
			continue
		}
		if strings.Contains(body, "[{") && erlangTerms(s, body) {
			break
		}
		if typed && body != "" {
			headEnd = s.end()
		}
	}
	if len(s.arena) == 0 {
		return false
	}
	e := Exception{Parent: -1, Frames: s.framesFrom(0)}
	if typed {
		e.Type, e.Message = erlangTypeMessage(s.text[headStart:headEnd])
	} else if rest, ok := strings.CutPrefix(trimLeft(s.text[s.trace.Start:]), "** {"); ok {
		if i := strings.IndexByte(rest, ','); i > 0 {
			e.Type = strings.TrimLeft(rest[:i], "{")
		}
	}
	s.exception(e)
	return true
}

// erlangTypeMessage splits "** (KeyError) key :x not found" and "exception error: bad argument".
func erlangTypeMessage(head string) (typ, message string) {
	if rest, ok := strings.CutPrefix(head, "** ("); ok {
		i := strings.IndexByte(rest, ')')
		return rest[:i], strings.Trim(rest[i+1:], " \t\r\n")
	}
	rest := strings.TrimPrefix(head, "exception ")
	i := strings.IndexByte(rest, ':')
	return rest[:i], strings.Trim(rest[i+1:], " \t\r\n")
}

// elixirFrame reads "(stdlib 4.0) gen_server.erl:1123: :gen_server.try_dispatch/4".
func elixirFrame(body string) (Frame, bool) {
	rest, app := body, ""
	if strings.HasPrefix(rest, "(") {
		i := strings.IndexByte(rest, ')')
		if i < 0 || i+2 > len(rest) {
			return Frame{}, false
		}
		app, rest = rest[1:i], trimLeft(rest[i+1:])
		if j := strings.IndexByte(app, ' '); j > 0 {
			app = app[:j]
		}
	}
	f := Frame{}
	if app == "" && !strings.Contains(rest, ".ex") && !strings.Contains(rest, ".erl:") {
		return Frame{}, false
	}
	if i := strings.IndexByte(rest, ':'); i > 0 && (strings.HasSuffix(rest[:i], ".ex") || strings.HasSuffix(rest[:i], ".exs") || strings.HasSuffix(rest[:i], ".erl") || strings.HasSuffix(rest[:i], ".eex") || strings.HasSuffix(rest[:i], ".heex")) {
		n, l := number(rest[i+1:])
		if l == 0 || !strings.HasPrefix(rest[i+1+l:], ": ") {
			return Frame{}, false
		}
		f.File, f.Line = rest[:i], n
		rest = rest[i+1+l+2:]
	} else if app == "" {
		return Frame{}, false
	}
	slash := strings.LastIndexByte(rest, '/')
	if _, ok := wholeNumber(rest[slash+1:]); slash < 0 || !ok {
		// Arguments instead of the arity: the call that matched no clause.
		if !strings.HasSuffix(rest, ")") || strings.IndexByte(rest, '(') <= 0 {
			if rest == "(file)" || f.File != "" && strings.HasPrefix(rest, "(") {
				f.Function = rest
				return f, true
			}
			return Frame{}, false
		}
		slash = strings.IndexByte(rest, '(')
	}
	name := rest[:slash]
	f.Module, f.Function = elixirName(name)
	if app != "" && elixirDependency(app) {
		// A dependency's file keeps its application, which erlangLibrary tells it by.
		f.File = body[:max(offset(body, f.File)+len(f.File), strings.IndexByte(body, ')')+1)]
	}
	return f, true
}

// elixirName splits "MyApp.Cart.total" and "anonymous fn/1 in MyApp.Cart.total".
func elixirName(name string) (module, function string) {
	prefix := ""
	if i := strings.Index(name, " in "); strings.HasPrefix(name, "anonymous fn") && i > 0 {
		prefix, name = name[:i+4], name[i+4:]
	}
	quoted := strings.Index(name, `."`)
	dot := strings.LastIndexByte(name, '.')
	if quoted > 0 {
		dot = quoted
	}
	if dot <= 0 {
		return "", name
	}
	if prefix != "" {
		return name[:dot], "anonymous fn in " + name[dot+1:]
	}
	return name[:dot], name[dot+1:]
}

func elixirDependency(app string) bool {
	switch app {
	case "elixir", "stdlib", "kernel", "erts", "logger", "mix", "ex_unit", "iex", "eex", "phoenix", "phoenix_live_view", "phoenix_html", "phoenix_ecto", "phoenix_pubsub", "phoenix_template", "ecto", "ecto_sql",
		"plug", "plug_cowboy", "plug_crypto", "cowboy", "cowlib", "ranch", "bandit", "thousand_island", "db_connection", "postgrex", "myxql", "gen_stage", "oban", "absinthe", "absinthe_plug", "jason", "poison", "tesla",
		"finch", "mint", "telemetry", "hackney", "nimble_pool", "nimble_options", "broadway", "swoosh", "ssl", "inets", "crypto", "mnesia", "sentry", "opentelemetry", "decimal", "httpoison", "redix", "gettext", "guardian", "timex", "quantum", "horde", "libcluster", "amqp", "brod":
		return true
	}
	return false
}

// erlangCall reads "in function  shop:total/1 (src/shop.erl, line 12)" and "in call from ...".
func erlangCall(body string) (Frame, bool) {
	rest, ok := strings.CutPrefix(body, "in function ")
	if !ok {
		if rest, ok = strings.CutPrefix(body, "in call from "); !ok {
			return Frame{}, false
		}
	}
	rest = trimLeft(rest)
	f := Frame{}
	if i := strings.LastIndex(rest, " ("); i > 0 {
		place := strings.TrimSuffix(rest[i+2:], ")")
		if j := strings.Index(place, ", line "); j > 0 {
			f.File = place[:j]
			f.Line, _ = number(place[j+len(", line "):])
		}
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '/'); i > 0 {
		rest = rest[:i]
	}
	if i := strings.IndexByte(rest, ':'); i > 0 {
		f.Module, rest = rest[:i], rest[i+1:]
	}
	f.Function = trim(rest)
	return f, f.Function != ""
}

// erlangTerms reads the frames of a raw stack trace, which may go on over many lines.
func erlangTerms(s *scanner, body string) bool {
	at := offset(s.text, body)
	text := s.text[max(at, 0):]
	for pos := 0; ; {
		i := strings.Index(text[pos:], "[{file,\"")
		if i < 0 {
			break
		}
		i += pos
		pos = i + len("[{file,\"")
		end := strings.IndexByte(text[pos:], '"')
		if end < 0 {
			break
		}
		f := Frame{File: text[pos : pos+end]}
		pos += end
		if j := strings.Index(text[pos:], "{line,"); j >= 0 && j < 8 {
			f.Line, _ = number(text[pos+j+len("{line,"):])
		}
		// "{mod,fun,1," stands before the place.
		head := strings.TrimRight(text[:i], " \t\r\n,")
		open := strings.LastIndexByte(head, '{')
		if open < 0 {
			continue
		}
		module, rest, _ := strings.Cut(head[open+1:], ",")
		function, _, _ := strings.Cut(rest, ",")
		f.Module, f.Function = trim(module), strings.Trim(function, "' \t\r\n")
		if f.Function == "" {
			continue
		}
		s.grow(1)
		if len(s.arena) == 0 {
			s.trace.Start = s.start
		}
		if !s.frame(f) {
			break
		}
		s.trace.End = max(at, 0) + pos
	}
	return len(s.arena) > 0
}

func erlangLibrary(f *Frame, _ []Frame) bool {
	if strings.HasPrefix(f.File, "(") || strings.Contains(f.File, "deps/") || strings.Contains(f.File, "/_build/") {
		return true
	}
	switch strings.TrimPrefix(f.Module, ":") {
	case "gen_server", "gen_statem", "gen_event", "gen", "proc_lib", "supervisor", "lists", "maps", "erlang", "erl_eval", "shell", "timer", "ets", "dict", "string", "binary", "io", "io_lib", "application", "application_master", "gen_fsm", "error_handler", "erl_internal", "rpc", "global", "file", "init":
		return true
	}
	return false
}

// erlangClean takes the number off the name of a fun: "-handle/2-fun-0-".
func erlangClean(name string) string { return dropNumbers(name, "fun-") }
