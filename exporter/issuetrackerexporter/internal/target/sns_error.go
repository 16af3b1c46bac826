package target

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// judgeSNS says what an error of the SDK means (https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html).
func judgeSNS(err error) *wire.Error {
	if err == nil {
		return nil
	}
	e := &wire.Error{Kind: wire.Later, Unsure: true, Err: fmt.Errorf("publish to Amazon SNS: %w", err)}
	var answered *smithyhttp.ResponseError
	if errors.As(err, &answered) {
		e.Status = answered.HTTPStatusCode()
		e.Wait = wire.RetryAfter(answered.Response.Header, time.Now())
	}
	var api smithy.APIError
	code := ""
	if errors.As(err, &api) {
		code = api.ErrorCode()
		e.Err = fmt.Errorf("publish to Amazon SNS: %s: %s", code, wire.Clip(wire.Line(api.ErrorMessage()), 300))
	}
	switch {
	case strings.HasPrefix(code, "Throttl"), code == "RequestLimitExceeded", e.Status == http.StatusTooManyRequests:
		e.Kind, e.Unsure = wire.Limited, false
		e.Wait = max(e.Wait, time.Second)
	case code == "AuthorizationError", code == "InvalidClientTokenId", code == "SignatureDoesNotMatch", code == "ExpiredToken", code == "MissingAuthenticationToken",
		code == "UnrecognizedClientException", code == "AccessDenied", code == "AccessDeniedException", code == "IncompleteSignature", code == "OptInRequired",
		code == "NotFound", strings.HasPrefix(code, "KMS"), e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		e.Kind, e.Unsure = wire.Unauthorized, false
	case e.Status >= 300 && e.Status < 500:
		e.Kind, e.Unsure = wire.Refused, false
	case strings.Contains(err.Error(), "failed to refresh cached credentials"), strings.Contains(err.Error(), "get identity"):
		e.Kind, e.Unsure = wire.Unauthorized, false
	case e.Status == 0 && strings.Contains(err.Error(), "dial "):
		e.Unsure = false // no connection: nothing was done
	}
	return e
}
