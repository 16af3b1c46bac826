package target

import (
	"strconv"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// Limits of Block Kit (https://docs.slack.dev/reference/block-kit/blocks).
const (
	slackSection = 3000
	slackText    = 4000
	slackDigests = 20 // issues in a digest by name
)

type slackMessage struct {
	Channel   string         `json:"channel,omitempty"`
	TS        string         `json:"ts,omitempty"`
	ThreadTS  string         `json:"thread_ts,omitempty"`
	Broadcast bool           `json:"reply_broadcast,omitempty"`
	Text      string         `json:"text"`
	Blocks    []slackBlock   `json:"blocks,omitempty"`
	Metadata  *slackMetadata `json:"metadata,omitempty"`
	Unfurl    *bool          `json:"unfurl_links,omitempty"`
}

type slackBlock struct {
	Type string     `json:"type"`
	Text *slackMark `json:"text,omitempty"`
}

type slackMark struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type slackMetadata struct {
	EventType string            `json:"event_type"`
	Payload   map[string]string `json:"event_payload"`
}

var noUnfurl = new(bool)

func section(text string) slackBlock {
	return slackBlock{Type: "section", Text: &slackMark{"mrkdwn", text}}
}

// slackSign is an emoji for what happened, or for the level.
func slackSign(c *card.Card) string {
	switch {
	case c.Action == card.Resolve:
		return ":white_check_mark:"
	case c.Action == card.Escalate:
		return ":chart_with_upwards_trend:"
	case c.Action == card.Reopen:
		return ":repeat:"
	case c.Severity == 1:
		return ":fire:"
	case c.Severity >= 4:
		return ":information_source:"
	case c.Severity == 3:
		return ":warning:"
	}
	return ":red_circle:"
}

// slackTitle is the first line of a message, a link where the issue has a page.
func slackTitle(c *card.Card, limit int) string {
	m := card.Mrkdwn{}
	// Escaping makes a character five; a title that is mostly such is cut shorter.
	text := m.Escape(wire.Clip(c.Title, limit))
	for n := limit; len([]rune(text)) > limit && n > 8; {
		n /= 2
		text = m.Escape(wire.Clip(c.Title, n))
	}
	if u := c.Issue.URL; u != "" && len(u) <= 500 {
		return m.Render(card.Doc{{Para: []card.Span{{Text: wire.Clip(c.Title, min(limit, len([]rune(c.Title)))), URL: u}}}})
	}
	return text
}

func slackHead(c *card.Card) string { return slackSign(c) + " *" + slackTitle(c, 300) + "*" }

// slackCard is the message that opens an issue, or the edited header of its thread.
func slackCard(c *card.Card) *slackMessage {
	blocks := []slackBlock{section(slackHead(c))}
	if c.Text.Own != "" {
		blocks = append(blocks, section(wire.Clip(c.Text.Own, slackSection)))
	} else {
		for _, part := range slackParts(c.Text.Doc) {
			blocks = append(blocks, section(card.Render(card.Mrkdwn{}, card.Text{Doc: part}, slackSection)))
		}
	}
	return &slackMessage{Text: wire.Clip(slackSign(c)+" "+card.Mrkdwn{}.Escape(wire.Clip(c.Title, 300)), slackText), Blocks: blocks, Unfurl: noUnfurl}
}

// slackParts splits a document so that each part fits a section: code goes with its heading.
func slackParts(d card.Doc) []card.Doc {
	var out []card.Doc
	start := 0
	for i, b := range d {
		if b.Heading != "" && i > start {
			out = append(out, d[start:i])
			start = i
		}
	}
	if start < len(d) {
		out = append(out, d[start:])
	}
	return out
}

// slackNote is a message about an issue; full: with its title, outside a thread.
func slackNote(c *card.Card, full bool) *slackMessage {
	note := card.Render(card.Mrkdwn{}, c.Note, slackSection-100)
	text := slackSign(c) + " "
	if full {
		text = slackHead(c) + "\n"
	}
	fallback := text + note
	if full {
		fallback = slackSign(c) + " " + card.Mrkdwn{}.Escape(wire.Clip(c.Title, 300)) + ": " + note
	}
	return &slackMessage{Text: wire.Clip(fallback, slackText), Blocks: []slackBlock{section(wire.Clip(text+note, slackSection))}, Unfurl: noUnfurl}
}

// slackDigest tells of many issues at once.
func slackDigest(cards []*card.Card) *slackMessage {
	text := ":newspaper: " + strconv.Itoa(len(cards)) + " issues"
	if len(cards) == 1 {
		text = ":newspaper: 1 issue"
	}
	m := &slackMessage{Text: text, Blocks: []slackBlock{section("*" + text + "*")}, Unfurl: noUnfurl}
	for i, c := range cards {
		if i == slackDigests {
			m.Blocks = append(m.Blocks, section("… and "+strconv.Itoa(len(cards)-i)+" more"))
			break
		}
		line := slackHead(c) + "\n" + card.Mrkdwn{}.Escape(wire.Clip(string(c.Issue.State)+", seen "+card.Number(c.Issue.Count)+" times, "+c.Issue.Culprit, 300))
		m.Blocks = append(m.Blocks, section(wire.Clip(line, slackSection)))
	}
	return m
}
