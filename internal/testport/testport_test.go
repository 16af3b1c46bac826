package testport

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFree(t *testing.T) {
	l, err := net.Listen("tcp", Free(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	port := l.Addr().(*net.TCPAddr).Port
	require.Less(t, port, 32_768)
	require.GreaterOrEqual(t, port, 10_000)
}
