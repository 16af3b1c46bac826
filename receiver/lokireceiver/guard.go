package lokireceiver

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
)

// guardID is the name under which upstream's server finds the guard among the extensions.
var guardID = component.MustNewIDWithName("push_guard", "built_in")

// bodyTime is how long a request may take to come in when the configuration says nothing: without one, clients that stall hold
// their connections for ever. Promtail gives up after ten seconds.
const bodyTime = time.Minute

// maxBody is confighttp's own bound of a request's body.
const maxBody = 20 << 20

// guarded puts the guard into the HTTP server, as the last middleware: after authentication and the bound of what comes in.
func guarded(cfg *Config) *guard {
	g := &guard{limit: maxBody}
	if c := cfg.HTTP; c != nil {
		this := configmiddleware.Config{ID: guardID}
		if !slices.Contains(c.Middlewares, this) {
			c.Middlewares = append(slices.Clone(c.Middlewares), this)
		}
		if c.ReadTimeout == 0 {
			c.ReadTimeout = bodyTime
		}
		if c.MaxRequestBodySize > 0 {
			g.limit = c.MaxRequestBodySize
		}
	}
	return g
}

// guard refuses pushes that would become larger than the limit of a request. Over gRPC, max_recv_msg_size_mib bounds the same.
type guard struct {
	component.StartFunc
	component.ShutdownFunc
	limit int64
}

var _ extensionmiddleware.HTTPServer = (*guard)(nil)

// GetHTTPHandler implements [extensionmiddleware.HTTPServer].
func (g *guard) GetHTTPHandler(context.Context) (extensionmiddleware.WrapHTTPHandlerFunc, error) {
	return func(_ context.Context, next http.Handler) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" {
				body := bufio.NewReaderSize(r.Body, binary.MaxVarintLen64)
				if err := g.check(body); err != nil {
					// A client that is still sending sees the answer, and not a broken connection, after which it would send again.
					_, _ = io.Copy(io.Discard, body)
					http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
					return
				}
				r.Body = struct {
					io.Reader
					io.Closer
				}{body, r.Body}
			}
			next.ServeHTTP(w, r)
		}), nil
	}, nil
}

// check reads how long a block of Snappy says that it becomes, which is what its decoder makes room for and does not exceed
// (https://github.com/google/snappy/blob/main/format_description.txt). What is no number is left to the decoder.
func (g *guard) check(body *bufio.Reader) error {
	head, _ := body.Peek(binary.MaxVarintLen64)
	if length, n := binary.Uvarint(head); n > 0 && length > uint64(g.limit) {
		return fmt.Errorf("the push becomes %d bytes, 'max_request_body_size' are %d", length, g.limit)
	}
	return nil
}
