// Light or dark. The choice is a cookie, so that the server sends the page in it at once.
import { $ } from './dom.js';

export const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
};

export function toggleTheme() {
  const theme = dark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `culprit_theme=${theme}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`;
}

export function startTheme() {
  $('#theme').addEventListener('click', toggleTheme);
}
