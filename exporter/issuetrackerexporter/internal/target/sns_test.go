package target

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "sns", messages: true, noSecret: true, sdk: true,
	limited: trackers.SNSError(400, "Throttling"), wait: 1e9, denied: trackers.SNSError(403, "InvalidClientTokenId"),
	make: func(url string) maker {
		c := DefaultSNS()
		c.TopicARN, c.Endpoint = "arn:aws:sns:eu-central-1:123456789012:errors.fifo", url
		return &c
	},
})

func TestMain(m *testing.M) {
	for k, v := range map[string]string{"AWS_ACCESS_KEY_ID": trackers.AWSKeyID, "AWS_SECRET_ACCESS_KEY": "SECRET", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"} {
		_ = os.Setenv(k, v)
	}
	os.Exit(m.Run())
}

func TestSNSMessage(t *testing.T) {
	cfg := DefaultSNS()
	cfg.TopicARN = "arn:aws:sns:eu-central-1:123456789012:errors.fifo"
	made, err := cfg.New(Options{})
	require.NoError(t, err)
	target := made.(*snsTarget)
	open, err := target.message(newCard(card.Open, "a", 1), card.Text{Own: "x"})
	require.NoError(t, err)
	resolve, err := target.message(newCard(card.Resolve, "a", 1), card.Text{Own: "x"})
	require.NoError(t, err)
	assert.NotEqual(t, *open.MessageDeduplicationId, *resolve.MessageDeduplicationId, "a quick resolution is not swallowed")
	assert.Equal(t, *open.MessageGroupId, *resolve.MessageGroupId)
	assert.Equal(t, "resolve", *resolve.MessageAttributes["action"].StringValue)
	c := newCard(card.Open, "a", 1)
	c.Title = "한국어 \x01 title"
	assert.Equal(t, "??? title", subject100(c))
}
