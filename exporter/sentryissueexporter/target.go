package sentryissueexporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// maxResponse bounds what is read of an answer, in bytes.
const maxResponse = 16 << 10

// outcome is what an attempt led to.
type outcome int

const (
	sent      outcome = iota
	refused           // for good
	throttled         // 429: after the limit has ended
	failed            // no answer, or 5xx: later
)

type result struct {
	outcome outcome
	wait    time.Duration // of throttled, and of failed when the server said so
	err     error
}

// target is one DSN with its rate limits and its client reports.
type target struct {
	dsn     sentryproto.DSN
	url     string
	auth    string
	agent   string
	sdk     sentryproto.SDK
	client  *http.Client // set by start
	limits  sentryproto.RateLimits
	reports sentryproto.ClientReports
}

func newTarget(dsn sentryproto.DSN, sdk sentryproto.SDK) *target {
	agent := sdk.Name + "/" + sdk.Version
	return &target{dsn: dsn, url: dsn.EnvelopeURL(), auth: dsn.AuthHeader(agent), agent: agent, sdk: sdk}
}

// sendEvent sends one event in an envelope of its own.
func (t *target) sendEvent(ctx context.Context, id string, payload []byte) result {
	envelope := make([]byte, 0, len(payload)+512)
	envelope = sentryproto.AppendEnvelope(envelope, sentryproto.EnvelopeHeader{
		EventID: id, SentAt: sentryproto.FormatTime(time.Now()), SDK: &t.sdk,
	})
	envelope = sentryproto.AppendItem(envelope, sentryproto.ItemEvent, "application/json", payload)
	return t.post(ctx, envelope)
}

// sendReports tells Sentry what was dropped. Reports are best effort: they are counted again when the
// server certainly did not take them.
func (t *target) sendReports(ctx context.Context) error {
	if t.limits.Wait(sentryproto.CategoryInternal, time.Now()) > 0 {
		return nil
	}
	discarded := t.reports.Take()
	if len(discarded) == 0 {
		return nil
	}
	now := time.Now()
	envelope := sentryproto.AppendEnvelope(nil, sentryproto.EnvelopeHeader{SentAt: sentryproto.FormatTime(now), SDK: &t.sdk})
	envelope = sentryproto.AppendItem(envelope, sentryproto.ItemClientReport, "", sentryproto.MarshalClientReport(now, discarded))
	res := t.post(ctx, envelope)
	if res.outcome == throttled || res.outcome == failed {
		t.reports.Return(discarded)
	}
	return res.err
}

func (t *target) post(ctx context.Context, envelope []byte) result {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(envelope))
	if err != nil {
		return result{outcome: refused, err: err}
	}
	req.Header.Set("Content-Type", sentryproto.ContentTypeEnvelope)
	req.Header.Set(sentryproto.HeaderAuth, t.auth)
	req.Header.Set("User-Agent", t.agent)
	resp, err := t.client.Do(req)
	if err != nil {
		return result{outcome: failed, err: fmt.Errorf("send to %s: %w", t.dsn, err)}
	}
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, maxResponse))
	// Read to the end, so that the connection can be used again; a longer answer is not worth it.
	_, drainErr := io.CopyN(io.Discard, resp.Body, maxResponse)
	closeErr := resp.Body.Close()
	if errors.Is(drainErr, io.EOF) {
		drainErr = nil
	}
	return t.judge(resp, body, errors.Join(readErr, drainErr, closeErr))
}

// judge reads an answer. The status decides: when it came, the server has made up its mind, whatever
// happens to the body.
func (t *target) judge(resp *http.Response, body []byte, bodyErr error) result {
	now := time.Now()
	t.limits.Update(resp.StatusCode, resp.Header, now)
	status := resp.StatusCode
	if status >= 200 && status < 300 {
		return result{outcome: sent}
	}
	err := fmt.Errorf("%s answered %s%s", t.dsn, resp.Status, detail(resp, body))
	if bodyErr != nil {
		err = fmt.Errorf("%w (reading the answer: %w)", err, bodyErr)
	}
	switch {
	case status == http.StatusTooManyRequests:
		wait := t.limits.Wait(sentryproto.CategoryError, now)
		if wait == 0 { // refused for a limit that is not about errors: an odd server; do not hammer it
			wait = time.Second
		}
		return result{outcome: throttled, wait: wait, err: err}
	case status >= 500:
		return result{outcome: failed, wait: sentryproto.RetryAfter(resp.Header, now), err: err}
	default:
		return result{outcome: refused, err: err}
	}
}

// detail is the reason that a server gives, shortened.
func detail(resp *http.Response, body []byte) string {
	s := resp.Header.Get("X-Sentry-Error")
	if v, err := sentryproto.ParseJSON(body); err == nil {
		if d := v.Get("detail").Str(); d != "" {
			s = d
		}
		for cause := range v.Get("causes").Elements() {
			s += ": " + cause.Str()
		}
	}
	if location := resp.Header.Get("Location"); s == "" && location != "" {
		s = "redirected to " + location + ", which the DSN should name"
	}
	if s == "" {
		return ""
	}
	return ": " + sentryproto.Cut(strings.ToValidUTF8(s, "?"), 500)
}
