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

function picture(url, alt) {
  const usable = webUrl(url);
  if (!usable) return make('span', { text: 'stored in a folder' });
  const image = make('img', { src: usable, alt, loading: 'lazy', decoding: 'async', referrerpolicy: 'no-referrer' });
  image.addEventListener('error', () => image.replaceWith(make('span', { text: 'cannot be loaded' })));
  return image;
}

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
    const frame = make('a', { class: 'frame', href: webUrl(image.url), target: '_blank', rel: 'noopener noreferrer',
      title: `Open the image: ${image.width} × ${image.height}` }, picture(image.url, alt));
    return make('li', { class: imagesShown ? 'fresh' : null }, frame, make('b', { text: image.project || 'deleted project' }),
      piece('p', 'note', 'dim'));
  }, (row, image) => {
    setText(part(row, 'note'), [imageName(image.type), image.candidate ? 'candidate' : null,
      `${duration(now() - image.at)} ago`].filter(Boolean).join(' · '));
  });
  imagesShown = true;
  $('images-empty').hidden = state.images.length > 0;
}

function showState() {
  const problem = state.problem;
  $('problem').hidden = !problem;
  if (problem) {
    setText($('problem'), `${problem.text}, for ${duration(now() - problem.since)}. ${problem.hint}`);
    return;
  }
  showFigures();
  showRates();
  showServices();
  showImages();
  showQueue();
  showRunning();
  showWorkers();
  setText($('process'), `darkroom ${state.process.version} · ${state.process.database}`
    + (state.process.draining ? ' · this worker is stopping' : ''));
}

// Ages grow without new data.
setInterval(() => { if (state && stream && !document.hidden) showState(); }, 1000);
connect();
