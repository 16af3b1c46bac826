package card

import (
	"strings"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// Node is a node of the Atlassian Document Format
// (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure).
type Node struct {
	Type    string         `json:"type"`
	Version int            `json:"version,omitempty"`
	Text    string         `json:"text,omitempty"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Marks   []Mark         `json:"marks,omitempty"`
	Content []Node         `json:"content,omitempty"`
}

// Mark is the form of a text node.
type Mark struct {
	Type  string         `json:"type"`
	Attrs map[string]any `json:"attrs,omitempty"`
}

// ADF renders a text as a document, its strings at most limit runes together. ADF needs no escaping; but an
// empty text node is refused by Jira, so there is none.
func ADF(t Text, limit int) Node {
	left := limit
	take := func(s string) string {
		s = wire.Clip(s, left)
		left -= len([]rune(s))
		return s
	}
	doc := Node{Type: "doc", Version: 1, Content: []Node{}}
	add := func(n Node) {
		if len(n.Content) > 0 {
			doc.Content = append(doc.Content, n)
		}
	}
	if t.Own != "" {
		for p := range strings.SplitSeq(strings.ReplaceAll(t.Own, "\r\n", "\n"), "\n\n") {
			add(Node{Type: "paragraph", Content: lines(take(strings.Trim(p, "\n")))})
		}
		return doc
	}
	for _, b := range t.Doc {
		switch {
		case b.Heading != "":
			add(Node{Type: "heading", Attrs: map[string]any{"level": 3}, Content: text(take(b.Heading))})
		case b.Para != nil:
			n := Node{Type: "paragraph"}
			for _, s := range b.Para {
				parts := text(take(s.Text))
				if s.URL != "" && len(parts) > 0 {
					parts[0].Marks = []Mark{{Type: "link", Attrs: map[string]any{"href": s.URL}}}
				}
				n.Content = append(n.Content, parts...)
			}
			add(n)
		case b.Facts != nil:
			list := Node{Type: "bulletList"}
			for _, f := range b.Facts {
				name := text(take(f.Name + ": "))
				if len(name) == 0 {
					break
				}
				name[0].Marks = []Mark{{Type: "strong"}}
				item := Node{Type: "paragraph", Content: append(name, text(take(f.Value))...)}
				list.Content = append(list.Content, Node{Type: "listItem", Content: []Node{item}})
			}
			add(list)
		default:
			add(Node{Type: "codeBlock", Content: text(take(b.Code))})
		}
	}
	return doc
}

func text(s string) []Node {
	if s == "" {
		return nil
	}
	return []Node{{Type: "text", Text: s}}
}

func lines(s string) []Node {
	var out []Node
	for l := range strings.SplitSeq(s, "\n") {
		if len(out) > 0 {
			out = append(out, Node{Type: "hardBreak"})
		}
		out = append(out, text(l)...)
	}
	return out
}
