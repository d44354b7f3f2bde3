// dashboard.js - the dashboard's page. Everything that comes from the server is put in as text, never
// as markup; URLs of images are used only if they are http or https.
'use strict';

const $ = id => document.getElementById(id);

// -- elements

// make('p', { class: 'dim', text: 'x' }, child...): an element. Attributes that are null are left out.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name === 'text') element.textContent = value;
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setTitle(element, title) {
  if (element.title !== title) element.title = title;
}

// Makes the children of `list` show the rows, by their key: elements that stay are updated in place, so
// that focus, scrolling and selections stay too.
function showRows(list, rows, create, update, keyOf = row => row.id) {
  const old = new Map([...list.children].map(child => [child.dataset.key, child]));
  let at = list.firstElementChild;
  for (const row of rows) {
    const key = String(keyOf(row));
    let element = old.get(key);
    old.delete(key);
    if (!element) {
      element = create(row);
      element.dataset.key = key;
    }
    update(element, row);
    if (element === at) at = at.nextElementSibling;
    else list.insertBefore(element, at);
  }
  for (const element of old.values()) element.remove();
}

const part = (element, name) => element.querySelector(`[data-part="${name}"]`);
const piece = (tag, name, className) => make(tag, { 'data-part': name, class: className || null });

// -- words

const typeNames = {
  'generate-image': 'Image', 'generate-complete-pack': 'Pack', 'generate-aplus': 'A+ content',
  'regenerate-image': 'Image again', 'batch-api': 'Batch API',
};
const typeName = type => typeNames[type] || type || 'unknown';

function imageName(type) {
  if (!type) return '';
  if (type === 'A_PLUS_MODULE') return 'A+ module';
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const number = new Intl.NumberFormat('en-US');
const count = (n, one, many = `${one}s`) => `${number.format(n)} ${n === 1 ? one : many}`;
const usd = value => new Intl.NumberFormat('en-US', {
  style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: value > 0 && value < 1 ? 4 : 2,
}).format(value);

function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const fullTime = ms => dateTime.format(new Date(ms));

// -- live data

let state = null; // the last snapshot
let offset = 0; // clock of the database minus that of this computer
const now = () => Date.now() + offset;

function applyChange(change) {
  for (const [name, value] of Object.entries(change.set)) {
    if (value === null) delete state[name];
    else state[name] = value;
  }
  for (const [name, { rows, ids }] of Object.entries(change.rows)) {
    const changed = new Map(rows.map(row => [row.id, row]));
    const all = new Map(state[name].map(row => [row.id, changed.get(row.id) || row]));
    for (const row of rows) all.set(row.id, row);
    state[name] = ids ? ids.map(id => all.get(id)) : [...all.values()];
  }
}

let stream = null;
let retry = 0;

function showLink(className, text) {
  $('link').className = `link ${className}`;
  setText($('link-text'), text);
}

function disconnect() {
  clearTimeout(retry);
  if (stream) stream.close();
  stream = null;
}

function connect() {
  disconnect();
  stream = new EventSource('api/live');
  const received = apply => event => {
    const data = JSON.parse(event.data);
    offset = data.now - Date.now();
    apply(data);
    showLink('is-live', 'Live');
    showState();
  };
  stream.addEventListener('snapshot', received(data => { state = data.snapshot; }));
  stream.addEventListener('change', received(data => {
    // The first change of a process is a whole snapshot.
    if (state) applyChange(data.change);
    else state = { ...data.change.set };
  }));
  stream.addEventListener('error', () => {
    showLink('is-lost', 'Connection lost. Trying again');
    if (stream && stream.readyState === EventSource.CLOSED) {
      // Refused: the token may have changed. Else the browser connects again by itself.
      retry = setTimeout(async () => {
        const reply = await fetch('dashboard.js', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
        if (reply && reply.status === 401) location.reload();
        else connect();
      }, 3000);
    }
  });
}

// A hidden page needs no data.
let hiddenTimer = 0;
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer);
  if (document.hidden) {
    hiddenTimer = setTimeout(() => { disconnect(); showLink('', 'Paused'); }, 60000);
  } else if (!stream) {
    connect();
  }
});

// -- overview

function webUrl(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : null;
  } catch {
    return null;
  }
}

// The address of an image for this page. The server sends those of a store in a folder itself.
function imageUrl(url) {
  const path = /^file:.*\/generated-images\/([\w-]+\/[\w-]+\/[\w-]+\.(?:png|jpe?g))$/.exec(url || '');
  return path ? `image/${path[1]}` : webUrl(url);
}

// An image of the store. With `small`, the address of a small copy, the whole image is only loaded if there is none.
function picture(url, alt, small = null) {
  const usable = imageUrl(url);
  if (!usable) return make('span', { text: 'no picture' });
  const image = make('img', { src: small || usable, alt, loading: 'lazy', decoding: 'async', referrerpolicy: 'no-referrer' });
  image.addEventListener('error', () => {
    if (small && image.getAttribute('src') === small) image.src = usable;
    else image.replaceWith(make('span', { text: 'cannot be loaded' }));
  });
  return image;
}
const thumbnail = job => `thumbnail/image/${encodeURIComponent(job)}`;

const sum = (rows, name) => rows.reduce((total, row) => total + Number(row[name]), 0);

