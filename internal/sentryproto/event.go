package sentryproto

import (
	"bytes"
	"encoding/json"
	"time"
)

// Event is an error event as it is written
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/). What a field may hold is
// Relay's schema, relay-event-schema/src/protocol; [Event.Normalize] makes an event keep it.
type Event struct {
	EventID     string             `json:"event_id"`  // 32 lower-case hex digits
	Timestamp   string             `json:"timestamp"` // [FormatTime]
	Platform    string             `json:"platform"`
	Level       string             `json:"level,omitempty"` // fatal, error, warning, info, debug
	Logger      string             `json:"logger,omitempty"`
	Transaction string             `json:"transaction,omitempty"`
	ServerName  string             `json:"server_name,omitempty"`
	Release     string             `json:"release,omitempty"`
	Dist        string             `json:"dist,omitempty"`
	Environment string             `json:"environment,omitempty"`
	Fingerprint []string           `json:"fingerprint,omitempty"`
	LogEntry    *LogEntry          `json:"logentry,omitempty"`
	Exception   *List[Exception]   `json:"exception,omitempty"` // oldest cause first
	Threads     *List[Thread]      `json:"threads,omitempty"`
	Breadcrumbs *List[Breadcrumb]  `json:"breadcrumbs,omitempty"` // oldest first
	User        *User              `json:"user,omitempty"`
	Request     *Request           `json:"request,omitempty"`
	Contexts    map[string]Context `json:"contexts,omitempty"`
	Tags        map[string]string  `json:"tags,omitempty"`
	Extra       map[string]string  `json:"extra,omitempty"`
	SDK         *SDK               `json:"sdk,omitempty"`
}

// List is written as {"values": […]}: some servers do not take a bare list.
type List[T any] struct {
	Values []T `json:"values"`
}

// Context is one of the objects below contexts.
type Context map[string]any

// LogEntry is a log message: the text and the template it was made from.
type LogEntry struct {
	Message   string `json:"message,omitempty"`
	Formatted string `json:"formatted,omitempty"`
}

// Exception is one link of a chain.
type Exception struct {
	Type       string      `json:"type,omitempty"`
	Value      string      `json:"value,omitempty"`
	Module     string      `json:"module,omitempty"`
	Mechanism  *Mechanism  `json:"mechanism,omitempty"`
	Stacktrace *Stacktrace `json:"stacktrace,omitempty"`
}

// Mechanism says how an exception came into the event and where it stands in the tree of causes.
type Mechanism struct {
	Type        string `json:"type"`
	Handled     *bool  `json:"handled,omitempty"`
	Source      string `json:"source,omitempty"` // "cause", "__cause__", "errors[0]"; no blanks
	Group       bool   `json:"is_exception_group,omitempty"`
	ExceptionID int    `json:"exception_id"`        // 0 = the last of the list
	ParentID    *int   `json:"parent_id,omitempty"` // nil for ID 0
}

// Stacktrace holds frames, the oldest caller first.
type Stacktrace struct {
	Frames []Frame `json:"frames"`
}

// Frame is one call. One of Filename and Function must be there.
type Frame struct {
	Filename    string            `json:"filename,omitempty"`
	AbsPath     string            `json:"abs_path,omitempty"`
	Function    string            `json:"function,omitempty"`
	Module      string            `json:"module,omitempty"`
	Line        int               `json:"lineno,omitempty"`
	Column      int               `json:"colno,omitempty"`
	InApp       bool              `json:"in_app"`
	PreContext  []string          `json:"pre_context,omitempty"`
	ContextLine string            `json:"context_line,omitempty"`
	PostContext []string          `json:"post_context,omitempty"`
	Vars        map[string]string `json:"vars,omitempty"`
}

// Thread carries a stack that belongs to no exception.
type Thread struct {
	ID         string      `json:"id"`
	Current    bool        `json:"current"`
	Crashed    bool        `json:"crashed"`
	Stacktrace *Stacktrace `json:"stacktrace,omitempty"`
}

// Breadcrumb is something that happened before the error.
type Breadcrumb struct {
	Timestamp string            `json:"timestamp,omitempty"` // [FormatTime]
	Type      string            `json:"type,omitempty"`
	Category  string            `json:"category,omitempty"`
	Level     string            `json:"level,omitempty"`
	Message   string            `json:"message,omitempty"`
	Data      map[string]string `json:"data,omitempty"`
}

// User is who was affected.
type User struct {
	ID        string            `json:"id,omitempty"`
	Email     string            `json:"email,omitempty"`
	Username  string            `json:"username,omitempty"`
	Name      string            `json:"name,omitempty"`
	IPAddress string            `json:"ip_address,omitempty"` // must be an address
	Data      map[string]string `json:"data,omitempty"`
}

// Request is the HTTP request that was served.
type Request struct {
	URL         string            `json:"url,omitempty"`
	Method      string            `json:"method,omitempty"`
	QueryString string            `json:"query_string,omitempty"`
	Cookies     map[string]string `json:"cookies,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Env         map[string]string `json:"env,omitempty"`
}

// SDK names the program that made the event.
type SDK struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// FormatTime writes a time as Sentry reads it: RFC 3339 in UTC, with microseconds.
func FormatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// Marshal returns the event's JSON.
func (e *Event) Marshal() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // half the size for URLs and markup
	if err := enc.Encode(e); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
