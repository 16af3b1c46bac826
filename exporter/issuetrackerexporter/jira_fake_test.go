package issuetrackerexporter

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// badJira is a Jira whose search lags, which loses answers, and which throttles.
type badJira struct {
	*httptest.Server
	mu       sync.Mutex
	lag      time.Duration
	lose     int // percent of the creations whose answer is lost
	throttle int // percent of the requests that are throttled
	fail     int // percent of the requests that fail before they do anything
	random   *rand.Rand
	issues   []badIssue
	comments map[string]int
	creates  int
}

type badIssue struct {
	key, label string
	at         time.Time
	done       bool
}

func newBadJira(t *testing.T) *badJira {
	j := &badJira{random: rand.New(rand.NewPCG(1, 2)), comments: map[string]int{}}
	j.Server = httptest.NewServer(j)
	t.Cleanup(j.Close)
	return j
}

func (j *badJira) config() map[string]any {
	return map[string]any{"url": j.URL, "project": "OPS", "user": "bot@acme.com", "token": "secret-token"}
}

var labelForm = regexp.MustCompile(`otel-fp-[0-9a-f]{32}`)

func (j *badJira) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if dice := j.random.IntN(100); dice < j.throttle {
		w.Header().Set("Retry-After", "0.02")
		w.WriteHeader(429)
		return
	} else if dice < j.throttle+j.fail {
		w.WriteHeader(503)
		return
	}
	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)
	path := strings.TrimPrefix(r.URL.Path, "/rest/api/3/")
	switch {
	case path == "search/jql":
		label := labelForm.FindString(fmt.Sprint(body["jql"]))
		list := []any{}
		for _, i := range j.issues {
			if i.label == label && time.Since(i.at) >= j.lag {
				list = append(list, map[string]any{"key": i.key, "fields": map[string]any{"status": status(i.done)}})
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"issues": list, "isLast": true})
	case path == "issue":
		j.creates++
		i := badIssue{key: fmt.Sprintf("OPS-%d", len(j.issues)+1), label: labelForm.FindString(fmt.Sprint(body["fields"])), at: time.Now()}
		j.issues = append(j.issues, i)
		if j.random.IntN(100) < j.lose {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(201)
		_ = json.NewEncoder(w).Encode(map[string]any{"key": i.key})
	case strings.HasSuffix(path, "/comment"):
		j.comments[strings.Split(path, "/")[1]]++
		w.WriteHeader(201)
		_, _ = w.Write([]byte("{}"))
	case strings.HasSuffix(path, "/transitions") && r.Method == http.MethodGet:
		_ = json.NewEncoder(w).Encode(map[string]any{"transitions": []any{
			map[string]any{"id": "1", "name": "Done", "to": status(true)["x"]}, map[string]any{"id": "2", "name": "Open", "to": status(false)["x"]},
		}})
	case strings.HasSuffix(path, "/transitions"):
		for n := range j.issues {
			if j.issues[n].key == strings.Split(path, "/")[1] {
				j.issues[n].done = strings.Contains(fmt.Sprint(body), "id:1")
			}
		}
		w.WriteHeader(204)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{})
	}
}

func status(done bool) map[string]any {
	s := map[string]any{"name": "To Do", "statusCategory": map[string]any{"key": "new"}}
	if done {
		s = map[string]any{"name": "Done", "statusCategory": map[string]any{"key": "done"}}
	}
	s["x"] = map[string]any{"name": s["name"], "statusCategory": s["statusCategory"]}
	return s
}

// tickets counts the tickets of each issue.
func (j *badJira) tickets() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := map[string]int{}
	for _, i := range j.issues {
		out[i.label]++
	}
	return out
}
