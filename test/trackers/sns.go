package trackers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

var snsSubject = regexp.MustCompile(`^[!-~][ -~]{0,99}$`)

// sns is Publish of the query protocol (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). A FIFO topic takes a
// deduplication ID once in five minutes.
func sns(q *request) {
	v, err := url.ParseQuery(string(q.body))
	q.want(err == nil, "no form: %v", err)
	q.answered = true
	if !strings.Contains(q.r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="+AWSKeyID+"/") {
		q.denied++
		q.snsError(http.StatusForbidden, "InvalidClientTokenId")
		return
	}
	q.want(v.Get("Action") == "Publish", "Action %q", v.Get("Action"))
	q.want(snsSubject.MatchString(v.Get("Subject")), "Subject %q", v.Get("Subject"))
	q.want(v.Get("Message") != "" && utf8.ValidString(v.Get("Message")), "no message, or no UTF-8")
	q.want(len(v.Get("Message")) <= 256<<10, "a message of %d bytes", len(v.Get("Message")))
	id := v.Get("MessageDeduplicationId")
	if strings.HasSuffix(v.Get("TopicArn"), ".fifo") {
		q.want(v.Get("MessageGroupId") != "" && id != "" && len(id) <= 128, "group %q, deduplication ID %q", v.Get("MessageGroupId"), id)
	} else {
		q.want(v.Get("MessageGroupId") == "" && id == "", "a group and a deduplication ID are for FIFO topics")
	}
	if q.bad {
		q.snsError(http.StatusBadRequest, "InvalidParameter")
		return
	}
	if id == "" || q.byKey(id) == nil {
		q.add(Ticket{Key: id, Title: v.Get("Subject"), Body: v.Get("Message")})
	}
	q.w.Header().Set("Content-Type", "text/xml")
	_, _ = q.w.Write([]byte(`<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult><ResponseMetadata><RequestId>2</RequestId></ResponseMetadata></PublishResponse>`))
}

func (q *request) snsError(status int, code string) {
	SNSError(status, code)(q.w, q.r, nil)
}

// SNSError is the answer of AWS with an error's code.
func SNSError(status int, code string) Fault {
	return Answer(status, map[string]string{"Content-Type": "text/xml"},
		`<ErrorResponse><Error><Type>Sender</Type><Code>`+code+`</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`)
}