function showFigures() {
  const queue = state.queue || [];
  const ready = sum(queue, 'ready'), later = sum(queue, 'waiting'), running = sum(queue, 'running');
  setText($('waiting'), number.format(ready));
  setText($('oldest'), state.oldestAt ? `oldest for ${duration(now() - state.oldestAt)}`
    : later ? `${number.format(later)} later` : 'no job waits');
  setText($('running-count'), number.format(running));
  setText($('running-note'), `on ${count(state.workers.filter(worker => !worker.dead).length, 'worker')}`);
  setText($('finished'), number.format(sum(queue, 'completed')));
  const failed = sum(queue, 'failed');
  setText($('failed'), failed ? `${number.format(failed)} failed` : 'none failed');
  const spent = state.spend.microusd / 1e6, budget = state.process.dailyBudget;
  setText($('spent'), usd(spent));
  setText($('budget'), budget > 0 ? `of ${usd(budget)} a day` : count(state.spend.calls, 'call'));
  $('meter').hidden = !(budget > 0);
  if (budget > 0) {
    $('meter-bar').style.transform = `scaleX(${Math.min(1, spent / budget)})`;
    $('meter').classList.toggle('full', spent >= budget);
  }
}

const svgElement = (tag, attributes) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

let shownRates = '';
function showRates() {
  const { completed, failed } = state.rates;
  const key = JSON.stringify(state.rates);
  if (key === shownRates) return;
  shownRates = key;
  const most = Math.max(4, ...completed.map((n, i) => n + failed[i]));
  const bars = [svgElement('rect', { class: 'base', x: 0, y: 63, width: 360, height: 1 })];
  completed.forEach((n, i) => {
    const good = n / most * 62, bad = failed[i] / most * 62;
    if (good) bars.push(svgElement('rect', { class: 'good', x: i * 6 + 1, y: 63 - good, width: 4, height: good }));
    if (bad) bars.push(svgElement('rect', { class: 'bad', x: i * 6 + 1, y: 63 - good - bad, width: 4, height: bad }));
  });
  $('rate').replaceChildren(...bars);
  const hour = sum(completed.map(n => ({ n })), 'n');
  const last = sum(completed.slice(-5).map(n => ({ n })), 'n') / 5;
  const text = `${number.format(hour)} in the last hour, ${last.toLocaleString('en-US')} a minute in the last five`;
  setText($('rate-note'), text);
  $('rate').setAttribute('aria-label', text);
}

function cell(row, name, value) {
  const element = part(row, name);
  setText(element, number.format(value));
  element.classList.toggle('zero', Number(value) === 0);
}

function showQueue() {
  const names = ['ready', 'later', 'running', 'completed', 'failed'];
  showRows($('queue'), state.queue, () => make('tr', {}, piece('th', 'type'),
    ...names.map(name => piece('td', name, 'number'))), (row, type) => {
    setText(part(row, 'type'), typeName(type.id));
    setTitle(part(row, 'type'), type.id);
    part(row, 'type').scope = 'row';
    cell(row, 'ready', type.ready);
    cell(row, 'later', Number(type.waiting) + Number(type.paused));
    setTitle(part(row, 'later'), `${count(type.waiting, 'job')} for a time, ${number.format(type.paused)} paused`);
    cell(row, 'running', Number(type.running) + Number(type.parts));
    setTitle(part(row, 'running'), Number(type.parts) ? `${count(type.parts, 'pack')} with unfinished parts` : '');
    cell(row, 'completed', type.completed);
    cell(row, 'failed', type.failed);
  });
  $('queue-empty').hidden = state.queue.length > 0;
}

function showRunning() {
  showRows($('running'), state.running, () => make('li', {}, piece('span', 'what', 'grow'),
    piece('span', 'attempt', 'dim'), piece('span', 'time', 'dim')), (row, job) => {
    setText(part(row, 'what'), [imageName(job.image) || typeName(job.type), job.project].filter(Boolean).join(' · '));
    setTitle(row, `${job.id} on ${job.worker}`);
    setText(part(row, 'attempt'), job.attempt > 1 ? `attempt ${job.attempt}` : '');
    setText(part(row, 'time'), duration(now() - job.since));
  });
  $('running-empty').hidden = state.running.length > 0;
}

function showWorkers() {
  showRows($('workers'), state.workers, () => {
    const row = make('tr', {}, piece('th', 'id', 'id'), make('td', {}, piece('span', 'beat', 'chip')),
      piece('td', 'jobs', 'number'), piece('td', 'model'), piece('td', 'time'), piece('td', 'version', 'dim'));
    part(row, 'id').scope = 'row';
    return row;
  }, (row, worker) => {
    const age = now() - worker.heartbeatAt, late = age > 10000;
    setText(part(row, 'id'), worker.id + (worker.id === state.process.worker ? ' (serves this page)' : ''));
    setText(part(row, 'beat'), worker.dead ? `lost, ${duration(age)} ago` : late ? `late, ${duration(age)} ago`
      : `${duration(age)} ago`);
    part(row, 'beat').className = `chip ${worker.dead ? 'bad' : late ? 'warn' : 'good'}`;
    cell(row, 'jobs', worker.jobs);
    setText(part(row, 'model'), worker.model ? `${worker.model} (${worker.provider})` : '–');
    setText(part(row, 'time'), duration(now() - worker.startedAt));
    setTitle(part(row, 'time'), `since ${fullTime(worker.startedAt)}`);
    setText(part(row, 'version'), worker.version);
  });
  $('workers-empty').hidden = state.workers.length > 0;
}

