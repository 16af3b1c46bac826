package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed assets templates
var files embed.FS

// assets are the styles, scripts and the icon.
var assets = loadAssets()

// assetSet holds all files in memory, under one version that is the hash of them all: the address of
// a file changes with its content, so that browsers keep them for good, and modules that import
// each other by relative paths stay on one version.
type assetSet struct {
	version string
	files   map[string][]byte
}

func loadAssets() *assetSet {
	set := &assetSet{files: map[string][]byte{}}
	hash := sha256.New()
	var css bytes.Buffer
	// The embedded files are part of the program: a failure to read them cannot happen at run time.
	_ = fs.WalkDir(files, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		hash.Write(content)
		name = strings.TrimPrefix(name, "assets/")
		if path.Ext(name) == ".css" { // in the order of their names, as one file
			css.Write(content)
			return nil
		}
		set.files[name] = content
		return nil
	})
	set.files["app.css"] = css.Bytes()
	set.version = hex.EncodeToString(hash.Sum(nil))[:12]
	return set
}

// url is the address of an asset.
func (a *assetSet) url(name string) string { return "/assets/" + a.version + "/" + name }

func (a *assetSet) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	content, ok := a.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	secure(h)
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", "no-cache")
	if r.PathValue("version") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	_, _ = w.Write(content)
}

// contentType does not ask the system, which may know nothing of JavaScript.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// parseTemplates makes one template set for each page: the layout, the parts, and the page's content.
func parseTemplates() map[string]*template.Template {
	parts := template.Must(template.New("parts").Funcs(functions).ParseFS(files,
		"templates/layout.html", "templates/parts_*.html"))
	pages := map[string]*template.Template{}
	for _, page := range []string{"list", "detail", "services", "error"} {
		pages[page] = template.Must(template.Must(parts.Clone()).ParseFS(files, "templates/"+page+".html"))
	}
	return pages
}
