package trackers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// webhook takes Alertmanager's payload, version 4, and carries each Idempotency-Key out once. A signature of Standard
// Webhooks must be right where there is one.
func webhook(q *request) {
	h := q.r.Header
	var p struct {
		Version, GroupKey, Status, Receiver, ExternalURL string
		TruncatedAlerts                                  int
		GroupLabels, CommonLabels, CommonAnnotations     map[string]string
		Alerts                                           []struct {
			Status, GeneratorURL, Fingerprint string
			Labels, Annotations               map[string]string
			StartsAt, EndsAt                  time.Time
		}
	}
	q.decode(&p)
	key := h.Get("Idempotency-Key")
	q.want(key != "", "no Idempotency-Key")
	q.want(p.Version == "4" && len(p.Alerts) == 1 && p.GroupKey != "", "version %q, %d alerts", p.Version, len(p.Alerts))
	q.oneOf("status", p.Status, "firing", "resolved")
	if signature := h.Get("webhook-signature"); signature != "" {
		mac := hmac.New(sha256.New, []byte(Secret))
		mac.Write([]byte(h.Get("webhook-id") + "." + h.Get("webhook-timestamp") + "."))
		mac.Write(q.body)
		q.want(signature == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)), "the signature is wrong")
	}
	if q.refused() {
		return
	}
	if q.byKey(key) == nil {
		q.add(Ticket{Key: key, Title: p.Alerts[0].Annotations["summary"], Closed: p.Status == "resolved"})
	}
	q.reply(http.StatusNoContent, nil)
}
