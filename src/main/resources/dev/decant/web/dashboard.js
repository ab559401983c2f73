// Puts what the server tells into the page. All HTML is the server's, which has escaped it.
'use strict';

const by = id => document.getElementById(id);
const dialog = by('dialog');
const opened = new Map();

document.addEventListener('click', event => {
  const summary = event.target.closest('summary');
  const details = summary && summary.parentElement;
  if (details && details.id) opened.set(details.id, !details.open);
});

function put(name, html) {
  const part = by('part-' + name);
  const focused = part.contains(document.activeElement) ? document.activeElement.closest('[id]') : null;
  const scrolled = new Map([...part.querySelectorAll('details[id] pre')].map(pre => [pre.closest('[id]').id, pre.scrollTop]));
  part.innerHTML = html;
  for (const details of part.querySelectorAll('details[id]')) {
    if (opened.has(details.id)) details.open = opened.get(details.id);
    const pre = details.querySelector('pre');
    if (pre && scrolled.has(details.id)) pre.scrollTop = scrolled.get(details.id);
  }
  localTimes(part);
  if (focused && by(focused.id) && focused.id !== part.id) {
    const again = by(focused.id);
    (again.querySelector('summary') || again).focus({ preventScroll: true });
  }
}

function localTimes(part) {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  for (const time of part.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    if (!isNaN(at)) time.textContent = format.format(at);
  }
}

function listen() {
  const source = new EventSource('/events');
  for (const name of ['hosts', 'rollout', 'past', 'history']) {
    source.addEventListener(name, event => put(name, JSON.parse(event.data)));
  }
  source.addEventListener('said', event => { by('said').textContent = JSON.parse(event.data); });
  source.onopen = () => say('good', 'Live');
  source.onerror = () => say('bad', 'decant dashboard does not answer any more');
}

function say(tone, words) {
  by('link').innerHTML = `<span class="badge ${tone}"><svg class="icon" aria-hidden="true"><use href="#i-${tone}"></use></svg></span>`;
  by('link').firstChild.append(words);
}

async function ask(query) {
  const answer = await fetch('/rollback' + (query ? '?' + query : ''));
  const focused = dialog.contains(document.activeElement) ? document.activeElement.id : '';
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  (by(focused) || by('keep')).focus();
}

const chosen = () => new URLSearchParams(new FormData(by('rollback')));

dialog.addEventListener('change', () => ask(chosen()));
dialog.addEventListener('click', event => {
  if (event.target.id === 'keep') dialog.close();
});
// What it said is not true for ever.
dialog.addEventListener('close', () => { dialog.innerHTML = ''; });
dialog.addEventListener('submit', async event => {
  event.preventDefault();
  by('go').disabled = true;
  by('go').textContent = 'Taking the lock …';
  const answer = await fetch('/rollback', { method: 'POST', headers: { 'X-Decant': 'dashboard' }, body: chosen() });
  if (answer.ok) {
    dialog.close();
    by('part-rollout').focus();
  } else {
    by('refused').innerHTML = await answer.text();
  }
});

by('ask').hidden = false;
by('ask').addEventListener('click', () => ask(''));
localTimes(document);
listen();
