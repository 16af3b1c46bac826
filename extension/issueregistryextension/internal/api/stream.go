package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// stream tells of changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
// event "issue" with {"issue": {...}, "removed": true}.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold it back
	out := http.NewResponseController(w)
	_ = out.SetReadDeadline(time.Time{}) // the server's read timeout is for requests that come slowly
	updates := s.source.Watch(r.Context())
	ping := time.NewTicker(s.opt.Ping)
	defer ping.Stop()
	send := func(format string, a ...any) bool {
		// The server's write timeout is for answers that end.
		_ = out.SetWriteDeadline(time.Now().Add(s.opt.Ping))
		if _, err := fmt.Fprintf(w, format, a...); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	if !send("retry: 2000\n: hello\n\n") {
		return
	}
	for {
		select {
		case <-s.done.Done():
			return
		case <-r.Context().Done():
			return
		case <-ping.C:
			if !send(": ping\n\n") {
				return
			}
		case u, ok := <-updates:
			if !ok {
				return
			}
			text, err := json.Marshal(u)
			if err != nil || !send("event: issue\ndata: %s\n\n", text) {
				return
			}
		}
	}
}
