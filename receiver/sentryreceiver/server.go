package sentryreceiver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel/metric"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// maxItems bounds the items of one envelope. SDKs send a handful; Relay's largest limit for one type
// is 100.
const maxItems = 500

// serve routes a request (relay-server/src/endpoints/mod.rs). SDKs write a slash at the end of the
// path; both forms are served.
func (s *sentryReceiver) serve(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(strings.TrimSuffix(r.URL.Path, "/"), "/api/")
	if !ok {
		refuse(w, http.StatusNotFound, "not found")
		return
	}
	project, endpoint, _ := strings.Cut(rest, "/")
	if rest == "store" { // from before there were projects in the path
		project, endpoint = "0", "store"
	}
	endpoint, argument, _ := strings.Cut(endpoint, "/")
	q := request{receiver: s, w: w, r: r, project: project, received: time.Now()}
	if !validProject(project) {
		q.refuse(requestMalformed, http.StatusBadRequest, "invalid path parameter: invalid project id")
		return
	}
	switch endpoint {
	case "envelope":
		if q.method(http.MethodPost) {
			q.envelope("")
		}
	case "store":
		if q.method(http.MethodPost, http.MethodGet) {
			q.store()
		}
	case "cron":
		if q.method(http.MethodPost, http.MethodGet) {
			q.cron(argument)
		}
	case "integration", "otlp":
		q.refuse(requestUnsupported, http.StatusForbidden, "event submission rejected with_reason: UnsupportedEndpoint",
			"this server takes OTLP with its OTLP receiver: point the exporter there")
	case "security", "csp-report", "nel", "minidump", "unreal", "playstation", "events", "upload":
		q.refuse(requestUnsupported, http.StatusForbidden, "event submission rejected with_reason: UnsupportedEndpoint",
			"this server takes no "+endpoint)
	default:
		q.refuse(requestUnsupported, http.StatusNotFound, "not found")
	}
}

// request is the work on one request.
type request struct {
	receiver *sentryReceiver
	w        http.ResponseWriter
	r        *http.Request
	project  string
	auth     credentials
	received time.Time
}

func (q *request) count(outcome []metric.AddOption) {
	q.receiver.telemetry.ReceiverSentryRequests.Add(q.r.Context(), 1, outcome...)
}

func (q *request) refuse(outcome []metric.AddOption, status int, detail string, causes ...string) {
	q.count(outcome)
	refuse(q.w, status, detail, causes...)
}

func (q *request) method(allowed ...string) bool {
	for _, m := range allowed {
		if q.r.Method == m {
			return true
		}
	}
	q.w.Header().Set("Allow", strings.Join(allowed, ", "))
	q.refuse(requestMalformed, http.StatusMethodNotAllowed, "method not allowed")
	return false
}

// credentials reads the request's authentication. A key that is not allowed is refused before the
// body is read.
func (q *request) credentials(pathKey string) bool {
	auth, err := authenticate(q.r, pathKey)
	if err != nil {
		q.refuse(requestUnauthorized, http.StatusBadRequest, err.Error())
		return false
	}
	q.auth = auth
	return auth.key == "" || q.allowed()
}

func (q *request) allowed() bool {
	switch {
	case q.auth.key == "":
		q.refuse(requestUnauthorized, http.StatusForbidden, errNoAuth.Error())
	case q.receiver.keys != nil && !q.receiver.keys[q.auth.key]:
		q.refuse(requestUnauthorized, http.StatusForbidden, errUnknownKey.Error())
	default:
		return true
	}
	return false
}

// body reads the body; release must be called when it is not nil.
func (q *request) body() (body []byte, release func(), ok bool) {
	limit := q.receiver.cfg.HTTP.MaxRequestBodySize
	if limit <= 0 {
		limit = defaultBodySize
	}
	body, taken, err := readBody(q.r, &q.receiver.memory, limit)
	release = func() { q.receiver.memory.give(taken) }
	switch {
	case err == nil:
		return body, release, true
	case errors.Is(err, errThrottled):
		q.count(requestThrottled)
		throttle(q.w)
	case errors.Is(err, errTooLarge):
		q.refuse(requestTooLarge, http.StatusRequestEntityTooLarge, "envelope exceeded size limits",
			fmt.Sprintf("more than %d bytes after decompression", limit))
	default:
		q.refuse(requestMalformed, http.StatusBadRequest, "failed to read request body", err.Error())
	}
	release()
	return nil, nil, false
}

func (q *request) envelope(pathKey string) {
	if !q.credentials(pathKey) {
		return
	}
	body, release, ok := q.body()
	if !ok {
		return
	}
	defer release()
	q.parse(body)
}

