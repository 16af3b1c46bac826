package sentryproto

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Normalize makes an event keep the limits of Relay's schema, so that none of its fields comes back
// as an error or is cut by the server.
func (e *Event) Normalize() {
	e.Logger = Cut(oneLine(e.Logger), maxLogger)
	e.Transaction = Cut(e.Transaction, maxTransaction)
	e.ServerName = Cut(e.ServerName, maxServerName)
	e.Release = Release(e.Release)
	e.Dist = Dist(e.Dist)
	e.Environment = Environment(e.Environment)
	if e.LogEntry != nil {
		e.LogEntry.Message = Cut(e.LogEntry.Message, maxMessage)
		e.LogEntry.Formatted = Cut(e.LogEntry.Formatted, maxMessage)
	}
	if e.Exception != nil {
		for i := range e.Exception.Values {
			e.Exception.Values[i].normalize()
		}
	}
	if e.Threads != nil {
		for i := range e.Threads.Values {
			e.Threads.Values[i].Stacktrace.normalize()
		}
	}
	e.normalizeBreadcrumbs()
	e.normalizeUser()
	if r := e.Request; r != nil {
		r.URL = Cut(r.URL, maxURL)
		r.QueryString = Cut(r.QueryString, maxMessage)
		boundMap(r.Cookies, maxHeader, maxMessage)
		r.Method = method(r.Method)
		boundMap(r.Headers, maxHeader, 4*maxMessage)
	}
	for _, c := range e.Contexts {
		c.bound(maxContext)
	}
	e.Tags = validTags(e.Tags)
	boundMap(e.Extra, maxExtraValue, maxExtraTotal)
}

func (x *Exception) normalize() {
	x.Type = Cut(x.Type, maxType)
	x.Value = Cut(x.Value, maxMessage)
	x.Module = Cut(x.Module, maxModule)
	if x.Type == "" && x.Value == "" {
		x.Type = "Error" // Relay discards an exception without both
	}
	x.Stacktrace.normalize()
}

func (s *Stacktrace) normalize() {
	if s == nil {
		return
	}
	if over := len(s.Frames) - maxFrames; over > 0 {
		s.Frames = s.Frames[over:]
	}
	for i := range s.Frames {
		f := &s.Frames[i]
		f.Filename = cutHead(f.Filename, maxPath)
		f.AbsPath = cutHead(f.AbsPath, maxPath)
		f.Function = Cut(f.Function, maxFunction)
		f.Module = cutHead(f.Module, maxModule)
		if f.Filename == "" && f.Function == "" {
			f.Function = "?"
		}
		f.ContextLine = Cut(f.ContextLine, maxPath)
		for _, lines := range [][]string{f.PreContext, f.PostContext} {
			for j := range lines {
				lines[j] = Cut(lines[j], maxPath)
			}
		}
		boundMap(f.Vars, 1024, 4096)
	}
}

func (e *Event) normalizeBreadcrumbs() {
	if e.Breadcrumbs == nil {
		return
	}
	v := e.Breadcrumbs.Values
	v = v[max(0, len(v)-maxBreadcrumbs):]
	for i := range v {
		v[i].Category = Cut(v[i].Category, 128)
		v[i].Message = Cut(v[i].Message, maxMessage)
		boundMap(v[i].Data, maxHeader, maxCrumbData)
	}
	e.Breadcrumbs.Values = v
}

func (e *Event) normalizeUser() {
	u := e.User
	if u == nil {
		return
	}
	u.ID = Cut(u.ID, maxUserID)
	u.Email = Cut(u.Email, maxEmail)
	u.Username = Cut(u.Username, maxUserID)
	u.Name = Cut(u.Name, maxUserID)
	u.IPAddress = IPAddress(u.IPAddress)
	boundMap(u.Data, 1024, maxCrumbData)
	if u.ID == "" && u.Email == "" && u.Username == "" && u.Name == "" && u.IPAddress == "" && len(u.Data) == 0 {
		e.User = nil
	}
}

// method returns a method in upper case; "" for what is none (relay: only letters, - and _).
func method(s string) string {
	s = strings.ToUpper(s)
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return ""
		}
	}
	return s[:min(len(s), 20)]
}

func validTags(tags map[string]string) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	out := make(map[string]string, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if k, v, ok := Tag(key, tags[key]); ok && out[k] == "" {
			out[k] = v
		}
	}
	return out
}

// boundMap shortens values to each bytes and removes what goes over total, the largest values first.
func boundMap(m map[string]string, each, total int) {
	sum := 0
	for k, v := range m {
		if len(v) > each {
			v = Cut(v, each/4+each/2)
			m[k] = v
		}
		sum += len(k) + len(v) + 6
	}
	if sum <= total {
		return
	}
	keys := slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b)+len(m[b]), len(a)+len(m[a])), cmp.Compare(a, b))
	})
	for _, k := range keys {
		if sum <= total {
			return
		}
		sum -= len(k) + len(m[k]) + 6
		delete(m, k)
	}
}

// bound keeps a context below a number of bytes, roughly as its JSON has them.
func (c Context) bound(total int) {
	inner := 0
	for _, v := range c {
		if _, ok := v.(map[string]string); ok {
			inner++
		}
	}
	for k, v := range c {
		switch v := v.(type) {
		case string:
			c[k] = Cut(v, total/8)
		case map[string]string:
			boundMap(v, total/inner/4, total/inner)
		}
	}
}
