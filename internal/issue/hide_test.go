package issue

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHideUser(t *testing.T) {
	type m = map[string]string
	f := func(user m, hash string, want m) {
		t.Helper()
		require.Equal(t, want, hideUser(user, hash))
	}
	f(nil, "", nil)
	f(nil, "9f2c", nil)
	f(m{"id": "42"}, "9f2c", m{"hash": "9f2c"})
	f(m{"id": "42"}, "", m{"hash": "6de6f5d076d742b9"})
	f(m{"id": "jo@example.com", "name": "Jo Doe", "email": "jo@example.com", "hash": "k1:9f2c"}, "x", m{"hash": "k1:9f2c"})
	f(m{"id": "u7", "email": "[EMAIL]", "name": "***"}, "9f2c", m{"hash": "9f2c", "email": "[EMAIL]", "name": "***"})
	f(m{"email": "[EMAIL:k1:9f2c41d0]", "name": ""}, "9f2c", m{"email": "[EMAIL:k1:9f2c41d0]", "name": ""})
	f(m{"name": "Jo", "email": "42"}, "", m{"hash": "6de6f5d076d742b9"})
	f(m{"name": "Jo"}, "9f2c", m{"hash": "9f2c"})
}

// TestUsersAreKeptAsHashes: nobody who reads the store or the page learns who it was.
func TestUsersAreKeptAsHashes(t *testing.T) {
	o := Occurrence{User: "9f2c", Sample: func() *Event { return &Event{ID: "a", User: map[string]string{"id": "jo@example.com"}} }}
	require.Equal(t, map[string]string{"hash": "9f2c"}, o.example().User)
	o.Sample = func() *Event { return nil }
	require.Nil(t, o.example())
}
