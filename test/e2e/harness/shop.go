package harness

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// ShopReport is what the shop did (test/shop/run.go).
type ShopReport struct {
	Services  []string
	Scenarios []struct{ Name, Bug, Service string }
	Requests  map[string]int
	Personal  []string
}

// Bugs is how many bugs the scenarios that were run have.
func (r *ShopReport) Bugs() int {
	n := 0
	for _, s := range r.Scenarios {
		if s.Bug != "" {
			n++
		}
	}
	return n
}

// RunShop uses the shop so many times in each way; its services send to an OTLP/HTTP endpoint.
func RunShop(t testing.TB, otlp string, requests int) *ShopReport {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.json")
	out, code := Run(t, Root(), nil, filepath.Join(Root(), "test", "shop", "demo"), "--otlp", otlp, "--requests", strconv.Itoa(requests), "--pause", "30ms", "--report", file)
	require.Zero(t, code, out)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	report := &ShopReport{}
	require.NoError(t, json.Unmarshal(text, report))
	t.Logf("shop: services %v, %d bugs, %v requests", report.Services, report.Bugs(), report.Requests)
	return report
}
