// Fake trackers on one address, each below its name: http://127.0.0.1:8080/jira-cloud and so on. What they have is at
// /control/NAME/tickets, and how they fail is set with a POST to /control/NAME/chaos.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/test/trackers"
)

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "where to listen")
	flag.Parse()
	mux := http.NewServeMux()
	for _, name := range trackers.Names() {
		s := trackers.New(name)
		mux.Handle("/"+name+"/", http.StripPrefix("/"+name, s))
		mux.Handle("/"+name, http.StripPrefix("/"+name, s))
		mux.HandleFunc("GET /control/"+name+"/tickets", show(func() any { return s.Tickets() }))
		mux.HandleFunc("GET /control/"+name+"/violations", show(func() any { return s.Violations() }))
		mux.HandleFunc("GET /control/"+name+"/denied", show(func() any { return s.Denied() }))
		mux.HandleFunc("POST /control/"+name+"/chaos", func(w http.ResponseWriter, r *http.Request) {
			var c trackers.Chaos
			if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			s.SetChaos(c)
		})
	}
	mux.HandleFunc("GET /control/ready", show(func() any { return "ready" }))
	fmt.Println("http://" + *address)
	server := &http.Server{Addr: *address, Handler: mux, ReadHeaderTimeout: time.Minute}
	log.Fatal(server.ListenAndServe())
}

func show(what func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(what())
	}
}
