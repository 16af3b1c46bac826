// Live updates. The stream only says that something changed; what it looks like now the server
// renders, and the parts marked data-live are exchanged in place, so nothing on the page moves.
import { $, $$, plural } from './dom.js';
import { fresh } from './api.js';
import { refreshTimes } from './time.js';

const pause = 1500; // least milliseconds between two refreshes; more where the server is slow
const listeners = [];
let source, retry, timer, settled, busy = false, again = false, lastRefresh = 0, took = 0;

// onFresh registers what else is to be done with a freshly rendered page.
export function onFresh(run) { listeners.push(run); }

// exchange puts the new content of all data-live parts below root into the page.
export function exchange(doc, root = document) {
  // The place among the events belongs to the event that is shown.
  const sameEvent = $('#issue')?.dataset.event === $('#issue', doc)?.dataset.event;
  for (const e of $$('[data-live]', root)) {
    if (!sameEvent && e.dataset.live.startsWith('step')) continue;
    const next = $(`[data-live="${CSS.escape(e.dataset.live)}"]`, doc);
    if (!next || e.contains(document.activeElement) && document.activeElement !== document.body || $('details.menu[open]', e)) continue;
    for (const name of ['hidden']) e.toggleAttribute(name, next.hasAttribute(name));
    const html = next.innerHTML;
    if (e.dataset.sent === html) continue; // the times in it were made relative again here
    e.dataset.sent = html;
    e.replaceChildren(...next.childNodes);
    refreshTimes(e);
  }
}

// refresh renders the page again, now or as soon as the running one is done.
export async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  lastRefresh = Date.now();
  try {
    const doc = await fresh();
    exchange(doc);
    for (const run of listeners) run(doc);
    took = Date.now() - lastRefresh;
  } catch {
    show('off', 'Offline');
  } finally {
    busy = false;
    if (again) { again = false; soon(); }
  }
}

function soon() {
  if (timer) return;
  timer = setTimeout(() => { timer = undefined; refresh(); }, Math.max(80, Math.max(pause, 10 * took) - (Date.now() - lastRefresh)));
}

function show(state, text) {
  const e = $('#live');
  if (e.dataset.state === state) return;
  e.dataset.state = state;
  e.title = state === 'on' ? 'New events appear by themselves' : 'The connection is lost; it is tried again';
  $('span', e).textContent = text;
}

function connect(wanted) {
  source?.close();
  clearTimeout(retry);
  source = new EventSource('/api/stream');
  let opened = false;
  source.onopen = () => { show('on', 'Live'); if (opened || lastRefresh) soon(); opened = true; };
  source.onerror = () => {
    show('off', 'Offline');
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(() => connect(wanted), 5000);
  };
  source.addEventListener('issue', (event) => {
    if (!wanted(JSON.parse(event.data).issue)) return;
    soon();
    // An issue is told of once a second at most: what came within that second shows up afterwards.
    clearTimeout(settled);
    settled = setTimeout(soon, 2500);
  });
}

export function startLive(page) {
  if (page === 'error') { $('#live').hidden = true; return; }
  const id = $('#issue')?.dataset.id;
  const wanted = (issue) => page !== 'detail' || issue.id === id;
  connect(wanted);
  // A hidden page holds no connection: a browser has only six for each host.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) { source?.close(); clearTimeout(retry); } else { connect(wanted); soon(); }
  });
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (event) => { if (event.persisted) { connect(wanted); soon(); } });
}

// offer shows how many issues wait to be shown, without moving what is being read.
export function offer(count, run) {
  const pill = $('#pill');
  if (!pill) return;
  pill.hidden = count === 0;
  pill.textContent = `Show ${plural(count, 'new issue')}`;
  pill.onclick = run;
}