function showServices() {
  showRows($('services'), state.services, () => make('li', {},
    make('p', {}, piece('strong', 'name'), ' ', piece('span', 'state', 'chip')), piece('p', 'reason'),
    piece('p', 'hint', 'dim'), piece('p', 'time', 'dim')), (row, service) => {
    setText(part(row, 'name'), service.id);
    setText(part(row, 'state'), service.state);
    part(row, 'state').className = `chip ${service.stops ? 'bad' : 'warn'}`;
    setText(part(row, 'reason'), service.reason);
    setText(part(row, 'hint'), service.hint);
    const probe = service.probing ? 'probed now' : service.probeAt === null ? null
      : service.probeAt <= now() ? 'probe due' : `next probe in ${duration(service.probeAt - now())}`;
    setText(part(row, 'time'), [`for ${duration(now() - service.since)}`, probe,
      Number(service.waiting) ? `${count(service.waiting, 'job')} wait` : null].filter(Boolean).join(' · '));
  });
  $('services-box').hidden = state.services.length === 0;
}

let imagesShown = false;
function showImages() {
  showRows($('images'), state.images, image => {
    const alt = `${imageName(image.type)} of ${image.project || 'a deleted project'}`;
    const frame = make('a', { class: 'frame', href: `#/job/${image.id}`, title: `${image.width} × ${image.height}` },
      picture(image.url, alt, thumbnail(image.id)));
    return make('li', { class: imagesShown ? 'fresh' : null }, frame, make('b', { text: image.project || 'deleted project' }),
      piece('p', 'note', 'dim'));
  }, (row, image) => {
    setText(part(row, 'note'), [imageName(image.type), image.candidate ? 'candidate' : null,
      `${duration(now() - image.at)} ago`].filter(Boolean).join(' · '));
  });
  imagesShown = true;
  $('images-empty').hidden = state.images.length > 0;
}

function showPauses() {
  showRows($('pauses'), state.pauses, pause => {
    const button = make('button', { type: 'button', text: 'Resume' });
    button.addEventListener('click', () => resume(pause));
    return make('li', {}, make('p', {}, piece('strong', 'name'), ' ', make('span', { class: 'chip warn', text: 'paused' })),
      piece('p', 'reason'), piece('p', 'time', 'dim'), button);
  }, (row, pause) => {
    setText(part(row, 'name'), pause.kind === 'type' ? typeName(pause.name) : `${pause.kind} ${pause.shown}`);
    setText(part(row, 'reason'), pause.reason);
    setText(part(row, 'time'), `for ${duration(now() - pause.since)}. Running jobs go on, new ones wait.`);
  });
  $('pauses-box').hidden = state.pauses.length === 0;
}

function showState() {
  const problem = state.problem;
  $('problem').hidden = !problem;
  if (problem) {
    setText($('problem'), `${problem.text}, for ${duration(now() - problem.since)}. ${problem.hint}`);
    return;
  }
  if (view === 'overview') {
    showFigures();
    showRates();
    showPauses();
    showServices();
    showImages();
    showQueue();
    showRunning();
    showWorkers();
  } else if (view === 'jobs') {
    refreshJobs();
  } else if (view === 'job') {
    refreshJob();
  } else if (view === 'batches' || view === 'batch') {
    refreshReview();
  }
  setText($('process'), `darkroom ${state.process.version} · ${state.process.database}`
    + (state.process.draining ? ' · this worker is stopping' : ''));
}

// -- requests

let toastTimer = 0;
function toast(text) {
  $('toast').hidden = false;
  setText($('toast'), text);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 6000);
}

// The JSON of an answer; throws an Error with a sentence for people.
async function ask(path, options) {
  let reply;
  try {
    reply = await fetch(path, options);
  } catch {
    throw new Error('The dashboard does not answer. Is darkroom still running?');
  }
  if (reply.status === 401) location.reload();
  const json = await reply.json().catch(() => null);
  if (!reply.ok) throw new Error(json && json.error ? json.error : `The dashboard answers ${reply.status}.`);
  return json;
}

const send = (path, body) => ask(path, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});
const act = body => send('api/actions', body);

// -- jobs

const stateChip = { completed: 'good', failed: 'bad', processing: '', pending: '' };
const stateName = job => job.paused ? 'paused' : job.state === 'processing' ? job.parts ? 'parts running' : 'running'
  : job.state === 'pending' ? job.dueAt && job.dueAt > now() ? 'later' : 'waiting' : job.state;
const jobName = job => imageName(job.image) || typeName(job.type);
const slotName = slot => slot === 'APLUS' ? 'A+ content' : imageName(slot);

let pages = []; // of the list, as the server sent them
let jobsLoadedAt = 0, jobsKey = '', jobsAsked = 0;

function searchOf(after) {
  const search = new URLSearchParams();
  for (const [name, id] of [['text', 'f-text'], ['field', 'f-field'], ['state', 'f-state'], ['type', 'f-type']]) {
    const value = $(id).value.trim();
    if (value) search.set(name, value);
  }
  // A text may be found in a part, so a search for one lists parts too.
  $('f-packs').disabled = search.has('text');
  if ($('f-packs').checked && !search.has('text')) search.set('packs', '1');
  if (after) {
    search.set('afterTime', after.cursor);
    search.set('afterId', after.id);
  }
  return search;
}

