package target

import (
	"net/http"
	"net/url"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
)

func serveSNS(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Contains(f.t, r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=AKID/")
	v, err := url.ParseQuery(string(body))
	assert.NoError(f.t, err)
	assert.Equal(f.t, "Publish", v.Get("Action"))
	assert.Regexp(f.t, `^[ -~]{1,100}$`, v.Get("Subject"))
	assert.True(f.t, utf8.ValidString(v.Get("Message")))
	assert.LessOrEqual(f.t, len(v.Get("Message")), 256<<10)
	id := v.Get("MessageDeduplicationId")
	assert.NotEmpty(f.t, id)
	assert.LessOrEqual(f.t, len(id), 128)
	assert.NotEmpty(f.t, v.Get("MessageGroupId"))
	if f.byKey(id) == nil { // FIFO: within five minutes a message is taken once
		f.add(ticket{Key: id, Title: v.Get("Subject"), Body: v.Get("Message")})
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write([]byte(`<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>2</RequestId></ResponseMetadata></PublishResponse>`))
}

func snsError(status int, code string) fault {
	return answer(status, map[string]string{"Content-Type": "text/xml"}, `<ErrorResponse><Error><Type>Sender</Type><Code>`+code+`</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`)
}

var _ = register(subject{
	name: "sns", serve: serveSNS, messages: true, noSecret: true, sdk: true,
	limited: snsError(400, "Throttling"), wait: 1e9, denied: snsError(403, "InvalidClientTokenId"),
	make: func(url string) maker {
		c := DefaultSNS()
		c.TopicARN, c.Endpoint = "arn:aws:sns:eu-central-1:123456789012:errors.fifo", url
		return &c
	},
})

func TestMain(m *testing.M) {
	for k, v := range map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "SECRET", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"} {
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
