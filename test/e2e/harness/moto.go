package harness

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// StartMoto starts moto, an AWS in Python, and returns its URL; without it the test is skipped.
func StartMoto(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(backends(), "moto", "bin", "moto_server")
	if _, err := os.Stat(binary); err != nil {
		t.Skip("NOT TESTED: CloudWatch Logs, EMF and X-Ray against moto: 'make backends' could not install it (it needs Python)")
	}
	address := Address(t)
	host, port, _ := strings.Cut(address, ":")
	p := Start(t, "moto", t.TempDir(), []string{"PYTHONUNBUFFERED=1"}, binary, "-H", host, "-p", port)
	url := fmt.Sprintf("http://%s", address)
	p.WaitReady(t, url+"/moto-api/data.json", 90*time.Second)
	return url
}