function slotLink(child) {
  const text = child.state === 'failed' ? '!' : child.state === 'completed' ? '✓' : child.state === 'processing' ? '…' : '';
  const name = `${slotName(child.slot)}: ${child.state}${child.error ? `. ${child.error}` : ''}`;
  const link = make('a', { class: child.state, href: `#/job/${child.id}`, title: name, 'aria-label': name }, make('span', { text }));
  if (imageUrl(child.url)) link.append(picture(child.url, '', thumbnail(child.id)));
  return link;
}

function showParts(element, parts) {
  showRows(element, parts || [], child => slotLink(child), (link, child) => {
    const key = `${child.state} ${child.url}`;
    if (link.dataset.shown && link.dataset.shown !== key) {
      const fresh = slotLink(child);
      fresh.dataset.key = link.dataset.key;
      fresh.dataset.shown = key;
      link.className = fresh.className;
      link.title = fresh.title;
      link.setAttribute('aria-label', fresh.title);
      link.replaceChildren(...fresh.childNodes);
    }
    link.dataset.shown = key;
  });
}

function showJobs() {
  const jobs = pages.flatMap(page => page.jobs);
  showRows($('job-list'), jobs, job => make('li', {}, make('a', { class: 'row', href: `#/job/${job.id}` },
    make('span', { class: 'state' }, piece('span', 'state', 'chip')), piece('span', 'what', 'what'), piece('span', 'user', 'user'),
    piece('span', 'time', 'time'), piece('span', 'cost', 'cost'), piece('span', 'error', 'error')),
  piece('div', 'parts', 'parts')), (row, job) => {
    setText(part(row, 'state'), stateName(job));
    part(row, 'state').className = `chip ${job.paused ? 'warn' : stateChip[job.state] || ''}`;
    setText(part(row, 'what'), [jobName(job), job.project, job.style].filter(Boolean).join(' · '));
    setText(part(row, 'user'), job.user || 'no user');
    setText(part(row, 'time'), `${duration(now() - job.createdAt)} ago`);
    setTitle(part(row, 'time'), fullTime(job.createdAt));
    setText(part(row, 'cost'), job.microusd === null ? '' : usd(job.microusd / 1e6));
    setText(part(row, 'error'), job.state === 'completed' ? '' : job.error || '');
    part(row, 'error').className = job.state === 'failed' ? 'error' : 'error dim';
    showParts(part(row, 'parts'), job.parts);
  });
  $('jobs-empty').hidden = jobs.length > 0;
  $('more').hidden = pages.length === 0 || !pages[pages.length - 1].more;
}

async function loadJobs(more) {
  const asked = ++jobsAsked;
  const last = more ? pages[pages.length - 1].jobs.at(-1) : null;
  jobsLoadedAt = Date.now();
  jobsKey = state ? JSON.stringify([state.queue, state.running]) : '';
  try {
    const page = await ask(`api/jobs?${searchOf(last)}`);
    if (asked !== jobsAsked) return; // another search was begun
    offset = page.now - Date.now();
    pages = more ? [...pages, page] : [page];
    showJobs();
    if (!more) countJobs(asked);
  } catch (problem) {
    if (asked === jobsAsked) setText($('jobs-count'), problem.message);
  }
}

async function countJobs(asked) {
  const first = pages[0];
  if (!first.more) {
    setText($('jobs-count'), count(first.jobs.length, 'job'));
    return;
  }
  const search = searchOf();
  search.set('count', '1');
  const { count: all, limit } = await ask(`api/jobs?${search}`);
  if (asked === jobsAsked) setText($('jobs-count'), all > limit ? `more than ${number.format(limit)} jobs` : count(all, 'job'));
}

// The list stays as it is while more than its first page is shown.
function refreshJobs() {
  if (pages.length === 1 && Date.now() - jobsLoadedAt > 3000
      && jobsKey !== JSON.stringify([state.queue, state.running])) loadJobs(false);
}

let searchTimer = 0;
function searchChanged() {
  const search = searchOf();
  search.delete('packs');
  if (!$('f-packs').checked) search.set('packs', '0');
  history.replaceState(null, '', `#/jobs${search.size ? `?${search}` : ''}`);
  loadJobs(false);
}
$('search').addEventListener('submit', event => { event.preventDefault(); searchChanged(); });
$('search').addEventListener('input', () => {
  clearTimeout(searchTimer);
  searchTimer = setTimeout(searchChanged, 250);
});
$('more').addEventListener('click', () => loadJobs(true));
for (const [value, text] of [...Object.entries(typeNames), ...['MAIN_IMAGE', 'INFOGRAPHIC', 'FEATURE_HIGHLIGHT',
  'LIFESTYLE', 'COMPARISON_CHART', 'DIMENSION_DIAGRAM', 'A_PLUS_MODULE'].map(type => [type, imageName(type)])]) {
  $('f-type').append(make('option', { value, text }));
}

// -- one job

let job = null, jobId = null, jobLoadedAt = 0;

const fact = (name, value, title) => value === null || value === undefined || value === '' ? null
  : make('div', {}, make('dt', { text: name }), make('dd', { title: title || null }, value));
const heading = text => make('h2', { text });

function figure(name, url, small, note) {
  const usable = imageUrl(url);
  const frame = make(usable ? 'a' : 'div', usable ? { class: 'frame', href: usable, target: '_blank', rel: 'noopener noreferrer' }
    : { class: 'frame' }, picture(url, name, small));
  return make('figure', {}, frame, make('figcaption', { text: note ? `${name}. ${note}` : name }));
}

