package page

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// idOf asks the server for the ID of the issue that a text finds.
func idOf(p *tab, text string) string {
	p.t.Helper()
	quoted, err := json.Marshal(text)
	require.NoError(p.t, err)
	return eval[string](p, `fetch('/api/issues?q=' + encodeURIComponent(`+string(quoted)+`)).then((r) => r.json()).then((r) => r.issues[0].id)`)
}

const (
	rowCount = `document.querySelectorAll('#list > .row').length`
	current  = `document.querySelector('#list > [data-current] .title a').textContent`
)

func TestListAndSearch(t *testing.T) {
	p := open(t, serve(t), "/")
	p.sees("PaymentError")
	all := eval[int](p, rowCount)
	assert.Equal(t, 14, all)
	p.click("#search")
	p.keys("r", "e", "s", "e", "r", "v", "e", "\r")
	p.wait(`location.search === '?q=reserve' && ` + rowCount + ` === 1`)
	p.sees("invalid memory address")
	assert.Equal(t, "Escalating 0", eval[string](p, `[...document.querySelectorAll('.tabs a')][3].textContent.trim()`), "the tabs count what the search finds")

	p.goTo("/")
	eval[bool](p, `(() => { const s = document.querySelector('[name=service]'); s.value = 'checkout'; s.dispatchEvent(new Event('change', {bubbles: true})); return true })()`)
	p.wait(`location.search === '?service=checkout' && ` + rowCount + ` === 2`)
	p.click(`.tabs a[href*="state=all"]`)
	p.wait(`location.search.includes('state=all') && location.search.includes('service=checkout')`)
	p.click(`.segment a`)
	p.wait(`location.search.includes('period=24h')`)
}

func TestTenThousandIssues(t *testing.T) {
	p := open(t, serve(t, "-filler", "10000"), "/?state=all")
	p.sees("1–50 of 10,018")
	first := eval[string](p, `document.querySelector('#list > .row').dataset.id`)
	p.click(`[rel=next]`)
	p.sees("51–100 of 10,018")
	p.click(`[rel=prev]`)
	p.sees("1–50 of 10,018")
	assert.Equal(t, first, eval[string](p, `document.querySelector('#list > .row').dataset.id`))
	took := eval[float64](p, `fetch('/?state=all').then((r) => r.text()).then(() => performance.getEntriesByType('resource').at(-1).duration)`)
	t.Logf("the list of 10,018 issues took %.0f ms", took)
}

func TestKeyboard(t *testing.T) {
	base := serve(t)
	p := open(t, base, "/")
	p.keys("j", "j", "k")
	assert.Contains(t, eval[string](p, current), "PaymentError")
	p.keys("j")
	assert.Contains(t, eval[string](p, current), "Cannot read properties")
	p.keys("o")
	p.wait(`location.pathname.startsWith('/issues/')`)
	p.sees("CartSummary.total")
	p.wait(`document.querySelector('#live')?.dataset.state === 'on'`)
	p.keys("j")
	p.wait(`location.search.startsWith('?event=')`)
	p.wait(`document.querySelector('#live')?.dataset.state === 'on'`)
	p.keys("u")
	p.wait(`location.pathname === '/' && document.querySelector('#live')?.dataset.state === 'on'`)
	p.keys("?")
	p.wait(`document.querySelector('#help').open`)
	p.keys("\x1b")
	p.wait(`!document.querySelector('#help').open`)
	p.keys("g", "s")
	p.wait(`location.pathname === '/services' && document.querySelector('#live')?.dataset.state === 'on'`)
	p.keys("g", "i")
	p.wait(`location.pathname === '/' && document.querySelector('#live')?.dataset.state === 'on'`)
	p.keys("/")
	p.wait(`document.activeElement.id === 'search'`)
	p.keys("j", "r") // into the field, not to the list
	assert.Equal(t, "jr", eval[string](p, `document.querySelector('#search').value`))
	p.keys("\x1b")

	// Enter opens what j chose.
	p.goTo("/")
	p.keys("j", "\r")
	p.wait(`location.pathname.startsWith('/issues/')`)
}

