package webtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// API answers the requests of the JSON API that the page makes.
func API(s *Source) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/issues", func(w http.ResponseWriter, r *http.Request) {
		page, err := s.List(r.Context(), issue.Query{Text: r.URL.Query().Get("q"), Limit: 12})
		answer(w, map[string]any{"issues": page.Issues}, err)
	})
	mux.HandleFunc("GET /api/issues/{id}", func(w http.ResponseWriter, r *http.Request) {
		i, err := s.Get(r.Context(), r.PathValue("id"))
		answer(w, i, err)
	})
	mux.HandleFunc("POST /api/issues/{id}/{action}", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			NextRelease bool     `json:"next_release"`
			Duration    string   `json:"duration"`
			Count       uint64   `json:"count"`
			Escalating  bool     `json:"until_escalating"`
			IDs         []string `json:"ids"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			answer(w, nil, &issue.InvalidError{Reason: err.Error()})
			return
		}
		id := r.PathValue("id")
		var i issue.Issue
		err := error(&issue.InvalidError{Reason: "no such action"})
		switch r.PathValue("action") {
		case "resolve":
			i, err = s.Resolve(r.Context(), id, issue.Resolve{NextRelease: body.NextRelease})
		case "mute":
			d, _ := time.ParseDuration(body.Duration)
			i, err = s.Mute(r.Context(), id, issue.MuteFor{Duration: d, Count: body.Count, Escalating: body.Escalating})
		case "reopen":
			i, err = s.Reopen(r.Context(), id, "")
		case "merge":
			i, err = s.Merge(r.Context(), id, body.IDs)
		case "split":
			i, err = s.Split(r.Context(), id, body.IDs)
		}
		answer(w, i, err)
	})
	mux.HandleFunc("GET /api/stream", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		flush := http.NewResponseController(w)
		_, _ = fmt.Fprint(w, ": hello\n\n")
		_ = flush.Flush()
		for u := range s.Watch(r.Context()) {
			text, _ := json.Marshal(u)
			if _, err := fmt.Fprintf(w, "event: issue\ndata: %s\n\n", text); err != nil {
				return
			}
			_ = flush.Flush()
		}
	})
	return mux
}

func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	var invalid *issue.InvalidError
	switch {
	case errors.Is(err, issue.ErrNotFound):
		w.WriteHeader(http.StatusNotFound)
	case errors.As(err, &invalid):
		w.WriteHeader(http.StatusBadRequest)
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
	}
	if err != nil {
		v = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v)
}