function events() {
  const list = [{ at: job.createdAt, kind: '', text: 'Created' }];
  for (const call of job.calls || []) {
    const good = call.outcome === 'ok', open = call.finishedAt === null;
    list.push({ at: call.sentAt, kind: open ? 'warn' : good ? 'good' : 'bad',
      text: `${call.step.replaceAll('_', ' ')} with ${call.model}: ${open ? 'not answered yet' : call.outcome}`
        + (call.ms === null ? '' : ` after ${(call.ms / 1000).toFixed(1)} s`) + (call.microusd === null ? '' : `, ${usd(call.microusd / 1e6)}`),
      note: [call.http && call.http !== 200 ? `HTTP ${call.http}` : null, call.quality, call.size,
        call.requestId ? `request ${call.requestId}` : null, call.error].filter(Boolean).join(' · ') });
  }
  for (const failure of job.failures || []) {
    list.push({ at: failure.at, kind: failure.spent ? 'bad' : 'warn',
      text: failure.spent ? 'Attempt failed' : `Waits for ${failure.service || 'a service'}; no attempt is spent`,
      note: [failure.message, failure.detail, failure.worker].filter(Boolean).join(' · ') });
  }
  if (job.waits) list.push({ at: job.waits.since, kind: 'warn', text: `Waits for ${job.waits.service}` });
  if (job.answer) list.push({ at: job.answer.since, kind: 'warn', text: `The paid answer lies in spool ${job.answer.spool}` });
  if (job.state === 'processing' && job.startedAt) list.push({ at: job.startedAt, kind: '', text: `Claimed by ${job.worker}` });
  if (job.endedAt) {
    list.push({ at: job.endedAt, kind: job.state === 'completed' ? 'good' : 'bad',
      text: job.state === 'completed' ? 'Completed' : 'Failed', note: job.state === 'completed' ? null : job.error });
  }
  return list.sort((a, b) => a.at - b.at);
}

// Wait, calls and total as bars on one axis.
function spans() {
  const end = job.endedAt || now(), from = job.createdAt, whole = Math.max(1, end - from);
  const bars = [];
  if (job.startedAt && job.startedAt >= from) {
    bars.push(['in the queue', from, job.startedAt, 'wait'], [job.retries ? 'last attempt' : 'running', job.startedAt, end, '']);
  }
  for (const call of job.calls || []) {
    bars.push([`${call.step.replaceAll('_', ' ')}, call ${call.call + 1}`, call.sentAt,
      call.finishedAt || (call.ms === null ? end : call.sentAt + call.ms), call.outcome === 'ok' ? '' : 'bad']);
  }
  if (bars.length === 0) return null;
  return make('ul', { class: 'spans' }, ...bars.slice(0, 40).map(([name, start, stop, kind]) => {
    const bar = make('i');
    bar.style.left = `${Math.min(99, Math.max(0, (start - from) / whole * 100))}%`;
    bar.style.width = `${Math.max(0, Math.min(100, (stop - start) / whole * 100))}%`;
    return make('li', { class: kind || null }, make('span', { text: `${name}: ${stop - start < 10000 ? `${(Math.max(0, stop - start) / 1000).toFixed(1)} s` : duration(stop - start)}` }),
      make('span', { class: 'track', 'aria-hidden': 'true' }, bar));
  }));
}

function jobFacts() {
  const cost = (job.calls || []).reduce((total, call) => total + (call.microusd || 0), 0);
  const user = job.user ? make('a', { href: `#/jobs?field=user&text=${encodeURIComponent(job.user)}`, text: job.user }) : null;
  const pack = job.pack ? make('a', { href: `#/job/${job.pack}`, text: 'its pack' }) : null;
  return make('dl', { class: 'facts box' }, fact('Id', make('span', { class: 'id', text: job.id })), fact('User', user),
    fact('Part of', pack), fact('Created', `${duration(now() - job.createdAt)} ago`, fullTime(job.createdAt)),
    fact('In the queue', job.startedAt ? duration(job.startedAt - job.createdAt) : null),
    fact('Ran', job.startedAt ? duration((job.endedAt || now()) - job.startedAt) : null),
    fact('Attempts', `${job.retries + (job.state === 'pending' ? 0 : 1)} of ${job.maxRetries + 1}`),
    fact('Cost', cost ? usd(cost / 1e6) : null),
    fact('Credits', job.charge ? `${job.charge.credits}, ${job.charge.state}` + (job.charge.refunded ? `, ${job.charge.refunded} returned` : '') : null),
    fact('Worker', job.state === 'processing' ? job.worker : null), fact('Batch', job.batch ? make('a', { href: `#/batch/${encodeURIComponent(job.batch)}`, text: job.batch }) : null),
    fact('Lost workers', job.losses ? String(job.losses) : null), fact('Style', job.style));
}

function jobButtons() {
  const retryButton = make('button', { type: 'button', text: 'Retry' });
  const cancelButton = make('button', { type: 'button', class: 'danger', text: 'Cancel' });
  const pauseButton = make('button', { type: 'button', text: 'Pause this user…' });
  retryButton.hidden = job.state !== 'failed';
  cancelButton.hidden = job.state !== 'pending' && job.state !== 'processing';
  pauseButton.hidden = !job.userId;
  retryButton.addEventListener('click', retryJob);
  cancelButton.addEventListener('click', cancelJob);
  pauseButton.addEventListener('click', () => pause('user', job.userId));
  return make('div', { class: 'buttons' }, retryButton, cancelButton, pauseButton);
}

