package tracker

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestRealAlertmanager: errors of a service and a class with dots in their names are one alert of a real Alertmanager, with
// one notification, however often it is told; resolving the issue makes one more.
func TestRealAlertmanager(t *testing.T) {
	hook := harness.StartHook(t)
	alertmanager := harness.StartAlertmanager(t, `
route: {receiver: hook, group_by: [issue_id], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: "`+hook.URL+`/alerts"}]}]
`)
	c := start(t, fileStore, `alertmanager: {url: "`+alertmanager+`", resend: 1s, keep: 1m}, updates: [10, 100, 1000]`)
	f := failure{service: "shop.check-out/v2", class: "ledger.BookingError"}
	notified := func(status string) []map[string]any {
		var out []map[string]any
		for line := range strings.Lines(hook.Got("alerts")) {
			if strings.TrimSpace(line) == "" {
				continue
			}
			var p struct {
				Alerts []map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(line), &p))
			for _, a := range p.Alerts {
				if a["status"] == status {
					out = append(out, a)
				}
			}
		}
		return out
	}
	wait := func(status string) {
		t.Helper()
		harness.Eventually(t, 30*time.Second, func() error {
			if len(notified(status)) == 0 {
				return fmt.Errorf("nothing is %s: %s", status, hook.Got("alerts"))
			}
			return nil
		})
	}
	f.send(t, c, 1)
	wait("firing")
	f.send(t, c, 150) // two updates
	time.Sleep(4 * time.Second)
	var list []struct{ Labels, Annotations map[string]string }
	harness.GetJSON(t, alertmanager+"/api/v2/alerts", &list)
	require.Len(t, list, 1)
	assert.Equal(t, "shop.check-out/v2", list[0].Labels["service"])
	assert.Equal(t, "shop.ledger.BookingError", list[0].Labels["alertname"])
	assert.Equal(t, "151", list[0].Annotations["occurrences"])
	assert.Len(t, list[0].Annotations["trace_id"], 32)

	for _, id := range issues(t, c) {
		require.NoError(t, resolve(c, id))
	}
	wait("resolved")
	time.Sleep(3 * time.Second) // it is not sent again
	firing, resolved := notified("firing"), notified("resolved")
	require.Len(t, firing, 1)
	require.Len(t, resolved, 1)
	assert.Equal(t, firing[0]["fingerprint"], resolved[0]["fingerprint"])
}
