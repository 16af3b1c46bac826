package beatsreceiver

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A window above max_window_size comes in parts: a client sends the same window again until it is taken.
func TestLargeWindow(t *testing.T) {
	const n = 1000
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(i, " ", strings.Repeat("x", 400)))
	}
	small := func(c *Config) { c.MaxWindowSize, c.MaxEventSize, c.Memory = minWindow, minEvent, 4*minWindow }
	for name, level := range map[string]int{"plain": 0, "compressed": 3} {
		t.Run(name, func(t *testing.T) {
			p := &pipeline{}
			address, _ := start(t, p, nil, small)
			c := connect(t, address, lumber.CompressionLevel(level))
			for range 2 {
				got, err := c.Send(messages(want...))
				require.NoError(t, err)
				assert.Equal(t, n, got)
			}
			assert.Equal(t, append(want, want...), p.bodies())
			assert.Greater(t, len(p.AllLogs()), 10)

			// Refused half-way, it is not acknowledged; what was taken before comes again.
			p = &pipeline{answers: []error{nil, nil, errors.New("sending queue is full")}}
			address, _ = start(t, p, nil, small)
			got, err := connect(t, address, lumber.CompressionLevel(level)).Send(messages(want...))
			require.Error(t, err)
			assert.Less(t, got, n)
			before := len(p.bodies())
			assert.Positive(t, before)
			got, err = connect(t, address, lumber.CompressionLevel(level)).Send(messages(want...))
			require.NoError(t, err)
			assert.Equal(t, n, got)
			assert.Equal(t, want, p.bodies()[before:])
		})
	}
}
