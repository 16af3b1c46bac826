// Command predict writes what the grouper says of labelled samples, for their scorers to judge:
//
//	predict logs DIR OUT            DIR/<name>.tsv -> OUT/<name>.txt, one template a line
//	predict stacks [-body] IN OUT   JSON lines with the stack traces -> JSON lines {"id","group"}
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "predict:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "logs":
		return logs(args[1], args[2])
	case len(args) == 3 && args[0] == "stacks":
		return stacks(args[1], args[2], false)
	case len(args) == 4 && args[0] == "stacks" && args[1] == "-body":
		return stacks(args[2], args[3], true)
	}
	return fmt.Errorf("usage: predict logs DIR OUT | predict stacks [-body] IN OUT")
}

func logs(dir, out string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		var o strings.Builder
		lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
		for _, l := range lines[1:] {
			cols := strings.Split(l, "\t")
			o.WriteString(strings.ReplaceAll(grouping.Template(cols[1]), "\n", " "))
			o.WriteByte('\n')
		}
		name := strings.TrimSuffix(filepath.Base(f), ".tsv") + ".txt"
		if err := os.WriteFile(filepath.Join(out, name), []byte(o.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func stacks(in, out string, body bool) error {
	g, err := grouping.New(grouping.Config{})
	if err != nil {
		return err
	}
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer f.Close()
	o, err := os.Create(out)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(o)
	enc := json.NewEncoder(w)
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		var r struct {
			ID      string `json:"id"`
			Lang    string `json:"lang"`
			Type    string `json:"exception_type"`
			Message string `json:"exception_message"`
			Stack   string `json:"stacktrace"`
		}
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return err
		}
		input := grouping.Input{Stack: r.Stack}
		if !body {
			input.Type, input.Message, input.Language = r.Type, r.Message, language(r.Lang)
		}
		res := g.Group(&input)
		if err := enc.Encode(map[string]any{"id": r.ID, "group": res.ID, "title": res.Title, "culprit": res.Culprit, "parts": res.Parts}); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return o.Close()
}

// language maps the samples' names to those of telemetry.sdk.language.
func language(s string) stacktrace.Language {
	if s == "node" {
		return stacktrace.NodeJS
	}
	return stacktrace.Language(s)
}
