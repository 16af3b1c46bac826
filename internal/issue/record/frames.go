package record

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxListed bounds the frames that are read from a list.
const maxListed = 512

// joinFrames turns a list of frames into a text that the parsers read: lines stay as they are
// (backtraces of Ruby and PHP), maps with a function and a file become frames as Go prints them
// (zerolog's pkgerrors: func, source, line) or as Java prints them (log4j2, logback: class, method,
// file, line).
func joinFrames(list []any) string {
	var b strings.Builder
	for i, e := range list {
		if i == maxListed {
			break
		}
		switch v := e.(type) {
		case string:
			b.WriteString(v)
			b.WriteByte('\n')
		case map[string]any:
			writeFrame(&b, v)
		}
	}
	return b.String()
}

func writeFrame(b *strings.Builder, m map[string]any) {
	function := first(m, "func", "function", "method", "methodName", "name")
	file := first(m, "source", "file", "fileName", "filename")
	line := first(m, "line", "lineNumber", "lineno")
	if class := first(m, "class", "className", "declaringClass"); class != "" {
		switch {
		case file == "":
			file = "Unknown Source"
		case line != "":
			file += ":" + line
		}
		fmt.Fprintf(b, "\tat %s.%s(%s)\n", class, function, file)
		return
	}
	if function == "" && file == "" {
		return
	}
	if line == "" {
		line = "0"
	}
	fmt.Fprintf(b, "%s\n\t%s:%s\n", function, file, line)
}

// first returns the first of some keys that a map has, as text.
func first(m map[string]any, keys ...string) string {
	for _, k := range keys {
		switch v := m[k].(type) {
		case nil:
		case string:
			return v
		case float64, int64, json.Number:
			return fmt.Sprint(v)
		}
	}
	return ""
}

func decodeList(raw string) []any {
	var list []any
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil
	}
	return list
}
