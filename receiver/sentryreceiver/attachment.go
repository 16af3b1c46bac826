package sentryreceiver

import (
	"bytes"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// attachmentPolicy says what becomes of the files that SDKs attach to events.
type attachmentPolicy struct {
	keep     bool
	maxBytes int
}

// maxAttachments is Relay's limit for one envelope.
const maxAttachments = 30

// attachment notes a file on the record of its event. Its text is kept only where the policy says so,
// as plain text that redaction can read; what is no text is never kept.
func (c *conversion) attachment(item *sentryproto.Item) {
	if len(c.events) == 0 {
		c.tally.add(sentryproto.ItemAttachment, dropped, 1)
		return
	}
	attrs := c.events[0].Attributes() // there is one event in an envelope
	list, ok := attrs.Get("sentry.attachments")
	if !ok {
		list = attrs.PutEmpty("sentry.attachments")
		list.SetEmptySlice()
	}
	if list.Slice().Len() >= maxAttachments {
		c.tally.add(sentryproto.ItemAttachment, dropped, 1)
		return
	}
	m := list.Slice().AppendEmpty().SetEmptyMap()
	putStr(m, "filename", item.Filename)
	putStr(m, "content_type", item.ContentType)
	putStr(m, "attachment_type", item.AttachmentType)
	m.PutInt("size", int64(len(item.Payload)))
	content := item.Payload[:min(len(item.Payload), c.keep.maxBytes)]
	for len(content) > 0 && len(content) < len(item.Payload) && !utf8.RuneStart(item.Payload[len(content)]) {
		content = content[:len(content)-1]
	}
	if !c.keep.keep || !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		c.tally.add(sentryproto.ItemAttachment, dropped, 1)
		return
	}
	m.PutStr("content", string(content))
	c.tally.add(sentryproto.ItemAttachment, converted, 1)
}