function checkChip(check) {
  if (!check.passed) return make('span', { class: 'chip bad', text: 'failed' });
  return String(check.message).startsWith('not performed') ? make('span', { class: 'chip', text: 'skipped' })
    : make('span', { class: 'chip good', text: 'passed' });
}

function jobChecks() {
  if (!Array.isArray(job.checks) || job.checks.length === 0) return null;
  return make('section', { class: 'box' }, heading('Checks'), make('ul', { class: 'checks' }, ...job.checks.slice(0, 60).map(check =>
    make('li', {}, checkChip(check),
      make('span', { text: `${String(check.check).replaceAll('_', ' ')}${check.message ? `: ${check.message}` : ''}` })))));
}

const details = (title, text) => text ? make('details', { class: 'box' }, make('summary', { text: title }), make('pre', { text, tabindex: '0' })) : null;

function showJob() {
  const parts = make('div', { class: 'parts' });
  const first = job.createdAt;
  const open = new Set([...$('job-body').querySelectorAll('details[open] > summary')].map(summary => summary.textContent));
  if (job.parts) showParts(parts, job.parts);
  const body = [
    make('div', { class: 'title' }, make('h1', { tabindex: '-1', text: [jobName(job), job.project].filter(Boolean).join(' · ') }),
      make('span', { class: `chip ${job.paused ? 'warn' : stateChip[job.state] || ''}`, text: stateName(job) }), jobButtons()),
    job.error && job.state !== 'completed' ? make('p', { class: `box ${job.state === 'failed' ? 'bad' : ''}`, text: job.error }) : null,
    jobFacts(),
    job.parts ? make('section', { class: 'box large' }, heading('Parts'), parts) : null,
    job.photo || job.url ? make('section', { class: 'pair' },
      job.photo ? figure('Product photo', job.photo, `thumbnail/photo/${job.id}?size=large`) : null,
      job.url ? figure(job.batch ? 'Candidate' : 'Result', job.url, `${thumbnail(job.id)}?size=large`, `${job.width} × ${job.height}, ${number.format(Math.round(job.bytes / 1024))} KB`) : null) : null,
    jobChecks(),
    make('section', { class: 'box' }, heading('Timeline'), spans(), make('ol', { class: 'timeline' }, ...events().map(event =>
      make('li', { class: event.kind || null }, make('time', { datetime: new Date(event.at).toISOString(), title: fullTime(event.at),
        text: event.at === first ? fullTime(event.at) : `+${duration(event.at - first)}` }), make('div', { text: event.text }),
      event.note ? make('div', { class: 'dim', text: event.note }) : null)))),
    details('Prompt', job.prompt), details('Payload', job.payload ? JSON.stringify(job.payload, null, 2) : null),
  ];
  $('job-body').replaceChildren(...body.filter(Boolean));
  for (const summary of $('job-body').querySelectorAll('details > summary')) summary.parentNode.open = open.has(summary.textContent);
  document.title = `${jobName(job)} · darkroom`;
}

async function loadJob(id) {
  jobId = id;
  jobLoadedAt = Date.now();
  try {
    const read = await ask(`api/jobs/${encodeURIComponent(id)}`);
    if (jobId !== id) return;
    const same = job && JSON.stringify({ ...job, now: 0 }) === JSON.stringify({ ...read, now: 0 });
    job = read;
    offset = job.now - Date.now();
    if (!same) showJob();
  } catch (problem) {
    if (jobId === id) $('job-body').replaceChildren(make('p', { class: 'box bad', text: problem.message }));
  }
}

// Jobs that have ended stay as they are.
function refreshJob() {
  if (job && job.id === jobId && (job.state === 'pending' || job.state === 'processing' || job.parts)
      && Date.now() - jobLoadedAt > 2500 && !$('job-body').contains(document.activeElement)) loadJob(jobId);
}

// -- models

async function loadModels() {
  try {
    const { models } = await ask('api/models');
    showRows($('model-list'), models, () => {
      const row = make('tr', {}, piece('th', 'id', 'id'), piece('td', 'provider'), piece('td', 'makes'), piece('td', 'price'),
        make('td', {}, piece('span', 'until')));
      part(row, 'id').scope = 'row';
      return row;
    }, (row, model) => {
      setText(part(row, 'id'), model.id);
      setText(part(row, 'provider'), model.provider);
      setText(part(row, 'makes'), [model.images ? model.edits ? 'images from photos' : 'images' : null, model.texts ? 'texts' : null].filter(Boolean).join(', '));
      setText(part(row, 'price'), model.usdPerImage === 0 ? 'free' : model.usdPerImage !== undefined ? `${usd(model.usdPerImage)} an image`
        : model.images ? model.qualities.filter(quality => quality.usd !== undefined).map(quality => `${quality.name} ${usd(quality.usd)}`).join(', ') || '–'
          : model.usdTextIn !== undefined ? `${usd(model.usdTextIn)} in, ${usd(model.usdTextOut)} out, per million tokens` : '–');
      const until = part(row, 'until'), left = model.daysLeft;
      setText(until, model.shutdown === null ? '–' : left < 0 ? `retired ${model.shutdown}` : `${model.shutdown}, in ${count(left, 'day')}`);
      until.className = model.shutdown === null ? '' : `chip ${left < 0 ? 'bad' : left < 90 ? 'warn' : ''}`;
      setTitle(until, model.replacement ? `Successor: ${model.replacement}` : '');
    });
  } catch (problem) {
    toast(problem.message);
  }
}

