// The list: selection, bulk actions, the keyboard's cursor, and new rows that wait to be shown.
import { $, $$, plural, toast } from './dom.js';
import { act, fresh } from './api.js';
import { exchange, offer, onFresh, refresh } from './live.js';
import { refreshTimes } from './time.js';
import { onKey } from './keys.js';

const rows = () => $$('#list > .row');
const current = () => $('#list > [data-current]');
const picked = () => $$('#list > [data-checked]');
const words = { resolve: 'Resolved', mute: 'Muted until it escalates', reopen: 'Reopened', merge: 'Merged' };

function choose(row, focus = true) {
  current()?.removeAttribute('data-current');
  if (!row) return;
  row.dataset.current = '';
  row.scrollIntoView({ block: 'nearest' });
  if (focus) $('.title a', row).focus({ preventScroll: true });
  sessionStorage.setItem('culprit_current', row.dataset.id);
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function showPicked() {
  const n = picked().length;
  const box = $('#rows');
  if (!box) return;
  box.toggleAttribute('data-selected', n > 0);
  $('#picked').textContent = `${n} selected`;
  $('#bulk-merge').hidden = n < 2;
  const all = $('#pick-all');
  all.checked = n > 0 && n === rows().length;
  all.indeterminate = n > 0 && !all.checked;
}

function pick(row, on) {
  row.toggleAttribute('data-checked', on);
  $('.pick input', row).checked = on;
}

// bulk does one thing with several issues and offers to take it back.
async function bulk(action, chosen) {
  const ids = chosen.map((row) => row.dataset.id);
  if (!ids.length) return;
  const body = action === 'mute' ? { until_escalating: true } : {};
  try {
    if (action === 'merge') {
      // The issue with the most events takes the others in.
      await act(ids[0], 'merge', { ids: ids.slice(1) });
    } else {
      const results = await Promise.allSettled(ids.map((id) => act(id, action, body)));
      const failed = results.filter((r) => r.status === 'rejected');
      if (failed.length) throw failed[0].reason;
    }
    const undo = action === 'resolve' || action === 'mute'
      ? { action: 'Undo', run: async () => { await Promise.allSettled(ids.map((id) => act(id, 'reopen'))); swap(); } } : {};
    toast(ids.length === 1 ? `${words[action]}.` : `${words[action]}: ${plural(ids.length, 'issue')}.`, undo);
  } catch (e) {
    toast(e.message, { bad: true });
  }
  await swap();
}

// swap shows the list as the server has it now, and keeps the cursor where it was.
async function swap() {
  const at = rows().indexOf(current());
  let doc;
  try { doc = await fresh(); } catch { return; }
  const [old, next] = [$('#rows'), $('#rows', doc)];
  if (!old || !next) { renew(doc); return; }
  exchange(doc);
  $('#list').replaceWith($('#list', doc));
  refreshTimes($('#list'));
  offer(0);
  showPicked();
  if (at >= 0) choose(rows()[Math.min(at, rows().length - 1)]);
}

// renew exchanges the whole content: a list became empty, or the first issue came.
function renew(doc) {
  $('#main').replaceChildren(...$('#main', doc).childNodes);
  refreshTimes($('#main'));
  startFilters();
  showPicked();
}

// compare marks what the refreshed page says of the rows, and counts those that are not here yet.
function compare(doc) {
  if ($('#first-run') || !$('#rows')) {
    if ($('#rows', doc)) renew(doc);
    return;
  }
  const next = new Map($$('#list > .row', doc).map((row) => [row.dataset.id, row]));
  const here = new Set(rows().map((row) => row.dataset.id));
  for (const row of rows()) {
    const now = next.get(row.dataset.id);
    row.toggleAttribute('data-gone', !now);
    if (now) row.dataset.state = now.dataset.state;
  }
  const first = !new URLSearchParams(location.search).has('after');
  const waiting = [...next.keys()].filter((id) => !here.has(id)).length;
  offer(first ? waiting : 0, async () => {
    await swap();
    for (const row of rows()) if (!here.has(row.dataset.id)) row.dataset.fresh = '';
    scrollTo({ top: 0 });
  });
}

function startFilters() {
  const form = $('#filters');
  if (!form) return;
  const clean = () => {
    for (const e of $$('input, select', form)) e.disabled = e.value === '' || e.name === 'sort' && e.value === 'last_seen';
  };
  form.addEventListener('submit', clean);
  for (const e of $$('select', form)) e.addEventListener('change', () => form.requestSubmit());
  $('#search').addEventListener('search', () => {
    if ($('#search').value === '' && new URLSearchParams(location.search).has('q')) form.requestSubmit(); // its cross
  });
}

export function startList() {
  startFilters();
  addEventListener('pageshow', () => { for (const e of $$('#filters input, #filters select')) e.disabled = false; });
  sessionStorage.setItem('culprit_list', location.pathname + location.search);
  onFresh(compare);
  document.addEventListener('change', (event) => {
    const box = event.target;
    if (box.id === 'pick-all') for (const row of rows()) pick(row, box.checked);
    else if (box.matches?.('.pick input')) pick(box.closest('.row'), box.checked);
    else return;
    showPicked();
  });
  // Shift and a click take all rows between.
  let last;
  document.addEventListener('click', (event) => {
    const box = event.target.closest?.('.pick input');
    if (box) {
      const all = rows(), row = box.closest('.row');
      if (event.shiftKey && last && all.includes(last)) {
        const [a, b] = [all.indexOf(last), all.indexOf(row)].sort((x, y) => x - y);
        for (const r of all.slice(a, b + 1)) pick(r, box.checked);
        showPicked();
      }
      last = row;
    }
    const button = event.target.closest?.('[data-bulk]');
    if (button) bulk(button.dataset.bulk, picked());
  });
  const chosen = () => picked().length ? picked() : current() ? [current()] : [];
  onKey('j', () => move(1));
  onKey('k', () => move(-1));
  onKey('o', () => { const row = current(); if (row) location.href = $('.title a', row).href; });
  onKey('Enter', (event) => {
    if (event.target.closest('a, button, summary, input')) return false;
    const row = current();
    if (row) location.href = $('.title a', row).href;
    return Boolean(row);
  });
  onKey('x', () => { const row = current(); if (row) { pick(row, !row.hasAttribute('data-checked')); showPicked(); } });
  onKey('r', () => { bulk('resolve', chosen()); });
  onKey('m', () => { bulk('mute', chosen()); });
  onKey('Escape', () => { for (const row of picked()) pick(row, false); showPicked(); });
  const back = sessionStorage.getItem('culprit_current');
  if (back && performance.getEntriesByType('navigation')[0]?.type === 'back_forward') {
    choose(rows().find((row) => row.dataset.id === back), false);
  }
  showPicked();
}

export { refresh };
