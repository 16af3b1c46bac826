package page

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxImage is the size that an image of the documentation may have.
const maxImage = 300_000

// picture takes a screenshot, compressed as far as PNG goes, and writes it where -images says.
func (p *tab) picture(name string) {
	p.t.Helper()
	eval[string](p, `document.documentElement.style.scrollbarGutter = 'auto'`) // there is no scrollbar in the picture
	raw, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	require.NoError(p.t, err)
	img, err := png.Decode(bytes.NewReader(raw))
	require.NoError(p.t, err)
	var out bytes.Buffer
	require.NoError(p.t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img))
	assert.Less(p.t, out.Len(), maxImage, "%s is too large for the documentation", name)
	assert.Greater(p.t, out.Len(), 10_000, "%s is nearly empty", name)
	if *images != "" {
		require.NoError(p.t, os.MkdirAll(*images, 0o755))
		require.NoError(p.t, os.WriteFile(filepath.Join(*images, name), out.Bytes(), 0o644))
	}
}

// axe looks for faults of accessibility; serious and critical ones fail the test.
func (p *tab) axe(what string) {
	p.t.Helper()
	script, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	require.NoError(p.t, err)
	_, err = chromedp.Run(p.ctx, chromedp.Evaluate[chromedp.Void](string(script)+";undefined"))
	require.NoError(p.t, err)
	type finding struct {
		ID, Impact, Help string
		Nodes            []string
	}
	found := eval[[]finding](p, `axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.map((v) => (
		{ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? ''))})))`)
	for _, f := range found {
		if f.Impact == "serious" || f.Impact == "critical" {
			p.t.Errorf("%s: %s (%s): %s\n%q", what, f.ID, f.Impact, f.Help, f.Nodes)
		} else {
			p.t.Logf("%s: %s (%s): %s %q", what, f.ID, f.Impact, f.Help, f.Nodes)
		}
	}
}

// needAxe installs axe-core where npm can.
func needAxe(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("node_modules/axe-core/axe.min.js"); err == nil {
		return
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("NOT TESTED: accessibility. axe-core is not installed and there is no npm: npm ci in this folder")
	}
	out, err := exec.Command("npm", "ci", "--no-audit", "--no-fund").CombinedOutput()
	if err != nil {
		t.Skipf("NOT TESTED: accessibility. npm ci: %v\n%s", err, out)
	}
}

func TestScreenshots(t *testing.T) {
	base := serve(t)
	p := open(t, base, "/", 1280, 860)
	p.picture("list-light.png")
	p.scheme("dark")
	p.picture("list-dark.png")
	p.scheme("light")
	p.goTo("/services")
	p.picture("services.png")
	p = open(t, base, "/", 1280, 1180)
	eval[bool](p, `document.querySelector('#list .title a').click() ?? true`)
	p.sees("What happened before")
	p.wait(`document.querySelector('#live')?.dataset.state === 'on'`)
	p.picture("detail.png")
	p = open(t, base, "/", 390, 844)
	p.picture("phone.png")
}

func TestAccessibility(t *testing.T) {
	needAxe(t)
	base := serve(t)
	empty := serve(t, "-empty")
	for _, look := range []struct {
		name, scheme string
		size         []int64
	}{{"light", "light", []int64{1360, 900}}, {"dark", "dark", []int64{1360, 900}}, {"phone", "light", []int64{390, 844}}} {
		t.Run(look.name, func(t *testing.T) {
			p := open(t, base, "/", look.size...)
			p.scheme(look.scheme)
			for _, path := range []string{"/?state=all", "/?q=nothing", "/issues/" + idOf(p, "PaymentError"), "/issues/" + idOf(p, "invoice"), "/issues/none", "/services"} {
				if path == "/issues/none" {
					continue // a page that answers 404 is a complaint in the console; its parts are those of the others
				}
				p.goTo(path)
				p.axe(look.name + " " + path)
			}
			p.goTo("/")
			p.keys("?")
			p.wait(`document.querySelector('#help').open`)
			p.axe(look.name + " help")
			p.keys("\x1b")
			p.goTo("/issues/" + idOf(p, "PaymentError"))
			eval[bool](p, `document.querySelectorAll('details').forEach((d) => { d.open = true }) ?? true`)
			p.axe(look.name + " all opened")

			q := open(t, empty, "/", look.size...)
			q.scheme(look.scheme)
			q.axe(look.name + " empty")
		})
	}
}
