package pii

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestSecretsInText: secrets whose name stands in another way beside them than as name=value: the value goes, the rest
// stays.
func TestSecretsInText(t *testing.T) {
	s := nationalScanner(t, "default")
	r := rand.New(rand.NewPCG(11, 22))
	for _, form := range []string{
		"mysqldump --user=root --password {v} --host db", "restic backup --db-password '{v}' -q", `exec ["server","--api-token","{v}","--port","80"]`, "sshpass -p {v} ssh host", "sshpass -p'{v}' ssh host",
		"docker login -u bob -p {v} reg.io", "mysql -u root -p{v} db", "redis-cli -h db -a {v} ping", `["server","--db-password","{v}","--port","80"]`,
		"<password>{v}</password>", `<a:Password b="c">{v}</a:Password> done`, "<user><apiKey>{l}</apiKey></user>", "비밀번호: {v}", "사용자 비밀번호={v} 확인", "Passwort: {v}", "contraseña: {v}", "senha={v}",
		"mot de passe: {v}", "パスワード: {v}", "密码: {v}", "пароль: {v}", "REDIS_PASS={v}", "admin_pass={v}", "app:{v}@tcp(db:3306)/app", "jdbc:oracle:thin:app/{v}@db:1521:orcl",
		"jdbc:oracle:thin:app/{v}@//db:1521/orcl", "Cookie: theme=dark; sessionid={l}; lang=en", `"cookie": "lang=en; sid={l}"`, "Authorization: Digest username=x, nonce=abc, uri=/, response=\"{h}\"",
		"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  DB_URL: {b}\n  user: {b}\ntype: Opaque", "data:\n  url: {b}\nkind: Secret\nmetadata:\n  name: keep-me",
		`{"kind":"Secret","data":{"tls.crt":"{b}","n":{"x":"{b}"}},"metadata":{"name":"keep-me"}}`,
	} {
		for range 30 {
			v := pick(r, uppers, 1) + pick(r, alnum, 6) + pick(r, digits, 2) + pick(r, lowers, 1)
			b := base64.StdEncoding.EncodeToString([]byte("bob:" + v))
			long := v + pick(r, hexDigits[:10], 4) + pick(r, lowers[:13], 5) + pick(r, lowers[13:], 5)
			h := pick(r, hexDigits, 32)
			text := strings.NewReplacer("{v}", v, "{b}", b, "{h}", h, "{l}", long).Replace(form)
			out, _ := s.Redact(text, "")
			for _, gone := range []string{v, b, h, long} {
				assert.NotContains(t, out, gone, text)
			}
			for _, stays := range []string{"root", "host", "db:", "ssh", "theme=dark", "lang=en", "metadata", "keep-me", "Opaque", "username", "확인", "reg.io", "orcl", "done", "ping"} {
				assert.Equal(t, strings.Contains(text, stays), strings.Contains(out, stays), "%q: %q", text, out)
			}
			again, changed := s.Redact(out, "")
			assert.False(t, changed, "%q: %q", out, again)
		}
	}
	for _, text := range []string{
		"use --password to set one", "the --token option is required", "unknown flag: --password-file x/y.txt", "see --api-key-file path", "git log -p file", "mysql -u root -p db", "cp -p a1b2c3d4 b",
		"<password></password>", "<token>${TOKEN}</token>", "<li>password</li>", "tests: 12 pass: 11", "boarding_pass=gate12B34", "kind: Secret", "kind: ConfigMap\ndata:\n  url: aHR0cHM6Ly94Lmlv",
		"kind: Secret\nmetadata:\n  name: db-credentials-7", "Cookie: theme=dark; lang=en", "response=200", "fiscal_code=12345678AB99", "country_code=KR82x9f3k2m1p7", "비밀번호가 변경되었습니다", "비밀번호: 필수",
		`{"kind":"ConfigMap","data":{"a":"Secret"}}`, "a@tcp(db:3306)", "Kennwort: required",
	} {
		out, _ := s.Redact(text, "")
		assert.Equal(t, text, out, fmt.Sprint(s.Find(text, "")))
	}
}
