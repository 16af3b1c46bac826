// Buttons that copy: data-copy="text:...", "url", or the selector of an element; data-markdown is
// the address of a text.
import { $, toast } from './dom.js';

async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP on another host there is no clipboard; an old command still works.
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('no clipboard');
}

export async function copyMarkdown(address) {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(String(response.status));
    await put(await response.text());
    toast('Copied as Markdown.');
  } catch {
    toast('The browser did not let the page copy. Open the text instead.', { bad: true, action: 'Open', run: () => { location.href = address; } });
  }
}

export function startCopy() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy], [data-markdown]');
    if (!button) return;
    if (button.dataset.markdown) { copyMarkdown(button.dataset.markdown); return; }
    const what = button.dataset.copy;
    const text = what === 'url' ? location.href : what.startsWith('text:') ? what.slice(5) : $(what).textContent;
    try {
      await put(text);
      toast('Copied.');
    } catch {
      toast('The browser did not let the page copy.', { bad: true });
    }
  });
}