// -- actions, each with a question first

let confirmed = null; // what the open question does

function confirmAction(title, text, yes, run, forPause) {
  setText($('confirm-title'), title);
  setText($('confirm-text'), text);
  setText($('confirm-yes'), yes);
  $('pause-fields').hidden = !forPause;
  $('confirm-error').hidden = true;
  $('confirm-yes').disabled = false;
  confirmed = run;
  $('confirm').showModal();
}

$('confirm-form').addEventListener('submit', async event => {
  event.preventDefault();
  $('confirm-yes').disabled = true;
  try {
    toast(await confirmed());
    $('confirm').close();
  } catch (problem) {
    setText($('confirm-error'), problem.message);
    $('confirm-error').hidden = false;
  }
  $('confirm-yes').disabled = false;
});
$('confirm-no').addEventListener('click', () => $('confirm').close());

const results = {
  cancelled: result => `Cancelled. ${count(Number(result.refunded || 0), 'credit')} returned.`,
  missing: () => { throw new Error('There is no such job, user or pause.'); },
  invalid: () => { throw new Error('This cannot be paused.'); },
  'of a batch': () => { throw new Error('Failed items of a batch are retried with darkroom batch retry-failed.'); },
};
const resultText = (result, done) => results[result.state] ? results[result.state](result)
  : ['queued', 'paused', 'resumed'].includes(result.state) ? done : `Nothing was changed: the job is ${result.state}.`;

function retryJob() {
  if (!job || job.state !== 'failed') return;
  const id = job.id;
  confirmAction('Retry this job?', job.parts ? 'The parts that failed are queued again. Calls to models cost money.'
    : 'It is queued again as a new job. Calls to models cost money.', 'Retry', async () => {
    const result = await act({ action: 'retry', job: id });
    const text = resultText(result, 'Queued again.');
    if (result.job && result.job !== id) location.hash = `#/job/${result.job}`;
    else loadJob(id);
    return text;
  });
}

function cancelJob() {
  if (!job || (job.state !== 'pending' && job.state !== 'processing')) return;
  const id = job.id;
  confirmAction('Cancel this job?', 'It ends now, its credits are returned, and a call in flight is paid for without a result.'
    + (job.parts ? ' Parts that are ready stay.' : ''), 'Cancel the job', async () => {
    const text = resultText(await act({ action: 'cancel', job: id }), 'Cancelled.');
    loadJob(id);
    return text;
  });
}

// The jobs that match the search, all of them: the number and the price come first.
async function onAll(action) {
  const search = searchOf();
  search.set('action', action);
  let plan, more;
  try {
    ({ plan, more } = await ask(`api/jobs/plan?${search}`));
  } catch (problem) {
    toast(problem.message);
    return;
  }
  const jobs = plan.jobs;
  const items = Object.values(plan.batches || {}).reduce((all, list) => all + list.length, 0);
  const left = [...(plan.skipped || []).map(skipped => `${number.format(skipped.jobs)} left out: ${skipped.why}.`),
    items ? `${count(items, 'item')} of batches: darkroom batch retry-failed retries ${items === 1 ? 'it' : 'them'}.` : null].filter(Boolean).join(' ');
  if (jobs.length === 0) {
    toast(`No job matches that can be ${action === 'retry' ? 'retried' : 'cancelled'}. ${left}`);
    return;
  }
  confirmAction(`${action === 'retry' ? 'Retry' : 'Cancel'} ${count(jobs.length, 'job')}?`, [
    more ? 'These are the newest 5,000 of those that match.' : null, ...(action === 'retry' ? priceOf(plan)
      : ['They end now, and their credits are returned.', plan.running ? `${count(plan.running, 'call')} in flight may be paid for without a result.` : null,
        plan.packs ? 'Parts of packs that are ready stay.' : null]), left].filter(Boolean).join(' '),
  action === 'retry' ? 'Retry them' : 'Cancel them', async () => {
    const states = {};
    let refunded = 0;
    for (let i = 0; i < jobs.length; i += 50) {
      const result = await act({ action, jobs: jobs.slice(i, i + 50) });
      for (const [name, n] of Object.entries(result.states)) states[name] = (states[name] || 0) + n;
      refunded += result.refunded;
      setText($('confirm-text'), `${number.format(Math.min(i + 50, jobs.length))} of ${number.format(jobs.length)}`);
      if (result.problem) throw new Error(`Stopped: ${result.problem}. The others are as they were.`);
    }
    loadJobs(false);
    const done = states[action === 'retry' ? 'queued' : 'cancelled'] || 0;
    return `${action === 'retry' ? 'Queued again' : 'Cancelled'}: ${number.format(done)} of ${number.format(jobs.length)}.`
      + (refunded ? ` ${count(refunded, 'credit')} returned.` : '');
  });
}

