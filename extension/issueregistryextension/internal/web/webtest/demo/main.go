// Demo serves the page and the JSON API with a made-up registry, for looking at them and for the
// tests that drive them in a browser:
//
//	go run ./extension/issueregistryextension/internal/web/webtest/demo -listen localhost:4390
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/api"
	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web"
	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

func main() {
	listen := flag.String("listen", "localhost:4390", "address; port 0 takes any free one")
	filler := flag.Int("filler", 0, "so many further, dull issues")
	empty := flag.Bool("empty", false, "begin with an empty registry")
	real := flag.Bool("real", false, "a real registry in memory that judges occurrences, without a past")
	flag.Parse()

	d := pretended(*filler)
	if *real {
		var err error
		if d, err = judged(); err != nil {
			log.Fatal(err)
		}
	}
	if !*empty {
		d.fill()
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", api.Handler(context.Background(), d.source, api.Options{Version: "demo"}))
	mux.Handle("/", web.Handler(d.source, web.Options{Version: "demo"}))
	// What errors that come through a pipeline would do.
	mux.HandleFunc("POST /demo/fill", func(http.ResponseWriter, *http.Request) { d.fill() })
	mux.HandleFunc("POST /demo/seen/{id}", func(w http.ResponseWriter, r *http.Request) {
		if err := d.seen(r.PathValue("id")); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
		}
	})
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/\n", l.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.Serve(l))
}

// demo is a registry and what can happen to it.
type demo struct {
	source issue.Source
	fill   func()
	seen   func(id string) error
}

func pretended(filler int) demo {
	s := webtest.New(time.Now)
	return demo{s, func() { s.Fill(filler) }, func(id string) error {
		_, err := s.Seen(id)
		return err
	}}
}

func judged() (demo, error) {
	core := issue.NewCore(issue.Options{Store: memory.New()})
	if err := core.Start(context.Background()); err != nil {
		return demo{}, err
	}
	judge := func(wanted func(issue.Occurrence) bool) error {
		var batch []issue.Occurrence
		for _, o := range webtest.Occurrences(time.Now()) {
			if wanted(o) {
				batch = append(batch, o)
			}
		}
		if len(batch) == 0 {
			return issue.ErrNotFound
		}
		core.Judge(context.Background(), batch, nil)
		return nil
	}
	return demo{
		source: core,
		fill:   func() { _ = judge(func(issue.Occurrence) bool { return true }) },
		seen:   func(id string) error { return judge(func(o issue.Occurrence) bool { return o.Issue == id }) },
	}, nil
}
