package stacktrace

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What pii_redaction leaves in a message is not taken for the frame of a browser, nor for the end of a list.
func TestRedactedMessages(t *testing.T) {
	got, ok := Parse("Error: no mail to [EMAIL]\n    at send (/app/mail.js:3:9)\n", NodeJS)
	require.True(t, ok)
	require.Equal(t, "no mail to [EMAIL]", got.Exceptions[0].Message)

	got, ok = Parse("PHP Fatal error:  Uncaught RuntimeException: no mail to [EMAIL:****@example.com] in /app/mail.php:12\nStack trace:\n#0 /app/run.php(3): send()\n#1 {main}\n  thrown in /app/mail.php on line 12\n", Unknown)
	require.True(t, ok)
	require.Equal(t, PHP, got.Language)
	require.Equal(t, "RuntimeException", got.Exceptions[0].Type)
}
