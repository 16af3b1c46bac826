// Keeps relative times true while the page is open, in the words of the server, and puts the
// visitor's own time zone into their titles.
import { $$ } from './dom.js';

const units = [[730, 365, 'y'], [60, 30, 'mo'], [1, 1, 'd']];
const long = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function ago(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes}m ago`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ago`;
  const days = Math.floor(minutes / 1440);
  const [, size, name] = units.find(([from]) => days >= from);
  return `${Math.floor(days / size)}${name} ago`;
}

export function refreshTimes(root = document) {
  const now = Date.now();
  for (const e of $$('time', root)) {
    const at = new Date(e.dateTime);
    const text = ago(now - at.getTime());
    if (e.textContent !== text) e.textContent = text;
    if (!e.dataset.local) {
      e.title = `${long.format(at)} (${e.title})`;
      e.dataset.local = 'true';
    }
  }
}

export function startTimes() {
  refreshTimes();
  setInterval(refreshTimes, 15000);
}
