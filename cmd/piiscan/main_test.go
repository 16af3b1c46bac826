package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const sample = "started\nlogin of jo@example.com\ncard 4111-1111-1111-1111 declined\n"

func piiscan(t *testing.T, stdin string, args ...string) (int, string, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestFindings(t *testing.T) {
	code, out, _ := piiscan(t, sample)
	assert.Equal(t, found, code)
	assert.Equal(t, "-:2:10-23 email 0.95 [EMAIL]\n-:3:6-24 credit_card 0.85 [CARD]\n", out)
	code, out, _ = piiscan(t, "nothing here\n")
	assert.Equal(t, clean, code)
	assert.Empty(t, out)
}

func TestFix(t *testing.T) {
	code, out, _ := piiscan(t, sample+"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAzz\n-----END RSA PRIVATE KEY-----\nend", "--fix")
	assert.Equal(t, clean, code)
	assert.Equal(t, "started\nlogin of [EMAIL]\ncard [CARD] declined\n[SECRET]\nend", out)
}

func TestFilesAndJSON(t *testing.T) {
	name := filepath.Join(t.TempDir(), "app.log")
	require.NoError(t, os.WriteFile(name, []byte(sample), 0o600))
	code, out, _ := piiscan(t, "", "--json", "--show", "--detectors", "email", name)
	assert.Equal(t, found, code)
	assert.JSONEq(t, `{"file":"`+name+`","line":2,"start":9,"end":23,"type":"email","score":0.95,"value":"jo@example.com"}`, out)
}

func TestErrors(t *testing.T) {
	code, _, errs := piiscan(t, "", "--detectors", "emial")
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, `unknown detector or group "emial"`)
	code, _, errs = piiscan(t, "", "no-such-file.log")
	assert.Equal(t, failed, code)
	assert.Contains(t, errs, "no-such-file.log")
}
