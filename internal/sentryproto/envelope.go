package sentryproto

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
)

// Content types of an envelope and of the item payloads that hold several entries
// (https://develop.sentry.dev/sdk/foundations/transport/envelope-items/).
const (
	ContentTypeEnvelope = "application/x-sentry-envelope"
	ContentTypeSpanV2   = "application/vnd.sentry.items.span.v2+json"
)

// Item types that are told apart here. There are more; an unknown one is legal.
const (
	ItemEvent        = "event"
	ItemTransaction  = "transaction"
	ItemSpan         = "span"
	ItemLog          = "log"
	ItemTraceMetric  = "trace_metric"
	ItemSession      = "session"
	ItemSessions     = "sessions"
	ItemCheckIn      = "check_in"
	ItemFeedback     = "feedback"
	ItemUserReport   = "user_report"
	ItemClientReport = "client_report"
	ItemAttachment   = "attachment"
)

// Errors of the framing. Relay answers all of them with 400.
var (
	ErrEnvelopeHeader = errors.New("invalid envelope header: it must be one line with a JSON object")
	ErrItemHeader     = errors.New("invalid item header: it must be one line with a JSON object that has a 'type'")
	ErrItemLength     = errors.New("invalid item length: it must be a non-negative number")
	ErrItemTruncated  = errors.New("the envelope ends before the item's length is reached")
	ErrItemNewline    = errors.New("no newline behind the item's payload: the length is wrong")
)

// Envelope is a parsed envelope. All byte slices point into the parsed data.
type Envelope struct {
	Header Value // the envelope's header, an object
	EventID,
	DSN,
	SentAt string
	Items []Item
}

// Item is one part of an envelope.
type Item struct {
	Type           string
	ContentType    string
	Filename       string
	AttachmentType string
	Payload        []byte
}

// EnvelopeReader reads envelopes. It can be used again, which makes the header and the list of items of
// the envelope before invalid; strings and payloads stay valid.
type EnvelopeReader struct {
	header, item Parser
	items        []Item
}

// ParseEnvelope reads one envelope. See [EnvelopeReader.Read].
func ParseEnvelope(data []byte, maxItems int) (Envelope, error) {
	return new(EnvelopeReader).Read(data, maxItems)
}

// Forget lets go of the envelope. See [Parser.Forget].
func (r *EnvelopeReader) Forget() {
	r.header.Forget()
	r.item.Forget()
	clear(r.items)
	r.items = r.items[:0]
}

// Read reads an envelope according to
// https://develop.sentry.dev/sdk/foundations/transport/envelopes/: only a line feed ends a line, an
// item without length ends at the next line feed, and the last line feed may be missing. More than maxItems
// are an error, so that a body of tiny items cannot make many objects out of few bytes.
func (r *EnvelopeReader) Read(data []byte, maxItems int) (Envelope, error) {
	e := Envelope{Items: r.items[:0]}
	line, rest := cutLine(data)
	header, err := r.header.Parse(line)
	if err != nil || header.Kind() != Object {
		return e, ErrEnvelopeHeader
	}
	e.Header = header
	for k, v := range header.Members() {
		switch k {
		case "event_id":
			e.EventID = v.Str()
		case "dsn":
			e.DSN = v.Str()
		case "sent_at":
			e.SentAt = v.Str()
		}
	}
	for len(rest) > 0 {
		if rest[0] == '\n' { // the optional newline at the end; Relay skips any number of empty lines
			rest = rest[1:]
			continue
		}
		if len(e.Items) >= maxItems {
			return e, ErrTooManyItems
		}
		var item Item
		if item, rest, err = r.readItem(rest); err != nil {
			return e, err
		}
		e.Items = append(e.Items, item)
		r.items = e.Items
	}
	return e, nil
}

// ErrTooManyItems is returned for an envelope with more items than the caller allows.
var ErrTooManyItems = errors.New("too many items in one envelope")

func (r *EnvelopeReader) readItem(data []byte) (item Item, rest []byte, err error) {
	line, rest := cutLine(data)
	header, err := r.item.Parse(line)
	if err != nil || header.Kind() != Object {
		return item, nil, ErrItemHeader
	}
	length, explicit := 0, false
	for k, v := range header.Members() {
		switch k {
		case "type":
			item.Type = v.Str()
		case "content_type":
			item.ContentType = v.Str()
		case "filename":
			item.Filename = v.Str()
		case "attachment_type":
			item.AttachmentType = v.Text()
		case "length":
			if v.Kind() == Null {
				continue
			}
			n, err := strconv.ParseUint(v.Raw(), 10, 62)
			if err != nil {
				return item, nil, ErrItemLength
			}
			if n > uint64(len(data)) {
				return item, nil, ErrItemTruncated
			}
			length, explicit = int(n), true
		}
	}
	if item.Type == "" {
		return item, nil, ErrItemHeader
	}
	if !explicit {
		item.Payload, rest = cutLine(rest)
		return item, rest, nil
	}
	if length > len(rest) {
		return item, nil, ErrItemTruncated
	}
	item.Payload, rest = rest[:length:length], rest[length:]
	if len(rest) > 0 {
		if rest[0] != '\n' {
			return item, nil, ErrItemNewline
		}
		rest = rest[1:]
	}
	return item, rest, nil
}

func cutLine(data []byte) (line, rest []byte) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return data[:i:i], data[i+1:]
	}
	return data, nil
}

// EnvelopeHeader is the header of an envelope that is written. The DSN stays out of it: the header
// X-Sentry-Auth authenticates, and Relay refuses a request whose two differ.
type EnvelopeHeader struct {
	EventID string `json:"event_id,omitempty"`
	SentAt  string `json:"sent_at,omitempty"` // RFC 3339, UTC
	SDK     *SDK   `json:"sdk,omitempty"`
}

// AppendEnvelope appends the header line of an envelope to dst.
func AppendEnvelope(dst []byte, h EnvelopeHeader) []byte {
	b, err := json.Marshal(h)
	if err != nil { // strings only: cannot happen
		b = []byte("{}")
	}
	return append(append(dst, b...), '\n')
}

// AppendItem appends an item with an explicit length to dst.
func AppendItem(dst []byte, itemType, contentType string, payload []byte) []byte {
	dst = append(dst, `{"type":"`...)
	dst = append(dst, itemType...)
	dst = append(dst, `","length":`...)
	dst = strconv.AppendInt(dst, int64(len(payload)), 10)
	if contentType != "" {
		dst = append(dst, `,"content_type":"`...)
		dst = append(dst, contentType...)
		dst = append(dst, '"')
	}
	dst = append(dst, "}\n"...)
	dst = append(dst, payload...)
	return append(dst, '\n')
}