// parse handles an envelope.
func (q *request) parse(body []byte) {
	c := q.conversion()
	defer c.done()
	e, err := c.read(body)
	if err != nil {
		q.refuse(requestMalformed, http.StatusBadRequest, "invalid event envelope", err.Error())
		return
	}
	if err := q.auth.complete(e.DSN, q.project); err != nil {
		q.refuse(requestUnauthorized, http.StatusBadRequest, err.Error())
		return
	}
	if !q.allowed() {
		return
	}
	if kind := tooLarge(&e); kind != "" {
		q.refuse(requestTooLarge, http.StatusRequestEntityTooLarge,
			"envelope exceeded size limits for type '"+kind+"' (https://develop.sentry.dev/sdk/envelopes/#size-limits)")
		return
	}
	c.envelope(&e)
	q.deliver(c, envelopeAnswer(&e), func() []byte { return body })
}

// source is what is known of the request beside its body.
func (q *request) source() source {
	return source{Project: q.project, Client: q.auth.client, Received: q.received}
}

func (q *request) conversion() *conversion {
	c := q.receiver.conversion(q.source())
	c.memory = &q.receiver.memory
	return c
}

func (s *sentryReceiver) conversion(from source) *conversion {
	service := s.cfg.Projects[from.Project]
	if service == "" {
		service = "sentry-" + from.Project
	}
	keep := attachmentPolicy{keep: s.cfg.Attachments == KeepAttachments, maxBytes: int(s.cfg.MaxAttachment)}
	c := newConversion(from.Project, service, s.set.BuildInfo.Version, from.Received, keep)
	c.sdkName, c.sdkVersion, _ = strings.Cut(from.Client, "/")
	return c
}

// wrap makes an envelope of one item.
func wrap(kind, id string, payload []byte) []byte {
	return sentryproto.AppendItem(sentryproto.AppendEnvelope(nil, sentryproto.EnvelopeHeader{EventID: id}), kind, "", payload)
}

// envelopeAnswer is {"id": …} for an envelope with an event, else {}.
func envelopeAnswer(e *sentryproto.Envelope) string {
	id := eventID(e.EventID)
	for i := range e.Items {
		switch e.Items[i].Type {
		case sentryproto.ItemEvent, sentryproto.ItemTransaction, sentryproto.ItemFeedback, "security", "replay_event":
		default:
			continue
		}
		if id == "" { // Relay makes one up; an event's own is as good
			if v, err := sentryproto.ParseJSON(e.Items[i].Payload); err == nil {
				id = eventID(v.Get("event_id").Str())
			}
		}
		return `{"id":"` + id + `"}`
	}
	return "{}"
}

// deliver gives the result to the pipelines, or the request's envelope to the spool, and answers.
func (q *request) deliver(c *conversion, ok string, envelope func() []byte) {
	s, ctx := q.receiver, context.WithoutCancel(q.r.Context()) // a client that hangs up has still sent it
	if c.full {
		q.count(requestThrottled)
		throttle(q.w)
		return
	}
	b := c.batch()
	retry := s.deliver(ctx, b)
	if retry != nil {
		c.giveBack()
		if !s.spool.add(newParcel(q.source(), envelope(), b)) {
			q.count(requestThrottled)
			throttle(q.w)
			return
		}
	}
	s.count(ctx, &c.tally)
	switch {
	case b.permanent != nil:
		q.refuse(requestRefused, http.StatusBadRequest, "event submission rejected with_reason: Pipeline", b.permanent.Error())
	case retry != nil:
		q.count(requestSpooled)
		answer(q.w, http.StatusOK, ok)
	default:
		q.count(requestAccepted)
		answer(q.w, http.StatusOK, ok)
	}
}

// Size limits of items in bytes (relay-config/src/config.rs, Limits).
func itemLimit(kind string) int {
	switch kind {
	case sentryproto.ItemEvent, sentryproto.ItemTransaction, sentryproto.ItemTraceMetric, sentryproto.ItemFeedback:
		return 1 << 20
	case sentryproto.ItemLog:
		return 2 << 20
	case sentryproto.ItemSpan:
		return 10 << 20
	case sentryproto.ItemCheckIn, sentryproto.ItemClientReport, sentryproto.ItemUserReport:
		return 100 << 10
	case sentryproto.ItemSession, sentryproto.ItemSessions:
		return 10 << 20
	}
	return 0
}

// tooLarge returns the type of the first item that is over its limit; "" when none is.
func tooLarge(e *sentryproto.Envelope) string {
	for i := range e.Items {
		item := &e.Items[i]
		if limit := itemLimit(item.Type); limit > 0 && len(item.Payload) > limit {
			return item.Type
		}
	}
	return ""
}
