// Demo serves the page with a made-up registry, for looking at it and for the tests that drive it in
// a browser:
//
//	go run ./extension/issueregistryextension/internal/web/webtest/demo -listen localhost:4390
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web"
	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
)

func main() {
	listen := flag.String("listen", "localhost:4390", "address; port 0 takes any free one")
	filler := flag.Int("filler", 0, "so many further, dull issues")
	empty := flag.Bool("empty", false, "an empty registry")
	flag.Parse()

	source := webtest.New(time.Now)
	if !*empty {
		source.Fill(*filler)
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", webtest.API(source))
	// What an error that comes through a pipeline would do.
	mux.HandleFunc("POST /demo/seen/{id}", func(w http.ResponseWriter, r *http.Request) {
		if _, err := source.Seen(r.PathValue("id")); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
		}
	})
	mux.HandleFunc("POST /demo/fill", func(http.ResponseWriter, *http.Request) { source.Fill(0) })
	mux.Handle("/", web.Handler(source, web.Options{Version: "demo"}))
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/\n", l.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(l))
}
