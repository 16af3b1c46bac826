// Menus are details elements and dialogs are dialog elements; this closes and opens them.
import { $, $$ } from './dom.js';

export function closeMenus(except) {
  for (const menu of $$('details.menu[open]')) if (menu !== except) menu.open = false;
}

export function openDialog(id) {
  closeMenus();
  const dialog = $(`#${id}`);
  if (dialog && !dialog.open) dialog.showModal();
}

export function startMenus() {
  document.addEventListener('click', (event) => {
    const menu = event.target.closest('details.menu');
    closeMenus(menu);
    if (menu && event.target.closest('.menu-list button, .menu-list a')) menu.open = false;
    const opener = event.target.closest('[data-dialog]');
    if (opener) openDialog(opener.dataset.dialog);
    if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const menu = $('details.menu[open]');
      if (menu) { menu.open = false; $('summary', menu).focus(); }
    }
    const menu = event.target.closest?.('details.menu[open]');
    if (menu && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const items = $$('.menu-list button, .menu-list a', menu);
      const at = items.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
      items[(at + items.length) % items.length].focus();
    }
  });
  $('#help-open').addEventListener('click', () => openDialog('help'));
}
