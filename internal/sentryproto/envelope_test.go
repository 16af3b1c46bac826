package sentryproto

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseEnvelope(t *testing.T) {
	e, err := ParseEnvelope([]byte(`{"event_id":"9ec7","dsn":"http://k@h/1","sent_at":"2026-11-22T10:57:17Z","sdk":{"name":"x"}}`+"\n"+
		`{"type":"event","length":14,"content_type":"application/json"}`+"\n"+"{\"a\":\"\\u00e4\"}\n"+
		`{"type":"attachment","length":10,"filename":"hello.txt"}`+"\n"+"\xef\xbb\xbf\r\n{}\n\x00\n"+"\n"+
		`{"type":"log","length":null}`+"\n"+`{"items":[]}`+"\r\n"+"\n\n"+
		`{"type":"tomorrow"}`), 10)
	require.NoError(t, err)
	assert.Equal(t, "9ec7", e.EventID)
	assert.Equal(t, "http://k@h/1", e.DSN)
	assert.Equal(t, "2026-11-22T10:57:17Z", e.SentAt)
	assert.Equal(t, "x", e.Header.Get("sdk").Get("name").Str())
	require.Len(t, e.Items, 4)
	assert.Equal(t, `{"a":"\u00e4"}`, string(e.Items[0].Payload))
	assert.Equal(t, "application/json", e.Items[0].ContentType)
	assert.Equal(t, "\xef\xbb\xbf\r\n{}\n\x00\n", string(e.Items[1].Payload))
	assert.Equal(t, "hello.txt", e.Items[1].Filename)
	assert.Equal(t, "{\"items\":[]}\r", string(e.Items[2].Payload), "a carriage return belongs to the payload")
	assert.Equal(t, "tomorrow", e.Items[3].Type)
	assert.Empty(t, e.Items[3].Payload)
}

func TestParseEnvelopeFailure(t *testing.T) {
	f := func(s string, want error) {
		t.Helper()
		_, err := ParseEnvelope([]byte(s), 2)
		require.ErrorIs(t, err, want)
	}
	f("", ErrEnvelopeHeader)
	f("\n{}", ErrEnvelopeHeader)
	f("[]\n", ErrEnvelopeHeader)
	f("{}{}\n", ErrEnvelopeHeader)
	f("{}\nx", ErrItemHeader)
	f("{}\n{}\nx", ErrItemHeader)
	f("{}\n{\"type\":3}\nx", ErrItemHeader)
	f("{}\n{\"type\":\"a\",\"length\":1.5}\nx", ErrItemLength)
	f("{}\n{\"type\":\"a\",\"length\":-1}\nx", ErrItemLength)
	f("{}\n{\"type\":\"a\",\"length\":2}\nx", ErrItemTruncated)
	f("{}\n{\"type\":\"a\",\"length\":99999999999999}\nx", ErrItemTruncated)
	f("{}\n{\"type\":\"a\",\"length\":1}\nxy", ErrItemNewline)
	f("{}\n{\"type\":\"a\"}\n\n{\"type\":\"a\"}\n\n{\"type\":\"a\"}\n", ErrTooManyItems)
}

// What is written can be read.
func TestWriteEnvelope(t *testing.T) {
	b := AppendEnvelope(nil, EnvelopeHeader{EventID: "9ec7", SentAt: "2026-11-22T10:57:17Z", SDK: &SDK{Name: "x", Version: "1"}})
	b = AppendItem(b, ItemEvent, "application/json", []byte("{}"))
	b = AppendItem(b, ItemAttachment, "", []byte("a\nb\n"))
	e, err := ParseEnvelope(b, 5)
	require.NoError(t, err)
	assert.Equal(t, "9ec7", e.EventID)
	require.Len(t, e.Items, 2)
	assert.Equal(t, "{}", string(e.Items[0].Payload))
	assert.Equal(t, "a\nb\n", string(e.Items[1].Payload))
}

func FuzzParseEnvelope(f *testing.F) {
	f.Add([]byte("{\"event_id\":\"9ec7\"}\n{\"type\":\"event\",\"length\":2}\n{}\n"))
	f.Add([]byte("{}\n{\"type\":\"event\"}\n{\"a\":[1,2,{\"b\":\"\\ud83d\\ude00\"}]}"))
	f.Add([]byte("{}\n{\"type\":\"attachment\",\"length\":3}\n\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := ParseEnvelope(data, 50)
		if err != nil {
			return
		}
		b := []byte("{}\n")
		for _, item := range e.Items {
			if !plainType(item.Type) {
				return
			}
			b = AppendItem(b, item.Type, "", item.Payload)
		}
		again, err := ParseEnvelope(b, 50)
		if err != nil || len(again.Items) != len(e.Items) {
			t.Fatalf("%q: %v", b, err)
		}
		for i := range e.Items {
			if string(again.Items[i].Payload) != string(e.Items[i].Payload) {
				t.Fatalf("payload %d: %q became %q", i, e.Items[i].Payload, again.Items[i].Payload)
			}
		}
	})
}

func plainType(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return s != ""
}
