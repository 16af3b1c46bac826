package sentryreceiver

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// pixel is the smallest GIF, transparent: what Sentry answers to an event in an image's URL.
var pixel = func() string {
	b, err := base64.StdEncoding.DecodeString("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
	if err != nil {
		panic(err) // a constant
	}
	return string(b)
}()

// store handles one event, as SDKs sent it before there were envelopes.
func (q *request) store() {
	if !q.credentials("") {
		return
	}
	if q.auth.key == "" && !strings.HasPrefix(q.r.Header.Get("Content-Type"), sentryproto.ContentTypeEnvelope) {
		q.allowed() // answers
		return
	}
	var body []byte
	if q.r.Method == http.MethodGet {
		body = []byte(q.r.URL.Query().Get("sentry_data"))
	} else {
		var release func()
		var ok bool
		if body, release, ok = q.body(); !ok {
			return
		}
		defer release()
		if strings.HasPrefix(q.r.Header.Get("Content-Type"), sentryproto.ContentTypeEnvelope) {
			q.parse(body)
			return
		}
	}
	body, err := unpackStore(body, int64(itemLimit(sentryproto.ItemEvent)))
	if err == nil && len(body) > itemLimit(sentryproto.ItemEvent) {
		err = errTooLarge
	}
	switch {
	case errors.Is(err, errTooLarge):
		q.refuse(requestTooLarge, http.StatusRequestEntityTooLarge, "envelope exceeded size limits for type 'event' (https://develop.sentry.dev/sdk/envelopes/#size-limits)")
		return
	case err != nil || len(body) == 0:
		q.refuse(requestMalformed, http.StatusBadRequest, "failed to read request body", "neither JSON nor JSON in zlib in base64")
		return
	}
	v, err := sentryproto.ParseJSON(body)
	if err != nil || v.Kind() != sentryproto.Object {
		q.refuse(requestMalformed, http.StatusBadRequest, "invalid JSON data")
		return
	}
	id := eventID(v.Get("event_id").Str())
	kind := sentryproto.ItemEvent
	if v.Get("type").Str() == sentryproto.ItemTransaction {
		kind = sentryproto.ItemTransaction
	}
	c := q.conversion()
	defer c.done()
	c.item(&sentryproto.Item{Type: kind, Payload: body}, id)
	if q.r.Method == http.MethodGet {
		q.w = &gifWriter{ResponseWriter: q.w}
	}
	q.deliver(c, `{"id":"`+id+`"}`, func() []byte { return wrap(kind, id, body) })
}

// gifWriter answers success with an image; errors stay what they are.
type gifWriter struct {
	http.ResponseWriter
	image bool
}

func (g *gifWriter) WriteHeader(status int) {
	if g.image = status == http.StatusOK; g.image {
		g.Header().Set("Content-Type", "image/gif")
	}
	g.ResponseWriter.WriteHeader(status)
}

func (g *gifWriter) Write(b []byte) (int, error) {
	if !g.image {
		return g.ResponseWriter.Write(b)
	}
	if _, err := io.WriteString(g.ResponseWriter, pixel); err != nil {
		return 0, err
	}
	return len(b), nil
}