func TestResolveAndMuteFromTheList(t *testing.T) {
	p := open(t, serve(t), "/")
	p.keys("j", "r")
	p.sees("Resolved.")
	p.wait(rowCount + ` === 13`)
	assert.NotContains(t, eval[string](p, `document.querySelector('#list').innerText`), "PaymentError")
	p.wait(`document.querySelector('.tabs a').textContent.includes('13')`)
	assert.Contains(t, eval[string](p, current), "Cannot read", "the cursor stays at its place")
	p.click(".toast button") // undo
	p.wait(rowCount + ` === 14`)
	p.sees("PaymentError")

	p.click("#list .row:nth-child(3) .pick input")
	p.click("#list .row:nth-child(5) .pick input")
	p.sees("2 selected")
	p.click(`[data-bulk=mute]`)
	p.sees("Muted until it escalates: 2 issues.")
	p.wait(rowCount + ` === 12`)
	p.goTo("/?state=muted")
	p.wait(rowCount + ` === 4`)

	p.click("#pick-all")
	p.sees("4 selected")
	p.click(`[data-bulk=reopen]`)
	p.sees("Nothing is muted")
	p.sees("Reopened: 4 issues.") // also where nothing is left of the list
}

func TestDetailActions(t *testing.T) {
	p := open(t, serve(t), "/")
	id := idOf(p, "invoice")
	p.goTo("/issues/" + id)
	p.sees("ERROR: duplicate key value violates unique constraint")
	assert.False(t, eval[bool](p, `document.querySelector('.fold details').open`), "library frames are folded")
	p.click(".fold summary")
	p.sees("FrameworkServlet.doPost")

	p.click(`.split > [data-action=resolve]`)
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Resolved'`)
	p.sees("resolved by hand")
	p.click(`[data-action=reopen]`)
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Ongoing'`)

	p.click(`.split summary`)
	p.click(`[data-next]`)
	p.sees("Resolved in the next release")
	p.keys("r") // reopens
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Ongoing'`)

	p.keys("m")
	p.wait(`document.activeElement.textContent.trim() === 'Until it escalates'`)
	p.click(`[data-count="100"]`)
	p.sees("Muted until 100 further events.")
	p.keys("r")
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Ongoing'`)

	p.click(`#mute-menu`)
	p.click(`[data-dialog=mute-dialog]`)
	p.wait(`document.querySelector('#mute-dialog').open`)
	eval[bool](p, `(() => { document.querySelector('#mute-until').value = '2099-01-01T00:00'; return true })()`)
	p.click(`#mute-form [value=mute]`)
	p.sees("or it escalates.")
	p.sees("2099")
}

