package lokiexporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/snappy"
	"go.opentelemetry.io/collector/consumer/consumererror"

	"github.com/otel-culprit/culprit/internal/retryafter"
)

const (
	contentType    = "application/x-protobuf"
	tenantHeader   = "X-Scope-OrgID"
	maxAnswerBytes = 64 << 10
)

// result of one push. With err nil the request was taken, save the rejected entries.
type result struct {
	rejected int
	detail   string // the server's answer
	tooLarge bool
	err      error
}

// retryAfter is a failure for which the server named the time to wait.
type retryAfter struct {
	error
	delay time.Duration
}

// Unwrap returns the failure.
func (r retryAfter) Unwrap() error { return r.error }

func (e *lokiExporter) send(ctx context.Context, r *request) result {
	raw, err := r.message().Marshal()
	if err != nil {
		return result{err: consumererror.NewPermanent(fmt.Errorf("encode push: %w", err))}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.cfg.HTTP.Endpoint, bytes.NewReader(snappy.Encode(nil, raw)))
	if err != nil {
		return result{err: consumererror.NewPermanent(fmt.Errorf("make push request: %w", withoutURL(err)))}
	}
	req.Header.Set("Content-Type", contentType)
	if r.tenant != "" {
		req.Header.Set(tenantHeader, r.tenant)
	}
	release, err := e.turns.take(ctx, r, e.cfg.HTTP.Timeout)
	if err != nil {
		return result{err: err}
	}
	defer release()
	resp, err := e.client.Do(req)
	if err != nil {
		return result{err: fmt.Errorf("push to Loki: %w", withoutURL(err))}
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswerBytes)) // so that the connection is used again
	return judge(resp, string(body), r.size())
}

// judge decides what an answer means for the entries of a request.
//
// Loki takes the valid entries of a request that it answers with 400 and says how many it did not
// take (distributor.go, ingester/stream.go of grafana/loki v3): such a request must not be sent again.
func judge(resp *http.Response, body string, entries int) result {
	status := resp.StatusCode
	err := fmt.Errorf("push to Loki: %s: %s", resp.Status, head(body, 300))
	switch {
	case status >= 200 && status < 300:
		return result{}
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		return result{rejected: min(countRejected(body), entries), detail: body}
	case status == http.StatusRequestEntityTooLarge:
		return result{tooLarge: true, detail: "request too large: " + body, err: err}
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		if delay, _ := retryafter.Parse(resp.Header.Get("Retry-After"), time.Now()); delay > 0 {
			err = retryAfter{err, delay}
		}
		return result{err: err}
	default:
		return result{err: consumererror.NewPermanent(err)}
	}
}

// countRejected reads how many entries a 400 is about: "3 errors like: ...; 1 errors like: ...", or
// "total ignored: 2 out of 5", or a single message.
func countRejected(body string) int {
	n := 0
	for rest := body; ; {
		before, after, found := strings.Cut(rest, " errors like: ")
		if !found {
			break
		}
		n += trailingNumber(before)
		rest = after
	}
	for rest := body; ; {
		_, after, found := strings.Cut(rest, "total ignored: ")
		if !found {
			break
		}
		n += leadingNumber(after)
		rest = after
	}
	return max(n, 1)
}

func leadingNumber(s string) int {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	n, _ := strconv.Atoi(s[:end])
	return n
}

func trailingNumber(s string) int {
	start := len(s)
	for start > 0 && isDigit(s[start-1]) {
		start--
	}
	n, _ := strconv.Atoi(s[start:])
	return n
}

// rejectionReason makes a metric's value of a few kinds out of the answer (validation.go of grafana/loki v3).
func rejectionReason(body string) string {
	for _, r := range []struct{ text, reason string }{
		{"timestamp too old", "too_old"},
		{"too far behind", "out_of_order"},
		{"out of order", "out_of_order"},
		{"timestamp too new", "too_new"},
		{"max entry size", "line_too_long"},
		{"too large", "too_large"},
		{"label value too long", "label_value_too_long"},
		{"label name too long", "label_name_too_long"},
		{"limit of", "limit"},
		{"structured metadata", "structured_metadata"},
		{"parse", "parse"},
	} {
		if strings.Contains(body, r.text) {
			return r.reason
		}
	}
	return "other"
}

// withoutURL takes the URL out of an error: it may hold credentials.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
