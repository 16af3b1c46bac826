// Command piiscan finds personal data and secrets in files or on its standard input: for trying rules,
// and for continuous integration on logs.
//
//	piiscan app.log                     # one line a finding: file:line:column type score value
//	piiscan --fix < app.log             # the text with everything replaced
//	piiscan --detectors all --json *.log
//
// It exits with 1 when it finds something (with --fix with 0), with 2 on errors.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/otel-culprit/culprit/internal/pii"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit codes.
const (
	clean = iota
	found
	failed
)

type options struct {
	fix, json, show bool
	out             *bufio.Writer
	scanner         *pii.Scanner
	found           int
}

// run is main without the process around it; it returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("piiscan", flag.ContinueOnError)
	flags.SetOutput(stderr)
	config := pii.DefaultConfig()
	detectors := flags.String("detectors", "default", "names and groups of detectors, separated by commas")
	disable := flags.String("disable", "", "names and groups to take out again")
	action := flags.String("action", "replace", "what --fix does: replace, mask, remove, hash (with --hash-key-env)")
	keyEnv := flags.String("hash-key-env", "", "environment variable with the key of --action hash")
	flags.Float64Var(&config.MinScore, "min-score", config.MinScore, "lowest score that counts, 0 to 1")
	var o options
	flags.BoolVar(&o.fix, "fix", false, "write the redacted text instead of the findings")
	flags.BoolVar(&o.json, "json", false, "write findings as JSON, one a line")
	flags.BoolVar(&o.show, "show", false, "show the values that were found; without it they are written as their tokens")
	list := flags.Bool("list", false, "list the detectors and groups")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return clean
		}
		return failed
	}
	o.out = bufio.NewWriter(stdout)
	defer func() { _ = o.out.Flush() }()
	if *list {
		fmt.Fprintf(o.out, "groups: %s\ndetectors: %s\n", strings.Join(pii.Groups(), " "), strings.Join(pii.Names(), " "))
		return clean
	}
	config.Detectors, config.Disable = split(*detectors), split(*disable)
	config.Action.Type = pii.ActionType(*action)
	if *keyEnv != "" {
		config.HashKey = os.Getenv(*keyEnv)
	}
	scanner, err := pii.New(config)
	if err != nil {
		fmt.Fprintln(stderr, "piiscan:", err)
		return failed
	}
	o.scanner = scanner
	if flags.NArg() == 0 {
		err = o.scan("-", stdin)
	}
	for _, name := range flags.Args() {
		err = errors.Join(err, o.file(name))
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "piiscan:", err)
		return failed
	case o.found > 0 && !o.fix:
		return found
	}
	return clean
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

func (o *options) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return o.scan(name, f)
}

// scan handles a text line by line. A private key that spans lines is a finding on its first line.
func (o *options) scan(name string, r io.Reader) error {
	in := bufio.NewReader(r)
	for line := 1; ; line++ {
		text, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if text != "" {
			lines := 0
			if strings.Contains(text, "-----BEGIN") && strings.Contains(text, "PRIVATE KEY") && !strings.Contains(text, "-----END") {
				for more := ""; lines < 1000 && !strings.Contains(more, "-----END"); lines++ {
					var readErr error
					if more, readErr = in.ReadString('\n'); readErr != nil {
						text += more
						break
					}
					text += more
				}
			}
			o.text(name, line, text)
			line += lines
		}
		if err != nil {
			return nil
		}
	}
}

// finding is the JSON form of a finding. Offsets are bytes in the line.
type finding struct {
	File  string  `json:"file"`
	Line  int     `json:"line"`
	Start int     `json:"start"`
	End   int     `json:"end"`
	Type  string  `json:"type"`
	Score float64 `json:"score"`
	Value string  `json:"value"`
}

func (o *options) text(name string, line int, text string) {
	if o.fix {
		body := strings.TrimRight(text, "\r\n")
		out, _ := o.scanner.Redact(body, "")
		o.out.WriteString(out)
		o.out.WriteString(text[len(body):])
		return
	}
	for _, f := range o.scanner.Find(text, "") {
		o.found++
		x := finding{File: name, Line: line, Start: f.Start, End: f.End, Type: f.Type, Score: f.Score, Value: "[" + f.Kind + "]"}
		if o.show {
			x.Value = text[f.Start:f.End]
		}
		if o.json {
			b, err := json.Marshal(x)
			if err == nil {
				o.out.Write(append(b, '\n'))
			}
			continue
		}
		fmt.Fprintf(o.out, "%s:%d:%d-%d %s %.2f %s\n", name, line, f.Start+1, f.End, f.Type, f.Score, x.Value)
	}
}
