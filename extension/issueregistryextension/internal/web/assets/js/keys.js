// The keyboard. Pages register what their keys do; here is what works everywhere.
import { $, typing } from './dom.js';
import { openDialog } from './menus.js';
import { toggleTheme } from './theme.js';

const keys = new Map();
let afterG = 0;

// onKey registers a key of the current page.
export function onKey(key, run) { keys.set(key, run); }

export function startKeys() {
  onKey('?', () => openDialog('help'));
  onKey('t', toggleTheme);
  onKey('/', () => {
    const field = $('#search');
    if (field) { field.focus(); field.select(); } else { location.href = '/#search'; }
  });
  if (location.hash === '#search') $('#search')?.focus();
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && event.target.id === 'search') event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if ($('dialog[open]')) return;
    if (Date.now() - afterG < 1200) {
      afterG = 0;
      const to = { i: '/', s: '/services' }[event.key];
      if (to) { event.preventDefault(); location.href = to; return; }
    }
    if (event.key === 'g') { afterG = Date.now(); return; }
    const run = keys.get(event.key);
    if (run && run(event) !== false) event.preventDefault();
  });
}
