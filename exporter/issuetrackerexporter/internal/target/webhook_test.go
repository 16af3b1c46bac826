package target

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
)

var _ = register(subject{
	service: "webhook", messages: true,
	make: func(url string) maker {
		c := DefaultWebhook()
		c.URL, c.Secret = configopaque.String(url+"/"+secret), secret
		c.Headers = map[string]configopaque.String{"X-Key": secret}
		return &c
	},
})

// The example of the specification, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
func TestSignature(t *testing.T) {
	key, err := signingKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	got := sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	assert.Equal(t, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", got)
	_, err = signingKey("whsec_???")
	require.Error(t, err)
}

func TestIdempotencyKey(t *testing.T) {
	a, b := newCard(card.Open, "issue-a", 1), newCard(card.Open, "issue-a", 1)
	assert.Equal(t, idempotencyKey(a), idempotencyKey(b))
	b.Sequence = "later"
	assert.NotEqual(t, idempotencyKey(a), idempotencyKey(b))
}
