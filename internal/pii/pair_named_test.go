package pii_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/pii"
)

// TestNamedValues: the name of a secret stands in a pair of its own, or is a flag.
func TestNamedValues(t *testing.T) {
	s, err := pii.New(pii.DefaultConfig())
	require.NoError(t, err)
	f := func(key, text, expected string) {
		t.Helper()
		got, _ := s.Redact(text, key)
		require.Equal(t, expected, got)
		again, changed := s.Redact(got, key)
		require.False(t, changed, again)
	}
	f("", "env:\n- name: DB_PASSWORD\n  value: hunter2x\n- name: MODE\n  value: fast", "env:\n- name: DB_PASSWORD\n  value: [SECRET]\n- name: MODE\n  value: fast")
	f("", `pod spec "- name: DB_PASSWORD\n  value: \"hunter2x\""`, `pod spec "- name: DB_PASSWORD\n  value: \"[SECRET]\""`)
	f("", `<add key="ClearTextPassword" value="CleartextPassword1" />`, `<add key="ClearTextPassword" value="[SECRET]" />`)
	f("", `<add key="Mode" value="CleartextPassword1" />`, `<add key="Mode" value="CleartextPassword1" />`)
	f("", `spec {"env":[{"name":"API_KEY","value":"kq83jd92kd"},{"name":"A","value":"kq83jd92kd"}]} applied`, `spec {"env":[{"name":"API_KEY","value":"[SECRET]"},{"name":"A","value":"kq83jd92kd"}]} applied`)
	f("", `{"env":[{"name":"API_KEY","value":"abc"},{"value":"abc","name":"DB_PASSWORD"},{"Key":"Mode","Value":"abc"}]}`,
		`{"env":[{"name":"API_KEY","value":"[REDACTED]"},{"value":"[REDACTED]","name":"DB_PASSWORD"},{"Key":"Mode","Value":"abc"}]}`)
	f("", "EnvVar{Name:DB_PASSWORD,Value:hunter2x,}", "EnvVar{Name:DB_PASSWORD,Value:[SECRET],}")
	f("", "value: 12, name: 3, key: a value: b", "value: 12, name: 3, key: a value: b")
	f("", "export BUNDLE_ENTERPRISE__CONTRIBSYS__COM=cafebabe:deadbeef", "export BUNDLE_ENTERPRISE__CONTRIBSYS__COM=[SECRET]")

	f("process.command_line", "app --token=x7f --password hunter2 --port 80", "app --token=[SECRET] --password [SECRET] --port 80")
	f("process.command_line", "mysql --password 'hun ter2' -h db --secret-file /run/x --token-ttl 30", "mysql --password '[SECRET]' -h db --secret-file /run/x --token-ttl 30")
	f("process.command_line", "app --token /run/secrets/token --pass ./p --api-key --verbose", "app --token /run/secrets/token --pass ./p --api-key --verbose")
	f("", "started: app --token=x7fq --client-secret=abcd --token=/run/t --key=a.pem", "started: app --token=[SECRET] --client-secret=[SECRET] --token=/run/t --key=a.pem")
	f("cmd", "--password ab3", "--password [SECRET]")
}
