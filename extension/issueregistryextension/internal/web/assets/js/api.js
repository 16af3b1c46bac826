// The JSON API beside the page.

// act does something with an issue: resolve, mute, reopen, merge, split.
export async function act(id, action, body = {}) {
  return request(`/api/issues/${encodeURIComponent(id)}/${action}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
}

// find searches issues by text.
export async function find(text, signal) {
  const q = new URLSearchParams({ q: text, limit: '12' });
  const answer = await request(`/api/issues?${q}`, { signal });
  return answer.issues ?? [];
}

async function request(address, options) {
  let response;
  try {
    response = await fetch(address, { ...options, credentials: 'same-origin', redirect: 'error' });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Error('The collector does not answer.');
  }
  const text = await response.text();
  let answer = {};
  try { answer = JSON.parse(text); } catch { /* not JSON: the text is the answer */ }
  if (!response.ok) {
    const said = typeof answer.error === 'string' ? answer.error : answer.error?.message ?? answer.message;
    throw new Error(said || text.slice(0, 200).trim() || `The collector answered ${response.status}.`);
  }
  return answer;
}

// fresh fetches a page as a document: the server renders what changed, once and for all.
export async function fresh(address = location.href) {
  const response = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
  if (!response.ok) throw new Error(`The collector answered ${response.status}.`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}
