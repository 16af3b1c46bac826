// One issue: its actions, dialogs and keys.
import { $, make, plural, toast } from './dom.js';
import { act, find } from './api.js';
import { onFresh, refresh } from './live.js';
import { copyMarkdown } from './copy.js';
import { onKey } from './keys.js';
import { closeMenus } from './menus.js';

const issue = () => $('#issue').dataset;
const words = { resolve: 'Resolved.', mute: 'Muted.', reopen: 'Reopened.', merge: 'Merged.', split: 'Split off; it becomes an issue of its own with its next event.' };

async function run(action, body) {
  closeMenus();
  document.activeElement?.blur?.();
  try {
    await act(issue().id, action, body);
    const undo = action === 'resolve' || action === 'mute' ? { action: 'Undo', run: () => run('reopen', {}) } : {};
    toast(body?.next_release ? 'Resolved in the next release.' : words[action], undo);
    if (action === 'merge' || action === 'split') { location.reload(); return; }
    await refresh();
  } catch (e) {
    toast(e.message, { bad: true });
  }
}

function bodyOf(data) {
  const body = {};
  if (data.next) body.next_release = true;
  if (data.duration) body.duration = data.duration;
  if (data.count) body.count = Number(data.count);
  if (data.escalating) body.until_escalating = true;
  if (data.alias) body.ids = [data.alias];
  return body;
}

function startMute() {
  const dialog = $('#mute-dialog');
  const until = $('#mute-until');
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'mute') return;
    const body = { until_escalating: $('#mute-escalating').checked };
    const count = Number($('#mute-count').value);
    if (count > 0) body.count = Math.floor(count);
    if (until.value) {
      const at = new Date(until.value);
      if (at <= Date.now()) { toast('This point in time is over.', { bad: true }); return; }
      body.until = at.toISOString();
    }
    run('mute', body);
  });
}

function startMerge() {
  const field = $('#merge-search'), list = $('#merge-choices'), dialog = $('#merge-dialog');
  let timer, abort;
  const search = async () => {
    abort?.abort();
    abort = new AbortController();
    try {
      const found = (await find(field.value.trim(), abort.signal)).filter((other) => other.id !== issue().id);
      list.replaceChildren(...found.map((other) => make('button', {
        type: 'button', onclick: () => { dialog.close('done'); run('merge', { ids: [other.id] }); },
      }, make('b', {}, other.title), make('small', {}, `${other.service} · ${other.state} · ${plural(other.count, 'event')} · ${other.id}`))));
      if (!found.length) list.replaceChildren(make('p', { class: 'muted' }, 'No other issue matches.'));
    } catch (e) {
      if (e.name !== 'AbortError') list.replaceChildren(make('p', { class: 'muted' }, e.message));
    }
  };
  field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 180); });
  field.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  document.addEventListener('click', (event) => { if (event.target.closest('[data-dialog="merge-dialog"]')) search(); });
}

export function startDetail() {
  const list = sessionStorage.getItem('culprit_list');
  if (list?.startsWith('/')) $('#back').href = list;
  onFresh((doc) => {
    const next = $('#issue', doc);
    if (!next) return;
    issue().state = next.dataset.state;
    if ($('#newer')) $('#newer').hidden = next.dataset.event === issue().event;
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-action]');
    if (button) run(button.dataset.action, bodyOf(button.dataset));
  });
  startMute();
  startMerge();
  const step = (icon) => () => { const a = $(`[data-step="${icon}"]`); if (a) location.href = a.href; };
  onKey('j', step('left'));
  onKey('k', step('right'));
  onKey('r', () => { run(['resolved', 'muted'].includes(issue().state) ? 'reopen' : 'resolve', {}); });
  onKey('m', () => {
    const menu = $('#mute-menu')?.closest('details');
    if (menu) { menu.open = true; $('.menu-list button', menu).focus(); }
  });
  onKey('c', () => { copyMarkdown($('[data-markdown]').dataset.markdown); });
  onKey('u', () => { location.href = $('#back').href; });
}
