package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/otel-culprit/culprit/internal/rate"
)

// MaxAnswer bounds what is read of an answer, in bytes.
const MaxAnswer = 4 << 20

// deniedWait is how long a target with a wrong credential is left alone.
const deniedWait = 2 * time.Minute

// Options of a [Client].
type Options struct {
	Header  http.Header // of every request: credentials, versions
	Agent   string      // User-Agent
	Limit   rate.Limit  // requests to this target
	Secrets []string    // are replaced in texts that go into errors
	// DefaultWait is for a 429 without a word on how long.
	DefaultWait time.Duration
	// Judge may overrule what the status of an answer means: return nil for success. Nil = the status decides.
	Judge func(a *Answer, usual *Error) *Error
}

// Client talks to one target. It is safe for concurrent use.
type Client struct {
	http    *http.Client
	opt     Options
	secrets []string
	limit   *limiter
}

// Request is one call. Body is sent as JSON, Raw as it is.
type Request struct {
	Method string
	URL    string
	Body   any
	Raw    []byte
	Header http.Header
	// Soft: whatever the answer, other requests go on. For look-ups that need a right of their own.
	Soft bool
}

// Answer is what a server said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Straight returns a client that follows no redirects: a POST would become a GET, and the credential go to
// another host.
func Straight(client *http.Client) *http.Client {
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// New returns a client.
func New(client *http.Client, opt Options) *Client {
	return &Client{http: Straight(client), opt: opt, secrets: usable(opt.Secrets), limit: newLimiter(opt.Limit)}
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// JSON is Do with an answer that is read into out.
func (c *Client) JSON(ctx context.Context, r Request, out any) error {
	a, err := c.Do(ctx, r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(a.Body, out); err != nil {
		return Doubt(fmt.Errorf("%s answered %d with half an answer or no JSON: %w", Place(r.URL), a.Status, err))
	}
	return nil
}

// Do sends a request. Its error is always an [*Error]. A request that is turned away because there are too
// many was not carried out: a patient context waits and sends it again.
func (c *Client) Do(ctx context.Context, r Request) (*Answer, error) {
	for {
		a, err := c.once(ctx, r)
		if err == nil {
			return a, nil
		}
		e := As(err)
		now := time.Now()
		_, patient := ctx.Value(patienceKey{}).(time.Time)
		if !patient || e.Kind != Limited || e.Status == 0 || !waits(ctx, now, now.Add(e.Wait)) {
			return a, err
		}
		if err := sleep(ctx, max(e.Wait, 10*time.Millisecond)); err != nil {
			return a, err
		}
	}
}

func (c *Client) once(ctx context.Context, r Request) (*Answer, error) {
	place := Place(r.URL)
	payload := r.Raw
	if r.Body != nil {
		var err error
		if payload, err = Encode(r.Body); err != nil {
			return nil, Refuse(fmt.Errorf("encode request to %s: %w", place, err))
		}
	}
	if err := c.limit.wait(ctx, place); err != nil {
		return nil, err
	}
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(payload))
	if err != nil {
		return nil, Refuse(fmt.Errorf("make request to %s: %w", place, plain(err)))
	}
	if len(payload) == 0 {
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.opt.Agent != "" {
		req.Header.Set("User-Agent", c.opt.Agent)
	}
	for _, h := range []http.Header{c.opt.Header, r.Header} {
		for k, v := range h {
			req.Header[http.CanonicalHeaderKey(k)] = v
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		// A request that found no connection certainly did nothing.
		return nil, &Error{Kind: Later, Unsure: connected.Load(), Err: errors.New(hide(fmt.Sprintf("send to %s: %v", place, plain(err)), c.secrets))}
	}
	a := &Answer{Status: resp.StatusCode, Header: resp.Header}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, MaxAnswer))
	_ = resp.Body.Close() // read to its end or not worth more
	return a, c.judge(place, a, err, r.Soft)
}

// judge says what an answer means.
func (c *Client) judge(place string, a *Answer, readErr error, soft bool) error {
	now := time.Now()
	var e *Error
	if a.Status < 200 || a.Status > 299 {
		e = &Error{Kind: Refused, Status: a.Status, Body: a.Body}
		switch a.Status {
		case http.StatusRequestTimeout, http.StatusTooEarly:
			e.Kind, e.Unsure, e.Wait = Later, true, RetryAfter(a.Header, now)
		case http.StatusTooManyRequests:
			e.Kind, e.Wait = Limited, WaitOf(a.Header, now)
			if e.Wait == 0 {
				e.Wait = c.opt.DefaultWait
			}
		case http.StatusUnauthorized, http.StatusForbidden:
			e.Kind = Unauthorized
		default:
			if a.Status >= 500 {
				e.Kind, e.Unsure, e.Wait = Later, true, RetryAfter(a.Header, now)
			}
		}
		e.Err = fmt.Errorf("%s answered %d%s", place, a.Status, c.detail(a))
	}
	if c.opt.Judge != nil {
		if e = c.opt.Judge(a, e); e != nil {
			e.Status, e.Body = a.Status, a.Body
			e.Err = errors.New(hide(e.Err.Error(), c.secrets))
		}
	}
	switch {
	case e == nil && readErr != nil:
		return Doubt(fmt.Errorf("%s answered %d, but not to the end: %w", place, a.Status, plain(readErr)))
	case e == nil:
		return nil
	case e.Local, soft && e.Kind == Unauthorized:
	case e.Kind == Limited, e.Kind == Later && e.Wait > 0:
		c.limit.close(e, now)
	case e.Kind == Unauthorized:
		e.Wait = max(e.Wait, deniedWait)
		c.limit.close(e, now)
	}
	return e
}

// detail is the reason that a server gives, shortened.
func (c *Client) detail(a *Answer) string {
	s := Clip(Line(hide(string(a.Body[:min(len(a.Body), 4096)]), c.secrets)), 300)
	if s == "" && a.Header.Get("Location") != "" {
		s = "redirected to " + Place(a.Header.Get("Location")) + ", which the configuration should name"
	}
	if s == "" {
		return ""
	}
	return ": " + s
}

// Encode writes JSON without escaping <, > and &, in one line.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Join adds parts to a base URL, with exactly one slash between them.
func Join(base string, parts ...string) string {
	s := strings.TrimRight(base, "/")
	for _, p := range parts {
		s += "/" + strings.TrimLeft(p, "/")
	}
	return s
}
