// Small helpers around the document.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// make builds an element; text is always text, never markup.
export function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') e.className = value;
    else if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (value !== undefined) e.setAttribute(name, value);
  }
  e.append(...children);
  return e;
}

// toast tells what happened, with one thing that can be done about it.
export function toast(text, { action, run, bad } = {}) {
  const box = make('div', { class: bad ? 'toast bad' : 'toast' }, make('span', {}, text));
  const close = () => box.remove();
  if (action) box.append(make('button', { type: 'button', onclick: () => { close(); run(); } }, action));
  const all = $('#toasts');
  while (all.children.length > 2) all.firstElementChild.remove();
  all.append(box);
  setTimeout(close, bad ? 9000 : 6000);
}

// typing tells whether keys belong to a field at the moment.
export function typing(target) {
  return target instanceof Element && target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
}

export const plural = (n, noun) => `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