func TestMergeAndSplit(t *testing.T) {
	p := open(t, serve(t), "/")
	id, other := idOf(p, "invoice"), idOf(p, "invalid memory")
	p.goTo("/issues/" + id)
	p.click(`.menu-end summary`)
	p.click(`[data-dialog=merge-dialog]`)
	p.wait(`document.querySelector('#merge-dialog').open`)
	eval[bool](p, `(() => { const f = document.querySelector('#merge-search'); f.value = 'invalid memory'; f.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
	p.wait(`document.querySelectorAll('#merge-choices button').length === 1`)
	p.click(`#merge-choices button`)
	p.sees("Merged into this issue")
	p.goTo("/issues/" + other) // leads to the issue that took it in
	p.wait(`location.pathname === '/issues/` + id + `'`)
	p.click(`[data-action=split]`)
	p.wait(`document.readyState === 'complete' && !document.body.innerText.includes('Merged into this issue')`)
}

// An issue of the same kind is proposed with the reason, and merged with one click.
func TestMergeAProposedIssue(t *testing.T) {
	p := open(t, serve(t, "-filler", "150"), "/")
	p.goTo("/issues/" + idOf(p, "TimeoutError partner"))
	p.sees("May be the same bug")
	p.sees("same type")
	other := eval[string](p, `document.querySelector('.similar [data-action=merge]').dataset.alias`)
	p.click(`.similar [data-action=merge]`)
	p.wait(`document.readyState === 'complete' && document.body.innerText.includes('Merged into this issue')`)
	p.sees(other)
}

func TestAnIssueRegressesBeforeOnesEyes(t *testing.T) {
	p := open(t, serve(t), "/?state=all", 1360, 500)
	id := idOf(p, "UnicodeDecodeError")
	row := `document.querySelector('[data-id="` + id + `"]')`
	assert.Equal(t, "Resolved", eval[string](p, row+`.querySelector('.badge').textContent`))
	eval[chromedp.Void](p, row+`.scrollIntoView({block: "center"}); undefined`)
	top, order := eval[float64](p, row+`.getBoundingClientRect().top`), eval[string](p, `[...document.querySelectorAll('#list > .row')].map((r) => r.dataset.id).join()`)
	p.post("/demo/seen/" + id)
	p.wait(row + `.querySelector('.badge')?.textContent === 'Regressed'`)
	assert.Equal(t, "94", eval[string](p, row+`.querySelector('.count span').textContent`))
	assert.InDelta(t, top, eval[float64](p, row+`.getBoundingClientRect().top`), 0.5, "the row did not move")
	assert.Equal(t, order, eval[string](p, `[...document.querySelectorAll('#list > .row')].map((r) => r.dataset.id).join()`))
	p.wait(`[...document.querySelectorAll('.tabs a')][2].textContent.includes('2')`)

	// Where it is not in view yet, it is offered and not forced in.
	q := open(t, p.base, "/")
	other := idOf(q, "weight")
	rows := eval[int](q, rowCount)
	q.post("/demo/seen/" + other)
	q.sees("Show 1 new issue")
	assert.Equal(t, rows, eval[int](q, rowCount))
	q.click("#pill")
	q.wait(rowCount + ` === ` + "16")
	q.sees("undefined method")

	// And on its own page.
	d := open(t, p.base, "/issues/"+id)
	before := eval[string](d, `document.querySelector('.facts dd').textContent`)
	step := eval[string](d, `document.querySelector('.event-when strong').textContent`)
	d.post("/demo/seen/" + id)
	d.wait(`document.querySelector('.facts dd').textContent !== '` + before + `'`)
	d.sees("Show the latest event")
	assert.Equal(t, step, eval[string](d, `document.querySelector('.event-when strong').textContent`), "what is read stays")
	d.click("#newer")
	d.wait(`document.readyState === 'complete' && document.querySelector('.event-when strong')?.textContent !== '` + step + `'`)
}

// The same with the real registry behind the page.
func TestTheRealRegistry(t *testing.T) {
	p := open(t, serve(t, "-real", "-empty"), "/")
	p.sees("Waiting for the first error")
	p.post("/demo/fill")
	p.sees("PaymentError")
	p.wait(`document.querySelector('#live')?.dataset.state === 'on'`)
	all := eval[int](p, rowCount)
	assert.Equal(t, 18, all)
	id := idOf(p, "invoice")
	row := `document.querySelector('[data-id="` + id + `"]')`
	p.wait(row + `.querySelector('.badge').textContent === 'New'`)
	p.post("/demo/seen/" + id)
	p.wait(row + `.querySelector('.count span').textContent === '2'`)

	p.goTo("/issues/" + id)
	p.sees("Invoice.append")
	p.sees("first occurrence")
	p.sees("What happened before")
	p.keys("r")
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Resolved'`)
	p.post("/demo/seen/" + id)
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Regressed'`)
	p.click(`#mute-menu`)
	p.click(`[data-duration="24h"]`)
	p.sees("Muted until")
	p.keys("r")
	p.wait(`document.querySelector('.issue-sub .badge').textContent === 'Ongoing'`)

	other := idOf(p, "invalid memory")
	eval[bool](p, `fetch('/api/issues/`+id+`/merge', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({ids: ['`+other+`']})}).then((r) => r.ok)`)
	p.goTo("/issues/" + other)
	p.wait(`location.pathname === '/issues/` + id + `'`)
	p.click(`[data-action=split]`)
	p.wait(`document.readyState === 'complete' && document.querySelector('#issue') && !document.querySelector('.merged')`)
}

// The way of a single error: it comes, is resolved by the keyboard, and comes back.
func TestTheWayOfOneError(t *testing.T) {
	const ledger = "4f7b41113783e852"
	p := open(t, serve(t, "-real", "-empty"), "/")
	p.sees("Waiting for the first error")
	p.post("/demo/seen/" + ledger)
	p.wait(rowCount + ` === 1`)
	p.keys("j", "r")
	p.sees("Resolved.")
	p.sees("Nothing is open")
	p.goTo("/?state=all")
	p.post("/demo/seen/" + ledger)
	p.wait(`document.querySelector('#list .badge')?.textContent === 'Regressed'`)
	p.keys("j", "o")
	p.sees("seen again after it was resolved")
}

func TestTheFirstErrorFillsAnEmptyPage(t *testing.T) {
	p := open(t, serve(t, "-empty"), "/")
	p.sees("Waiting for the first error")
	p.post("/demo/fill")
	p.sees("PaymentError")
}

func TestLightAndDark(t *testing.T) {
	p := open(t, serve(t), "/")
	background := `getComputedStyle(document.body).backgroundColor`
	light := eval[string](p, background)
	p.scheme("dark")
	dark := eval[string](p, background)
	assert.NotEqual(t, light, dark)
	p.click("#theme")
	assert.Equal(t, light, eval[string](p, background), "the choice wins over the system")
	p.goTo("/services")
	assert.Equal(t, light, eval[string](p, background), "and is kept")
	assert.Equal(t, "light", eval[string](p, `document.documentElement.dataset.theme`))
	p.keys("t")
	assert.Equal(t, dark, eval[string](p, background))
}

func TestPhoneWidth(t *testing.T) {
	p := open(t, serve(t), "/", 390, 844)
	for _, path := range []string{"/?state=all", "/issues/" + idOf(p, "PaymentError"), "/issues/" + idOf(p, "invoice"), "/services", "/?q=none"} {
		p.goTo(path)
		assert.LessOrEqual(t, eval[int](p, `document.documentElement.scrollWidth`), 390, "%s scrolls sideways", path)
	}
	p.goTo("/")
	p.click("#list .title a")
	p.wait(`location.pathname.startsWith('/issues/')`)
}

// The title of one of the issues is a script.
func TestScriptInATitleDoesNotRun(t *testing.T) {
	p := open(t, serve(t), "/?state=all")
	p.sees(`XSS"><script>document.title='owned'</script>`)
	id := idOf(p, "owned")
	p.goTo("/issues/" + id)
	p.sees(`<img src=x onerror=alert(1)>`)
	p.goTo("/services")
	time.Sleep(100 * time.Millisecond)
	assert.NotContains(t, eval[string](p, `document.title`), "owned")
	// Not even a script that would get into the page somehow.
	blocked := eval[string](p, `new Promise((done) => {
		document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));
		const s = document.createElement('script'); s.textContent = 'document.title = "owned"'; document.body.append(s);
		setTimeout(() => done('nothing was blocked'), 2000);
	})`)
	assert.Equal(t, "script-src-elem", blocked)
	p.mu.Lock()
	p.complaints = nil // the browser tells of what it blocked
	p.mu.Unlock()
}

// Nothing moves while the scripts start.
func TestNoLayoutShift(t *testing.T) {
	p := open(t, serve(t), "/")
	for _, path := range []string{"/", "/issues/" + idOf(p, "PaymentError"), "/services"} {
		p.goTo(path)
		shift := eval[float64](p, `new Promise((done) => {
			let sum = 0;
			new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
			setTimeout(() => done(sum), 400);
		})`)
		assert.Less(t, shift, 0.01, path)
	}
}

func TestReadingWithoutJavaScript(t *testing.T) {
	base := serve(t)
	p := open(t, base, "/")
	id := idOf(p, "PaymentError")
	require.NoError(t, p.withoutScripts())
	for path, want := range map[string]string{"/": "PaymentError", "/issues/" + id: "look here", "/services": "legacy-shop"} {
		require.NoError(t, p.load(path))
		p.sees(want)
		assert.Equal(t, 0, eval[int](p, `[...document.querySelectorAll('.needs-js')].filter((e) => e.checkVisibility()).length`), "no button that does nothing")
	}
}
