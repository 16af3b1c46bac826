// Package web is the page of the issue registry: the list of issues, the detail of one, and the
// services. Everything is rendered on the server from embedded templates; the scripts only add live
// updates, actions and the keyboard. It makes no request to another host, and its content security
// policy forbids inline scripts and styles, because titles and messages come from whoever can cause
// an error.
package web

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Options are the settings of the page. The zero value works.
type Options struct {
	Version string // shown in the footer
	// OTLP is the base URL of the collector's OTLP/HTTP receiver for the instructions on empty pages;
	// "" = port 4318 of the host under which the page was opened.
	OTLP string
	// Now is the clock; nil = time.Now.
	Now func() time.Time
}

// policy is the content security policy of every page: nothing but our own files.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// server serves the pages.
type server struct {
	source issue.Source
	opts   Options
	pages  map[string]*template.Template
}

// Handler returns the page. It answers GET and HEAD below /, and expects the JSON API beside it
// under /api. It does not check the Host header: whoever mounts it does.
func Handler(source issue.Source, opts Options) http.Handler {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &server{source: source, opts: opts, pages: parseTemplates()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /issues/{id}", s.detail)
	mux.HandleFunc("GET /services", s.services)
	mux.HandleFunc("GET /favicon.ico", s.favicon)
	mux.HandleFunc("GET /assets/{version}/{name...}", assets.serve)
	mux.HandleFunc("GET /", s.notFound)
	return mux
}

// layout is what every page needs.
type layout struct {
	Page    string // list, detail, services, error
	Title   string // of the document
	Theme   string // light or dark when the visitor chose one, "" = the system's
	Version string
	Now     time.Time
	Links   issue.Links
}

func (s *server) layout(r *http.Request, page, title string) layout {
	l := layout{Page: page, Title: title, Version: s.opts.Version, Now: s.opts.Now(), Links: s.source.Links()}
	if c, err := r.Cookie("culprit_theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		l.Theme = c.Value
	}
	return l
}

// render writes a page. It is built in memory first, so that a failure never leaves half a page.
func (s *server) render(w http.ResponseWriter, status int, page string, data any) {
	var buf bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&buf, "layout", data); err != nil {
		http.Error(w, "render the page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	secure(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}

func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// errorView is the page that says what went wrong.
type errorView struct {
	layout
	Status  int
	Heading string
	Text    string
}

func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	v := errorView{Status: http.StatusServiceUnavailable, Heading: "The issue store does not answer", Text: err.Error()}
	var invalid *issue.InvalidError
	switch {
	case errors.Is(err, issue.ErrNotFound):
		v.Status, v.Heading = http.StatusNotFound, "No such issue"
		v.Text = "It may have been evicted: the oldest issues go first when the registry is full or their retention ends."
	case errors.As(err, &invalid):
		v.Status, v.Heading = http.StatusBadRequest, "This cannot be shown"
	case errors.Is(err, context.Canceled):
		return
	}
	v.layout = s.layout(r, "error", v.Heading)
	s.render(w, v.Status, "error", v)
}

func (s *server) notFound(w http.ResponseWriter, r *http.Request) {
	v := errorView{Status: http.StatusNotFound, Heading: "Nothing here", Text: "There is no page at this address."}
	v.layout = s.layout(r, "error", v.Heading)
	s.render(w, v.Status, "error", v)
}

func (s *server) favicon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, assets.url("icon.svg"), http.StatusFound)
}
