package lokiexporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/klauspost/compress/snappy"
	"go.opentelemetry.io/collector/consumer/consumererror"

	"github.com/otel-culprit/culprit/internal/retryafter"
)

const (
	contentType    = "application/x-protobuf"
	tenantHeader   = "X-Scope-OrgID"
	maxAnswerBytes = 4 << 20 // a 400 can tell of each entry
)

// result of one push. With err nil the request was taken, save the rejected entries.
type result struct {
	rejected []rejection
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
		return result{rejected: rejections(body, entries), detail: body}
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

// withoutURL takes the URL out of an error: it may hold credentials.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
