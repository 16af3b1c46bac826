package full

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	awsRegion = "eu-central-1"
	awsKey    = "AKIAEXAMPLEEXAMPLE00"
	awsSecret = "not/a/real/secret"
)

// awsEnv has region and credentials as every AWS SDK reads them.
func awsEnv(env map[string]string) map[string]string {
	env["AWS_REGION"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"] = awsRegion, awsKey, awsSecret
	env["AWS_EC2_METADATA_DISABLED"] = "true"
	return env
}

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$`)

// checkSigned computes the signature of a request again, as the service does:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func checkSigned(t *testing.T, q request, service string) {
	t.Helper()
	m := authorization.FindStringSubmatch(q.Header.Get("Authorization"))
	if !assert.NotNil(t, m, "Authorization: %s", q.Header.Get("Authorization")) {
		return
	}
	assert.Equal(t, []string{awsKey, awsRegion, service}, []string{m[1], m[3], m[4]})
	date := q.Header.Get("X-Amz-Date")
	assert.True(t, strings.HasPrefix(date, m[2]), date)
	sum := sha256.Sum256(q.Raw)
	payload := hex.EncodeToString(sum[:])
	if given := q.Header.Get("X-Amz-Content-Sha256"); given != "" {
		assert.Equal(t, payload, given)
	}
	var canonical strings.Builder
	canonical.WriteString(q.Method + "\n" + q.URL.EscapedPath() + "\n" + q.URL.RawQuery + "\n")
	for name := range strings.SplitSeq(m[5], ";") {
		value := q.Header.Get(name)
		switch name {
		case "host":
			value = q.Host
		case "content-length":
			value = strconv.FormatInt(q.ContentLength, 10)
		}
		canonical.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical.WriteString("\n" + m[5] + "\n" + payload)
	hash := sha256.Sum256([]byte(canonical.String()))
	scope := strings.Join([]string{m[2], m[3], m[4], "aws4_request"}, "/")
	key := []byte("AWS4" + awsSecret)
	for part := range strings.SplitSeq(scope, "/") {
		key = mac(key, part)
	}
	assert.Equal(t, m[6], hex.EncodeToString(mac(key, "AWS4-HMAC-SHA256\n"+date+"\n"+scope+"\n"+hex.EncodeToString(hash[:]))), "signature")
	assert.Contains(t, strings.Split(m[5], ";"), "host")
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
