package harness

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Trackers are the fake ticket and alert services of test/trackers.
type Trackers struct {
	*Process
	url string
}

// StartTrackers builds and starts them.
func StartTrackers(t testing.TB) *Trackers {
	t.Helper()
	dir, address := t.TempDir(), Address(t)
	binary := filepath.Join(dir, "trackers")
	out, code := Run(t, Root(), []string{"GOWORK=off"}, "go", "build", "-o", binary, "./test/trackers/fake")
	require.Zero(t, code, out)
	f := &Trackers{url: "http://" + address}
	f.Process = Start(t, "trackers", dir, nil, binary, "-listen", address)
	f.WaitReady(t, f.url+"/control/ready", 30*time.Second)
	return f
}

// Service is one of the fake trackers.
type Service struct{ URL, control string }

// Service returns a service by name, such as jira-cloud. Its requests are checked when the test ends.
func (f *Trackers) Service(t testing.TB, name string) *Service {
	s := &Service{URL: f.url + "/" + name, control: f.url + "/control/" + name}
	t.Cleanup(func() {
		var violations []string
		GetJSON(t, s.control+"/violations", &violations)
		assert.Empty(t, violations, "requests that %s would refuse", name)
	})
	return s
}

// Ticket is what a tracker has of an issue; see package trackers.
type Ticket struct {
	ID, Key, Title, Body, Priority, State string
	Closed                                bool
	Notes                                 []string
	Opens, Edits                          int
}

// Tickets returns all tickets.
func (s *Service) Tickets(t testing.TB) []Ticket {
	t.Helper()
	var out []Ticket
	GetJSON(t, s.control+"/tickets", &out)
	return out
}

// Denied is how many requests had a wrong credential.
func (s *Service) Denied(t testing.TB) int {
	t.Helper()
	var out int
	GetJSON(t, s.control+"/denied", &out)
	return out
}

// Chaos is how often what goes wrong, in percent of the requests; see package trackers.
type Chaos struct {
	Throttle, Fail, Refuse, Lose, Slow int
	Lag, Wait                          time.Duration
}

// SetChaos makes requests go wrong.
func (s *Service) SetChaos(t testing.TB, c Chaos) {
	t.Helper()
	body, err := json.Marshal(c)
	require.NoError(t, err)
	resp, err := http.Post(s.control+"/chaos", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
}
