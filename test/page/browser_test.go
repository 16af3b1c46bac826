// Package page drives the issues page in Chromium: list, search, detail, actions, live updates,
// keyboard, dark, phone width. The page is served by the demo server of its own package, with a
// made-up registry.
//
//	go test ./...                             in this folder; skips where there is no Chromium
//	go test -images ../../docs/images ./...   renews the screenshots of the documentation
package page

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var images = flag.String("images", "", "folder into which the screenshots of the documentation are written")

// patience bounds every wait for the page.
const patience = 20 * time.Second

var (
	browser context.Context // the running browser; nil without one
	demo    string          // the demo server's binary
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	path := findChromium()
	if path == "" {
		fmt.Println("SKIPPED, NOT TESTED: the issues page in a browser. There is no chromium in PATH; set CHROMIUM to its path, or: apt-get install chromium")
		return 0
	}
	dir, err := os.MkdirTemp("", "culprit-page")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	demo = filepath.Join(dir, "demo")
	build := exec.Command("go", "build", "-o", demo, "./extension/issueregistryextension/internal/web/webtest/demo")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("build the demo server: %v\n%s", err, out)
		return 1
	}
	fonts, err := filepath.Abs("testdata/fonts.conf")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.Env("FONTCONFIG_FILE="+fonts), chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // its sandbox refuses to run as root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Printf("start %s: %v\n", path, err)
		return 1
	}
	browser = ctx
	return m.Run()
}

func findChromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

// serve starts a demo server of the test's own and returns its address without a final slash.
func serve(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command(demo, append([]string{"-listen", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSuffix(strings.TrimSpace(line), "/")
}

// tab is one page in the browser. At the end of its test it checks that nothing was complained of in the
// console and that nothing but the server was asked for anything.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu         sync.Mutex
	complaints []string
	requests   []string
}

// open opens a path of a server in a tab of its own cookies.
func open(t *testing.T, base, path string, size ...int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx, base: base}
	require.NoError(t, chromedp.Listen(ctx, p.listen))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	if len(size) == 0 {
		size = []int64{1360, 900}
	}
	var mobile []chromedp.EmulateViewportOption
	if size[0] < 600 {
		mobile = append(mobile, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1], mobile...)))
	p.scheme("light")
	p.goTo(path)
	t.Cleanup(p.check)
	return p
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			p.complaints = append(p.complaints, fmt.Sprintf("console.%s", e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			p.complaints = append(p.complaints, e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	}
}

func (p *tab) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.complaints) > 0 {
		p.t.Errorf("the console complains:\n%s", strings.Join(p.complaints, "\n"))
	}
	if len(p.requests) < 2 {
		p.t.Errorf("requests were not recorded: %v", p.requests)
	}
	for _, r := range p.requests {
		u, err := url.Parse(r)
		if err != nil || (u.Scheme != "data" && u.Hostname() != "127.0.0.1") {
			p.t.Errorf("a request to another host: %s", r)
		}
	}
}

func (p *tab) scheme(value string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(p.t, err)
}

// goTo loads a path and waits until its scripts run and the stream is open.
func (p *tab) goTo(path string) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.Navigate(p.base+path)))
	p.wait(`document.readyState === 'complete' && (document.body.dataset.page === 'error' || document.querySelector('#live')?.dataset.state === 'on')`)
}

// eval evaluates an expression in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, expression)
	return v
}

// wait waits until an expression is true.
func (p *tab) wait(expression string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`Boolean(`+expression+`)`))
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			shot, _ := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
			file := filepath.Join(os.TempDir(), "culprit-page-failed.png")
			_ = os.WriteFile(file, shot, 0o600)
			require.FailNow(p.t, "it never became true", "%s\nlast error: %v\nscreenshot: %s", expression, err, file)
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// sees waits until the page shows a text.
func (p *tab) sees(text string) {
	p.t.Helper()
	quoted, err := json.Marshal(text)
	require.NoError(p.t, err)
	p.wait(`document.body.innerText.includes(` + string(quoted) + `)`)
}

// keys presses keys. A character comes as one event, as from a keyboard, so that a page that takes it
// as a command keeps it out of fields.
func (p *tab) keys(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		if k < " " {
			require.NoError(p.t, chromedp.Do(p.ctx, chromedp.KeyEvent(k)))
			continue
		}
		for _, e := range []input.DispatchKeyEventParams{{Type: "keyDown", Key: k, Text: k}, {Type: "keyUp", Key: k}} {
			_, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, e)
			require.NoError(p.t, err)
		}
	}
}

// click clicks the middle of the first visible element of a selector, as a person would.
func (p *tab) click(selector string) {
	p.t.Helper()
	quoted, err := json.Marshal(selector)
	require.NoError(p.t, err)
	find := `[...document.querySelectorAll(` + string(quoted) + `)].find((e) => e.checkVisibility())`
	p.wait(find)
	at := eval[[]float64](p, `(() => { const e = `+find+`; e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.MouseClickXY(at[0], at[1])))
}

// post does something at the server behind the page's back.
func (p *tab) post(path string) {
	p.t.Helper()
	answer, err := http.Post(p.base+path, "application/json", strings.NewReader("{}"))
	require.NoError(p.t, err)
	_ = answer.Body.Close()
	require.Equal(p.t, http.StatusOK, answer.StatusCode, path)
}

func (p *tab) withoutScripts() error {
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
}

// load loads a path without waiting for scripts.
func (p *tab) load(path string) error { return chromedp.Do(p.ctx, chromedp.Navigate(p.base+path)) }
