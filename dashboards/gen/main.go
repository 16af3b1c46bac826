// Command gen renders the Grafana dashboards: go run ./gen DIRECTORY writes one JSON file each.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen DIRECTORY")
		os.Exit(2)
	}
	for name, content := range files() {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), content, 0o644); err != nil { //nolint:gosec // the dashboards are for everybody
			fmt.Fprintln(os.Stderr, "write dashboard:", err)
			os.Exit(1)
		}
	}
}

// all are the dashboards, in the order of the way from a symptom to its cause.
func all() []*dashboard {
	return []*dashboard{services(), issues(), issue(), coverage(), redaction(), collector()}
}

// files renders all dashboards: file name -> JSON.
func files() map[string][]byte {
	out := map[string][]byte{}
	for _, d := range all() {
		content, err := json.MarshalIndent(d.render(), "", "  ")
		if err != nil {
			panic(err) // maps of plain values always marshal
		}
		out[d.uid+".json"] = append(content, '\n')
	}
	return out
}