// The sentences about the price of a retry, from the mean cost of such jobs.
function priceOf(plan) {
  const paid = type => type.jobs - type.keptAnswers; // the others use an answer that is paid for
  const known = plan.types.filter(type => type.usdEach !== null), unknown = plan.types.filter(type => type.usdEach === null);
  return [`${plan.types.map(type => `${number.format(type.jobs)} ${imageName(type.image) || typeName(type.type)}`).join(', ')}.`,
    known.length ? `About ${usd(known.reduce((all, type) => all + type.usdEach * paid(type), 0))}, by the mean of the last 30 days.` : null,
    unknown.length ? `The price of ${count(unknown.reduce((all, type) => all + paid(type), 0), 'job')} is not known.` : null,
    plan.keptAnswers ? `${count(plan.keptAnswers, 'job')} use an answer that is paid for.` : null,
    plan.refundedCredits ? `${count(plan.refundedCredits, 'credit')} were returned before, so sellers get these for free.` : null];
}
$('retry-all').addEventListener('click', () => onAll('retry'));
$('cancel-all').addEventListener('click', () => onAll('cancel'));

function pauseNames() {
  const kind = $('pause-kind').value;
  const providers = state ? state.workers.map(worker => worker.provider).filter(Boolean) : [];
  const names = kind === 'type' ? Object.keys(typeNames) : kind === 'provider' ? [...new Set(providers)] : [];
  $('pause-names').replaceChildren(...names.map(value => make('option', { value, text: typeNames[value] || '' })));
  $('pause-name').placeholder = kind === 'user' ? 'E-mail address or id' : names[0] || '';
}
$('pause-kind').addEventListener('change', () => { $('pause-name').value = ''; pauseNames(); });

function pause(kind, name) {
  $('pause-kind').value = kind || 'type';
  $('pause-name').value = name || '';
  $('pause-reason').value = '';
  pauseNames();
  confirmAction('Pause', 'No worker claims new jobs of it until you resume. Running jobs go on.', 'Pause', async () => {
    const result = await act({ action: 'pause', kind: $('pause-kind').value, name: $('pause-name').value.trim(), reason: $('pause-reason').value.trim() });
    return resultText(result, `Paused ${result.name}.`);
  }, true);
}

function resume(paused) {
  confirmAction(`Resume ${paused.kind === 'type' ? typeName(paused.name) : paused.shown}?`, 'Workers claim its jobs again.', 'Resume',
    async () => resultText(await act({ action: 'resume', kind: paused.kind, name: paused.name }), 'Resumed.'));
}
$('pause-button').addEventListener('click', () => pause());
$('help-button').addEventListener('click', () => $('help').showModal());

// -- views

let view = '';

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [name, id] = path.split('/');
  const next = ['jobs', 'models', 'batches'].includes(name) ? name : ['job', 'batch'].includes(name) && id ? name : 'overview';
  const first = view === '', moved = view !== next || next === 'job' || next === 'batch';
  view = next;
  for (const section of ['overview', 'jobs', 'job', 'batches', 'batch', 'models']) $(section).hidden = section !== view;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.dataset.view === ({ job: 'jobs', batch: 'batches' }[view] || view)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = view === 'overview' ? 'darkroom' : `${view.charAt(0).toUpperCase()}${view.slice(1)} · darkroom`;
  if (view === 'jobs') {
    const search = new URLSearchParams(query || '');
    for (const field of ['text', 'field', 'state', 'type']) $(`f-${field}`).value = search.get(field) || '';
    $('f-packs').checked = search.get('packs') !== '0';
    $('back').href = location.hash;
    loadJobs(false);
  } else if (view === 'job') {
    if (!job || job.id !== id) {
      job = null;
      $('job-body').replaceChildren(make('p', { class: 'dim', text: 'Reading' }));
    }
    loadJob(id);
  } else if (view === 'batches') {
    loadBatches();
  } else if (view === 'batch') {
    openBatch(id);
  } else if (view === 'models') {
    loadModels();
  }
  if (state) showState();
  if (moved && !first) {
    scrollTo(0, 0);
    $('main').focus({ preventScroll: true });
  }
}
addEventListener('hashchange', route);

// -- keys

function moveInList(step) {
  const rows = [...$('job-list').querySelectorAll('a.row')];
  const at = rows.findIndex(row => row.parentNode.contains(document.activeElement));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + step))];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  }
}

const keys = {
  '?': () => $('help').showModal(), p: () => pause(),
  1: () => { location.hash = '#/'; }, 2: () => { location.hash = '#/jobs'; }, 3: () => { location.hash = '#/batches'; },
  4: () => { location.hash = '#/models'; },
  '/': () => {
    if (view !== 'jobs') location.hash = '#/jobs';
    setTimeout(() => $('f-text').focus());
  },
  j: () => view === 'jobs' && moveInList(1), k: () => view === 'jobs' && moveInList(-1),
  r: () => view === 'jobs' ? loadJobs(false) : view === 'job' ? loadJob(jobId) : null,
  t: () => view === 'job' && retryJob(), x: () => view === 'job' && cancelJob(),
  Escape: () => { if (view === 'job') location.hash = $('back').getAttribute('href').replace(/^.*#/, '#'); },
};
addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.target.closest('input, select, textarea')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const known = view === 'batch' && Object.hasOwn(reviewKeys, event.key) ? reviewKeys : keys;
  const action = Object.hasOwn(known, event.key) ? known[event.key] : null;
  if (action) {
    event.preventDefault();
    action();
  }
});

// Ages grow without new data.
setInterval(() => { if (state && stream && !document.hidden) showState(); }, 1000);
addEventListener('DOMContentLoaded', () => { // after the other scripts
  route();
  connect();
});
