package target

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/trackers"
)

const secret = trackers.Secret

// fake is the server of one tracker. A request that the tracker's documentation forbids fails the test.
type fake struct {
	*trackers.Server
	http *httptest.Server
	t    *testing.T
}

func newFake(t *testing.T, service string) *fake {
	f := &fake{Server: trackers.New(service), t: t}
	f.http = httptest.NewServer(f.Server)
	t.Cleanup(func() {
		f.http.Close()
		assert.Empty(t, f.Violations())
	})
	return f
}

func (f *fake) only() trackers.Ticket {
	f.t.Helper()
	list := f.Tickets()
	require.Len(f.t, list, 1)
	return list[0]
}

func (f *fake) last() trackers.Call {
	list := f.Calls()
	return list[len(list)-1]
}

// maker is a target's configuration.
type maker = interface {
	Validate() error
	New(Options) (Target, error)
}
