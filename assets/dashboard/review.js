// review.js - batches on the dashboard's page: all images of a batch in a list of which only the visible part
// exists, decisions that are stored at once, and blind comparisons. Uses the functions of dashboard.js.
'use strict';

// -- the list of batches

let batchesLoadedAt = 0, batchesStamp = null;

async function loadBatches() {
  batchesLoadedAt = Date.now();
  batchesStamp = state ? state.itemsChangedAt : null;
  try {
    const { batches } = await ask('api/batches');
    showRows($('batch-list'), batches, row => {
      const element = make('tr', {}, make('th', { class: 'id', scope: 'row' }, make('a', { href: `#/batch/${encodeURIComponent(row.id)}`, text: row.id })),
        make('td', {}, piece('span', 'state', 'chip')), ...['images', 'undecided', 'accepted', 'rejected', 'failed'].map(name => piece('td', name, 'number')),
        piece('td', 'cost', 'number'), piece('td', 'made', 'dim'));
      return element;
    }, (element, row) => {
      setText(part(element, 'state'), row.open ? `${row.state}, ${number.format(row.open)} to make` : row.state);
      part(element, 'state').className = `chip ${row.state === 'paused' ? 'warn' : row.state === 'done' ? 'good' : ''}`;
      setTitle(part(element, 'state'), row.why || '');
      for (const name of ['images', 'undecided', 'accepted', 'rejected', 'failed']) cell(element, name, row[name]);
      setText(part(element, 'cost'), row.microusd ? usd(row.microusd / 1e6) : '–');
      setText(part(element, 'made'), `${duration(now() - row.createdAt)} ago by ${row.by}`);
    });
    $('batches-empty').hidden = batches.length > 0;
  } catch (problem) {
    toast(problem.message);
  }
}

// -- the batch that is open

const reasons = ['wrong product', 'wrong colour', 'wrong text', 'artefact', 'background', 'cropped', 'style', 'favourite'];
setText($('reason-keys'), `Reasons on or off: ${reasons.join(', ')}`);

let batch = null; // { id, items, byItem, mayDecide, since, ... }
let shown = []; // the items that match, in order
let current = null; // { item, variant }: what keys act on
const undoable = []; // decisions of this page, the last one at the end: lists of { item, variant, seen }
let loadsAsked = 0, stamp = null, readingChanges = false;

try { $('b-name').value = localStorage.getItem('darkroom reviewer') || ''; } catch { /* storage is disabled */ }
const reviewer = () => $('b-name').value.trim();

const isOpen = one => one.state === 'done' && (!one.decision || (one.decision === 'reverted' && !one.credits));
const isAccepted = item => item.candidates.some(one => one.decision === 'accepted');
const undecided = item => !isAccepted(item) && item.candidates.some(isOpen);
const failedChecks = one => (one.failed || []).length;
const candidateOf = (item, variant) => item && item.candidates.find(one => one.variant === variant);
const currentItem = () => current && batch ? batch.byItem.get(current.item) : null;
const currentCandidate = () => candidateOf(currentItem(), current && current.variant);

// Best first, as `darkroom review` orders them: made, fewer failed checks, more similar to the photo, cheaper.
function compareCandidates(a, b) {
  const similar = (a.likeness ?? -1) - (b.likeness ?? -1);
  if ((a.state === 'done') !== (b.state === 'done')) return a.state === 'done' ? -1 : 1;
  if (failedChecks(a) !== failedChecks(b)) return failedChecks(a) - failedChecks(b);
  if (Math.abs(similar) > 0.01) return similar > 0 ? -1 : 1;
  return (a.usd ?? 0) - (b.usd ?? 0) || a.variant - b.variant;
}

function titleOf(item) {
  return item.module !== null && item.type === 'A_PLUS_MODULE'
    ? `A+ module ${Number(item.module) + 1}, image ${Number(item.slot || 0) + 1}` : imageName(item.type);
}

function addItems(page) {
  for (const item of page.items || []) {
    item.product = (page.products || {})[item.project] || '';
    item.candidates.sort(compareCandidates);
    item.title = titleOf(item);
    item.version = 0;
    item.words = '';
    batch.items.push(item);
    batch.byItem.set(item.item, item);
  }
}

function wordsOf(item) {
  if (!item.words) {
    item.words = [item.item, item.product, item.project, item.source, item.title, item.style, ...item.candidates.flatMap(one =>
      [one.job, one.model, one.error, one.by, ...(one.failed || []), ...(one.reasons || [])])].filter(Boolean).join(' ').toLowerCase();
  }
  return item.words;
}

async function openBatch(id) {
  const asked = ++loadsAsked;
  if (batch && batch.id === id) {
    layOut();
    return;
  }
  batch = null;
  shown = [];
  current = null;
  undoable.length = 0;
  $('b-list').replaceChildren();
  $('b-list').style.height = '0';
  $('b-problem').hidden = $('b-empty').hidden = $('b-note').hidden = true;
  setText($('b-title'), `Batch ${id}`);
  setText($('b-count'), 'Reading');
  try {
    // The first ones are shown at once.
    for (let page = null, after = 0, most = 60; !page || page.more; after += most, most = 1000) {
      page = await ask(`api/batches/${encodeURIComponent(id)}?after=${after}&most=${most}`);
      if (asked !== loadsAsked) return;
      if (!batch) {
        batch = { ...page, items: [], byItem: new Map(), since: page.now - 30000, whole: false };
        stamp = state ? state.itemsChangedAt : null;
      }
      addItems(page);
      batch.whole = !page.more;
      if (batch.whole) showOptions();
      filterItems();
    }
    showHead();
  } catch (problem) {
    if (asked !== loadsAsked) return;
    setText($('b-problem'), problem.message);
    $('b-problem').hidden = false;
    setText($('b-count'), '');
  }
}

function showHead() {
  const ended = batch.items.every(item => item.candidates.every(one => one.state !== 'waiting' && one.state !== 'queued'));
  setText($('b-state'), batch.state === 'running' && ended ? 'done' : batch.state);
  setText($('b-facts'), `${count(batch.items.length, 'image')}, ${count(batch.items.reduce((all, item) =>
    all + item.candidates.filter(one => one.state === 'done').length, 0), 'candidate')} · made ${duration(now() - batch.createdAt)} ago by ${batch.by}`);
  const paid = batch.items.some(item => item.candidates.some(one => one.credits));
  const note = !batch.mayDecide ? 'The database role of this dashboard can only read, so nothing can be decided here. '
      + 'darkroom accept and reject decide with another role.'
    : paid ? 'Users have paid for these images: a rejection returns their credits at once, and cannot be taken back.' : '';
  setText($('b-note'), note);
  $('b-note').hidden = !note;
  $('b-compare').disabled = $('b-accept-all').disabled = $('b-reject-all').disabled = !batch.mayDecide;
}

function showOptions() {
  const fill = (select, values) => {
    const kept = select.value;
    const names = [...new Set(values)].filter(Boolean).sort();
    select.replaceChildren(make('option', { value: '', text: 'any' }), ...names.map(value => make('option', { value, text: value })));
    select.value = names.includes(kept) ? kept : '';
  };
  fill($('b-type'), batch.items.map(item => item.title.startsWith('A+') ? 'A+ module' : item.title));
  fill($('b-model'), batch.items.flatMap(item => item.candidates.map(one => one.model)));
}

// -- filter and order

const shows = {
  all: () => true, open: undecided, accepted: isAccepted,
  rejected: item => item.candidates.some(one => one.decision === 'rejected'),
  mine: item => item.candidates.some(one => one.decision && one.by === reviewer()),
  others: item => item.candidates.some(one => one.decision && one.by !== reviewer()),
  failed: item => item.candidates.some(one => failedChecks(one) > 0),
  tagged: item => item.candidates.some(one => one.reasons),
  gone: item => item.candidates.some(one => one.state !== 'done'),
};
const orders = {
  number: item => item.item,
  likeness: item => Math.min(...item.candidates.map(one => one.likeness ?? 2)),
  failed: item => -Math.max(...item.candidates.map(failedChecks)),
  cost: item => -Math.max(...item.candidates.map(one => one.usd ?? 0)),
  recent: item => -Math.max(...item.candidates.map(one => one.at ?? 0)),
};

function filterItems() {
  if (!batch) return;
  const fits = shows[$('b-show').value], type = $('b-type').value, model = $('b-model').value;
  const words = $('b-find').value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const order = orders[$('b-sort').value];
  const found = batch.items.filter(item => fits(item) && (!type || (item.title.startsWith('A+') ? 'A+ module' : item.title) === type)
    && (!model || item.candidates.some(one => one.model === model)) && words.every(word => wordsOf(item).includes(word)));
  const keys = new Map(found.map(item => [item, order(item)]));
  shown = found.sort((a, b) => keys.get(a) - keys.get(b) || a.item - b.item);
  if (current && !shown.includes(currentItem())) current = null;
  layOut();
  showCount();
}

function showCount() {
  const accepted = batch.items.filter(isAccepted).length, left = batch.items.filter(undecided).length;
  setText($('b-count'), `${number.format(shown.length)} of ${number.format(batch.items.length)} shown: `
    + `${number.format(left)} undecided, ${number.format(accepted)} accepted${batch.whole ? '' : '. Reading on'}`);
  $('b-empty').hidden = shown.length > 0 || !batch.whole;
  $('b-undo').disabled = undoable.length === 0;
}

// -- the visible part of the list

const gap = 12;
let columns = 1, cardHeight = 300, cardWidth = 400, shot = 168;

// All cards have one size, so that the place of each one is known without making the others.
function layOut() {
  const list = $('b-list'), width = list.clientWidth;
  if (view !== 'batch' || !batch || width === 0) return;
  const most = Math.min(4, Math.max(1, ...batch.items.slice(0, 200).map(item => item.candidates.length)));
  const wanted = 190 * (most + 1.5) + 40;
  columns = Math.max(1, Math.floor((width + gap) / (wanted + gap)));
  cardWidth = (width - gap * (columns - 1)) / columns;
  // The pictures fill the card. If they would be too small, photo, image before and best candidate fill it, and
  // the others are reached by scrolling sideways.
  const fitting = candidates => Math.floor((cardWidth - 30 - 8 * (candidates + 1)) / (candidates + 1.5));
  shot = Math.min(250, fitting(most) >= 130 ? fitting(most) : Math.max(100, Math.min(150, fitting(1))));
  const scrolls = shot * (most + 1.5) + 8 * (most + 1) + 30 > cardWidth;
  cardHeight = shot + (scrolls ? 182 : 168);
  list.style.setProperty('--shot', `${shot}px`);
  list.style.height = `${Math.ceil(shown.length / columns) * (cardHeight + gap)}px`;
  drawList();
}

function drawList() {
  if (view !== 'batch' || !batch) return;
  const list = $('b-list'), top = -list.getBoundingClientRect().top, row = cardHeight + gap;
  const from = Math.max(0, Math.floor((top - 400) / row)) * columns;
  const to = Math.max(from, Math.ceil((top + innerHeight + 400) / row) * columns);
  const visible = shown.slice(from, to).map((item, at) => ({ item, at: from + at }));
  const at = current ? shown.indexOf(currentItem()) : -1;
  if (at >= 0 && (at < from || at >= to)) visible.push({ item: shown[at], at }); // it has the focus
  showRows(list, visible, makeCard, updateCard, entry => entry.item.item);
  clearTimeout(loadTimer);
  loadTimer = setTimeout(loadPictures, 60);
}

// Pictures are loaded when scrolling pauses.
let loadTimer = 0;
function loadPictures() {
  for (const image of $('b-list').querySelectorAll('img[data-src]')) {
    image.src = image.dataset.src;
    delete image.dataset.src;
  }
}

let drawAsked = false;
function drawSoon() {
  if (drawAsked) return;
  drawAsked = true;
  requestAnimationFrame(() => { drawAsked = false; drawList(); });
}
addEventListener('scroll', drawSoon, { passive: true });
addEventListener('resize', () => layOut());

const pictureOf = (kind, id) => `thumbnail/${kind}/${id}`;
const placeOf = item => `${encodeURIComponent(batch.id)}/${item.item}`;

function lazyPicture(src, alt) {
  const image = make('img', { alt, decoding: 'async', 'data-src': src });
  image.addEventListener('error', () => {
    if (image.parentNode) image.parentNode.removeAttribute('aria-label'); // the text names the button now
    image.replaceWith(make('span', { text: 'cannot be loaded' }));
  });
  return image;
}

const frame = (src, alt, absent) => src ? make('button', { type: 'button', class: 'frame', 'aria-label': `Enlarge: ${alt}` }, lazyPicture(src, ''))
  : make('div', { class: 'frame' }, make('span', { text: absent }));

function makeCard({ item }) {
  return make('li', {}, make('div', { class: 'head' }, make('h2', { text: `${item.item}  ${item.product}` }),
    make('p', { class: 'dim', text: [item.title, item.style].filter(Boolean).join(' · ') })),
  make('div', { class: 'strip' },
    make('figure', { class: 'photo' }, frame(item.photo ? pictureOf('photo', placeOf(item)) : null, 'product photo', 'no photo'), make('figcaption', { class: 'caption dim', text: 'photo' })),
    make('figure', { class: 'before' }, frame(item.before ? pictureOf('before', placeOf(item)) : null, 'image before', 'no image before'), make('figcaption', { class: 'caption dim', text: 'before' })),
    ...item.candidates.map(one => make('div', { class: 'candidate', role: 'group', tabindex: '-1', 'data-variant': one.variant }))));
}

function updateCard(card, { item, at }) {
  card.style.width = `${cardWidth}px`;
  card.style.height = `${cardHeight}px`;
  card.style.left = `${(at % columns) * (cardWidth + gap)}px`;
  card.style.top = `${Math.floor(at / columns) * (cardHeight + gap)}px`;
  card.setAttribute('aria-posinset', at + 1);
  card.setAttribute('aria-setsize', shown.length);
  for (const figure of card.querySelectorAll('.candidate')) {
    const one = candidateOf(item, Number(figure.dataset.variant));
    const isCurrent = Boolean(current) && current.item === item.item && current.variant === one.variant;
    figure.classList.toggle('current', isCurrent);
    figure.tabIndex = isCurrent || (!current && at === 0 && one === item.candidates[0]) ? 0 : -1;
    if (figure.dataset.version !== String(item.version)) {
      figure.dataset.version = item.version;
      fillCandidate(figure, item, one);
    }
  }
}

const decisionText = one => one.decision === 'reverted' ? 'reverted' : `${one.decision} by ${one.by || 'a reviewer'}`;

// Keeps the picture, unless the candidate was made again, and the focus.
function fillCandidate(figure, item, one) {
  const hadFocus = figure.contains(document.activeElement) && document.activeElement !== figure;
  const name = item.candidates.length > 1 ? `variant ${one.variant}` : 'after';
  const made = one.state === 'done';
  let box = figure.querySelector('.frame');
  if (!box || figure.dataset.job !== String(one.job)) {
    figure.dataset.job = one.job;
    box = frame(made ? pictureOf('image', one.job) : null, name, one.error || one.state);
  }
  const open = isOpen(one) && batch.mayDecide;
  figure.className = `candidate ${one.decision === 'accepted' || one.decision === 'rejected' ? one.decision : ''} ${figure.classList.contains('current') ? 'current' : ''}`;
  figure.setAttribute('aria-label', [name, one.model ? `by ${one.model}` : null, one.decision ? decisionText(one) : null].filter(Boolean).join(' '));
  const bad = failedChecks(one);
  const model = make('span', { class: 'dim', text: [one.model || name, one.usd !== undefined ? usd(one.usd) : null].filter(Boolean).join(' · ') });
  model.title = `${name}${one.quality ? `, ${one.quality}` : ''}`;
  const checks = make('span', { class: bad ? 'bad' : 'good', text: !one.checks ? '' : `${bad ? '✗' : '✓'} ${one.checks - bad} of ${one.checks} checks`
    + (one.likeness !== undefined ? `, ≈ ${Math.round(one.likeness * 100)} %` : '') });
  checks.title = bad ? `Failed: ${one.failed.join(', ').replaceAll('_', ' ')}` : one.likeness !== undefined ? 'Similarity to the product photo' : '';
  const why = make('span', { class: 'dim', text: (one.reasons || []).join(', ') });
  why.title = why.textContent;
  figure.replaceChildren(box, make('div', { class: 'caption' }, model, checks, why), ...(open ? [make('div', { class: 'decide' },
    make('button', { type: 'button', class: 'accept', text: 'Accept' }), make('button', { type: 'button', class: 'reject', text: 'Reject' }))] : []),
  ...(!open && one.decision ? [make('div', { class: 'verdict' }, make('span', { class: one.decision === 'accepted' ? 'good' : one.decision === 'rejected' ? 'bad' : 'dim',
    text: decisionText(one), title: one.at ? fullTime(one.at) : null }), ...(batch.mayDecide && one.decision !== 'reverted'
    ? [make('button', { type: 'button', class: 'undo', text: 'Undo' })] : []))] : []));
  if (hadFocus) figure.focus({ preventScroll: true });
}

// -- moving

function go(item, variant) {
  if (!item) return;
  current = { item: item.item, variant: variant ?? item.candidates[0].variant };
  const at = shown.indexOf(item);
  const top = $('b-list').getBoundingClientRect().top + scrollY + Math.floor(at / columns) * (cardHeight + gap);
  const header = document.querySelector('header').offsetHeight;
  if (top < scrollY + header + 8) scrollTo(0, top - header - 8);
  else if (top + cardHeight > scrollY + innerHeight) scrollTo(0, top + cardHeight - innerHeight + 8);
  drawList();
  if ($('large').open) {
    showLarge();
    return;
  }
  const figure = $('b-list').querySelector(`li[data-key="${item.item}"] .candidate[data-variant="${current.variant}"]`);
  if (figure) {
    figure.focus({ preventScroll: true });
    figure.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}

function step(by) {
  const at = current ? shown.indexOf(currentItem()) : -1;
  go(shown[current ? Math.max(0, Math.min(shown.length - 1, at + by)) : 0]);
}

// After a decision: to the next image that is still undecided, as far as those are shown.
function stepOn() {
  const from = shown.indexOf(currentItem());
  const next = $('b-show').value === 'open' ? shown.slice(from + 1).find(undecided) : shown[from + 1];
  if (next) go(next);
  else drawList();
}

function sideways(by) {
  const item = currentItem();
  if (!item) return step(1);
  const to = item.candidates[item.candidates.findIndex(one => one.variant === current.variant) + by];
  if (to) go(item, to.variant);
  else step(by);
}

// -- decisions

const doneBy = { accept: 'accepted', reject: 'rejected', revert: 'reverted' };
const succeeded = (verb, result) => result.state === doneBy[verb] || result.state === 'already';
const refusals = {
  missing: 'This candidate does not exist any more.', gone: 'The project was deleted.',
  'not done': 'This image is not made yet.',
  refunded: 'The credits of this image were returned, so its rejection stays.',
  'no longer in the trash': 'It was rejected more than 30 days ago, so its file may be gone.',
};

// The sentence for a decision that changed nothing because another reviewer was first.
function refusal({ state: outcome, row }) {
  if (refusals[outcome]) return refusals[outcome];
  if (outcome === 'another variant is accepted') return 'Another variant of this image is accepted already. Undo that first.';
  if (row && row.decision) return `Nothing was changed: ${row.by || 'another reviewer'} has ${row.decision} this image.`;
  return 'Nothing was changed: another reviewer has changed this image.';
}

// Takes the candidate over as the database has it now.
function takeRow(row) {
  const item = batch && batch.byItem.get(row.item);
  const at = item ? item.candidates.findIndex(one => one.variant === row.variant) : -1;
  if (at < 0 || JSON.stringify(item.candidates[at]) === JSON.stringify(row)) return false;
  item.candidates[at] = row;
  item.version++;
  item.words = '';
  return true;
}

function drawChanged() {
  drawList();
  showCount();
  if ($('large').open) showLarge(true);
}

function checkName() {
  if (reviewer()) return true;
  if ($('large').open) $('large').close();
  toast('Enter your name first: it is kept with each decision.');
  $('b-name').focus();
  return false;
}

// Sends decisions; returns the results. Stops at the first problem, after what was done before it.
async function decide(verb, targets) {
  const id = batch.id;
  const { results, problem } = await send('api/review', { action: 'decide', batch: id, verb, reviewer: reviewer(),
    targets: targets.map(({ item, variant, seen }) => ({ item, variant, seen })) });
  if (!batch || batch.id !== id) return [];
  for (const result of results) if (result.row) takeRow(result.row);
  const done = verb === 'revert' ? [] : results.filter(result => result.row && result.state === doneBy[verb]);
  if (done.length > 0) undoable.push(done.map(({ row }) => ({ item: row.item, variant: row.variant, seen: { decision: row.decision, by: row.by } })));
  drawChanged();
  if (problem) throw new Error(`Stopped after ${count(results.length, 'decision')}: ${problem}.`);
  return results;
}

async function decideOne(verb, item, one) {
  if (!batch.mayDecide || !checkName()) return;
  const seen = { decision: one.decision, by: one.by };
  try {
    const [result] = await decide(verb, [{ item: item.item, variant: one.variant, seen }]);
    if (!result) return;
    if (!succeeded(verb, result)) toast(refusal(result));
    else if (result.state === 'already' && result.row && result.row.by !== reviewer()) toast(`${result.row.by} had ${result.row.decision} it before.`);
    else if (verb === 'reject' && result.refunded) toast(`Rejected. ${count(Number(result.refunded), 'credit')} returned.`);
  } catch (problem) {
    toast(problem.message);
  }
}

function decideCurrent(verb) {
  const item = currentItem(), one = currentCandidate();
  if (!one) return step(1);
  if (!isOpen(one)) {
    toast(one.decision ? `It is ${decisionText(one)}. Undo that first.` : 'There is no new image to decide on.');
    return;
  }
  decideOne(verb, item, one);
  if (reviewer() && batch.mayDecide) stepOn();
}

function revert(item, one) {
  if (!batch.mayDecide || !checkName()) return;
  if (one.by === reviewer()) decideOne('revert', item, one);
  else confirmAction('Undo the decision of another reviewer?', `${one.by || 'Another reviewer'} has ${one.decision} this image.`, 'Undo it', async () => {
    await decideOne('revert', item, one);
    return 'Done.';
  });
}

async function undo() {
  const last = undoable.at(-1);
  if (!last || !checkName()) return;
  undoable.pop();
  try {
    let refused = null;
    for (let i = 0; i < last.length; i += 50) {
      const results = await decide('revert', last.slice(i, i + 50));
      refused = refused || results.find(result => !succeeded('revert', result));
    }
    const item = batch.byItem.get(last[0].item);
    if (!shown.includes(item)) filterItems();
    go(item, last[0].variant);
    toast(refused ? refusal(refused) : `Undone: ${count(last.length, 'decision')}.`);
  } catch (problem) {
    toast(problem.message);
  }
}

function decideAll(verb) {
  if (!batch || !batch.mayDecide || !checkName()) return;
  const items = shown.filter(undecided);
  const targets = verb === 'accept' ? items.map(item => ({ item: item.item, variant: item.candidates.find(isOpen).variant }))
    : items.flatMap(item => item.candidates.filter(isOpen).map(one => ({ item: item.item, variant: one.variant })));
  const credits = verb === 'reject' ? items.reduce((all, item) => all + item.candidates.filter(isOpen).reduce((sum, one) => sum + (one.credits || 0), 0), 0) : 0;
  if (targets.length === 0) {
    toast('No undecided image is shown.');
    return;
  }
  confirmAction(verb === 'accept' ? `Accept ${count(targets.length, 'image')}?` : `Reject ${count(targets.length, 'candidate')}?`,
    verb === 'accept' ? `The best candidate of each image that is shown and undecided. ${batch.keep === 'add' ? 'The images before stay.'
      : 'It takes the place of the image before, which Undo brings back.'}`
      : `All candidates of the ${count(items.length, 'image')} that are shown and undecided. Their files stay in the trash for 30 days.`
        + (credits ? ` Up to ${count(credits, 'credit')} are returned at once.` : ''),
    verb === 'accept' ? 'Accept' : 'Reject', async () => {
      const before = undoable.length;
      let done = 0;
      for (let i = 0; i < targets.length; i += 50) {
        const results = await decide(verb, targets.slice(i, i + 50));
        done += results.filter(result => succeeded(verb, result)).length;
        setText($('confirm-text'), `${number.format(Math.min(i + 50, targets.length))} of ${number.format(targets.length)}`);
      }
      undoable.push(undoable.splice(before).flat());
      return `${verb === 'accept' ? 'Accepted' : 'Rejected'}: ${number.format(done)} of ${number.format(targets.length)}.`;
    });
}

async function toggleReason(reason) {
  const item = currentItem(), one = currentCandidate();
  if (!one || one.state !== 'done' || !batch.mayDecide || !checkName()) return;
  try {
    const { result } = await send('api/review', { action: 'tag', batch: batch.id, reviewer: reviewer(), item: item.item, variant: one.variant,
      reason, given: !(one.reasons || []).includes(reason) });
    if (result.row) takeRow(result.row);
    else toast('This reason cannot be given here.');
    drawChanged();
  } catch (problem) {
    toast(problem.message);
  }
}

// -- what others change

async function readChanges() {
  if (readingChanges || !batch || !batch.whole) return;
  const id = batch.id;
  readingChanges = true;
  try {
    for (let more = true; more;) {
      const changes = await ask(`api/batches/${encodeURIComponent(id)}/changes?since=${Math.max(0, batch.since)}`);
      if (!batch || batch.id !== id) break;
      // At the most rows of one time, the next answer would be the same.
      more = changes.more && changes.next > batch.since;
      batch.since = changes.next;
      if (changes.rows.filter(takeRow).length > 0) drawChanged();
    }
  } catch {
    stamp = null; // tried again with the next event
  }
  readingChanges = false;
}

function refreshReview() {
  if (view === 'batches') {
    if (batchesStamp !== state.itemsChangedAt && Date.now() - batchesLoadedAt > 3000) loadBatches();
  } else if (batch && batch.whole && stamp !== state.itemsChangedAt) {
    stamp = state.itemsChangedAt;
    readChanges();
  }
}

// -- one image, large

let largeFacts = null, largeAsked = 0;

const put = (image, src) => {
  image.hidden = !src;
  if (src && image.getAttribute('src') !== src) image.src = src;
};

function openLarge(item, variant) {
  go(item, variant);
  $('large').showModal();
  showLarge();
  $('large-facts').focus();
}

async function showLarge(same = false) {
  const item = currentItem(), one = currentCandidate();
  if (!one) return;
  const large = src => src ? `${src}?size=large` : null;
  setText($('large-title'), `${item.item}  ${[item.product, item.title, item.candidates.length > 1 ? `variant ${one.variant}` : null, one.model].filter(Boolean).join(' · ')}`);
  put($('large-photo'), item.photo ? large(pictureOf('photo', placeOf(item))) : null);
  put($('large-before'), item.before ? large(pictureOf('before', placeOf(item))) : null);
  put($('large-after'), one.state === 'done' ? large(pictureOf('image', one.job)) : null);
  for (const verb of ['accept', 'reject']) {
    $(`large-${verb}`).disabled = !isOpen(one) || !batch.mayDecide;
    $(`large-${verb}`).setAttribute('aria-pressed', String(one.decision === `${verb}ed`));
  }
  $('large-undo').disabled = !batch.mayDecide || !['accepted', 'rejected'].includes(one.decision);
  setText($('large-decision'), one.decision ? `${decisionText(one)}${one.at ? `, ${duration(now() - one.at)} ago` : ''}` : one.state === 'done' ? 'Undecided' : one.error || one.state);
  const names = [...reasons, ...(one.reasons || []).filter(reason => !reasons.includes(reason))];
  showRows($('large-reasons'), names.map((reason, at) => ({ id: reason, at })), row => {
    const button = make('button', { type: 'button', text: row.at < reasons.length ? `${row.at + 1} ${row.id}` : row.id });
    button.addEventListener('click', () => toggleReason(row.id));
    return button;
  }, (button, row) => {
    button.setAttribute('aria-pressed', String((one.reasons || []).includes(row.id)));
    button.disabled = !batch.mayDecide || one.state !== 'done';
  });
  if (same && largeFacts && largeFacts.item === item.item) return;
  const asked = ++largeAsked;
  largeFacts = null;
  $('large-checks').replaceChildren();
  setText($('large-before-note'), '');
  setText($('large-after-note'), '');
  try {
    const facts = await ask(`api/batches/${placeOf(item).replace('/', '/items/')}`);
    if (asked !== largeAsked) return;
    largeFacts = facts;
    showLargeFacts(one.variant);
  } catch (problem) {
    if (asked === largeAsked) $('large-checks').replaceChildren(make('p', { class: 'error', text: problem.message }));
  }
}

const pixels = picture => picture && picture.width ? `${picture.width} × ${picture.height}` : '';

function showLargeFacts(variant) {
  const one = largeFacts.candidates.find(candidate => candidate.variant === variant), before = largeFacts.before;
  setText($('large-before-note'), before ? [before.model, pixels(before)].filter(Boolean).join(', ') : '');
  setText($('large-after-note'), [pixels(one), one.bytes ? `${number.format(Math.round(one.bytes / 1024))} KB` : ''].filter(Boolean).join(', '));
  const likeness = one.likeness || {};
  const original = imageUrl(one.url);
  $('large-checks').replaceChildren(...[
    one.checks.length ? make('h3', { text: `${one.checks.filter(check => check.passed).length} of ${one.checks.length} checks` }) : null,
    make('ul', { class: 'measured' }, ...one.checks.map(check => make('li', { class: check.passed ? null : 'bad' },
      make('span', { text: `${check.passed ? '✓' : '✗'} ${check.name}` }), make('b', { text: check.passed ? check.value : check.message || check.value }))),
    ...(typeof likeness.score === 'number' ? [make('li', {}, make('span', { text: '≈ similarity to the photo' }), make('b', { text: [`${Math.round(likeness.score * 100)} %`,
      typeof likeness.shape === 'number' ? `shape ${Math.round(likeness.shape * 100)} %` : null,
      typeof likeness.colour === 'number' ? `colour difference ${likeness.colour.toFixed(1)}` : null].filter(Boolean).join(', ') }))] : [])),
    (one.rejections || []).length ? make('h3', { text: `${count(one.rejections.length, 'rejected answer')} before it` }) : null,
    ...(one.rejections || []).map(rejection => make('figure', {}, rejection.picture ? make('img', { src: pictureOf('rejected', rejection.call), alt: 'the photo beside the rejected image' }) : '',
      make('figcaption', {}, make('b', { text: String(rejection.check || '').replaceAll('_', ' ') }), ` ${rejection.message}`))),
    one.prompt ? make('details', {}, make('summary', { text: 'Prompt' }), make('pre', { text: one.prompt, tabindex: '0' })) : null,
    make('p', {}, ...[one.job ? make('a', { href: `#/job/${one.job}`, text: 'Its job' }) : null, ' ',
      original ? make('a', { href: original, target: '_blank', rel: 'noopener noreferrer', text: 'The file' }) : null].filter(Boolean)),
  ].filter(Boolean));
}

function slide() {
  const on = $('stage').classList.contains('slider');
  $('large-over').style.clipPath = on ? `inset(0 0 0 ${$('slide').value}%)` : '';
}

function toggleSlider() {
  const on = $('stage').classList.toggle('slider');
  $('large-mode').setAttribute('aria-pressed', String(on));
  slide();
}

// -- blind comparisons

let pair = null, pairAsked = 0;

// Variants with their model, and the image before as variant 0; the choices are pairs of them.
function arms() {
  const models = new Map();
  for (const item of batch.items) for (const one of item.candidates) if (one.state === 'done' && !models.has(one.variant)) models.set(one.variant, one.model);
  const named = [...models.keys()].sort((a, b) => a - b).slice(0, 6).map(variant => ({ variant, name: `${models.get(variant) || 'new'}${models.size > 1 ? ` (variant ${variant})` : ''}` }));
  if (batch.items.some(item => item.before)) named.push({ variant: 0, name: 'the image before' });
  return named.flatMap((first, at) => named.slice(at + 1).map(second => ({ first, second })));
}
let contests = [];
const contest = () => contests[Number($('pair-arms').value)];

function openPairs() {
  if (!batch || !batch.mayDecide || !checkName()) return;
  contests = arms();
  if (contests.length === 0) {
    toast('There is nothing to compare with: one variant, and no image before.');
    return;
  }
  $('pair-arms').replaceChildren(...contests.map(({ first, second }, at) => make('option', { value: at, text: `${first.name} and ${second.name}` })));
  $('pair').showModal();
  $('pair-body').focus();
  nextPair();
}

async function nextPair() {
  const asked = ++pairAsked, { first, second } = contest();
  pair = null;
  $('pair-result').hidden = true;
  $('pair-result-button').setAttribute('aria-expanded', 'false');
  try {
    const { result } = await send('api/review', { action: 'compare', batch: batch.id, reviewer: reviewer(), first: first.variant, second: second.variant });
    if (asked !== pairAsked) return;
    pair = result.pair;
    put($('pair-left'), pair ? `${pictureOf('left', pair)}?size=large` : null);
    put($('pair-right'), pair ? `${pictureOf('right', pair)}?size=large` : null);
    setText($('pair-note'), pair ? `${number.format(result.voted)} of ${count(result.pairs, 'pair')} compared. Sides are drawn by chance.`
      : `You have compared all ${number.format(result.pairs)} pairs.`);
    for (const button of $('pair').querySelectorAll('[data-choice]')) button.disabled = !pair;
    if (!pair) showResult();
  } catch (problem) {
    setText($('pair-note'), problem.message);
  }
}

async function vote(choice) {
  if (!pair) return;
  const voted = pair;
  pair = null;
  try {
    await send('api/review', { action: 'vote', batch: batch.id, reviewer: reviewer(), pair: voted, choice });
    nextPair();
  } catch (problem) {
    pair = voted;
    setText($('pair-note'), problem.message);
  }
}

const percent = share => Math.round(share * 100);

async function showResult() {
  const { first, second } = contest();
  try {
    const result = await ask(`api/batches/${encodeURIComponent(batch.id)}/comparison?first=${first.variant}&second=${second.variant}`);
    const decided = result.first + result.second, swap = result.second > result.first;
    setText($('pair-result'), decided === 0 ? 'No image is preferred yet.'
      : `${(swap ? second : first).name}: preferred in ${percent(swap ? 1 - result.share : result.share)} % `
        + `[${percent(swap ? 1 - result.high : result.low)}, ${percent(swap ? 1 - result.low : result.high)}] of ${count(decided, 'image')}`
        + `${result.same ? `, ${number.format(result.same)} without a difference` : ''}; ${count(result.votes, 'vote')} of ${count(result.reviewers, 'reviewer')}, `
        + 'with the 95 % interval.');
    $('pair-result').hidden = false;
    $('pair-result-button').setAttribute('aria-expanded', 'true');
  } catch (problem) {
    setText($('pair-note'), problem.message);
  }
}

// -- events

$('b-list').addEventListener('click', event => {
  const button = event.target.closest('button'), card = event.target.closest('li');
  if (!button || !card) return;
  const item = batch.byItem.get(Number(card.dataset.key)), figure = button.closest('.candidate');
  const one = figure ? candidateOf(item, Number(figure.dataset.variant)) : item.candidates[0];
  if (button.classList.contains('frame')) {
    openLarge(item, one.variant);
    return;
  }
  go(item, one.variant);
  if (button.classList.contains('undo')) revert(item, one);
  else decideOne(button.classList.contains('accept') ? 'accept' : 'reject', item, one);
});
$('b-list').addEventListener('focusin', event => {
  const figure = event.target.closest('.candidate');
  if (figure) current = { item: Number(figure.closest('li').dataset.key), variant: Number(figure.dataset.variant) };
});
for (const id of ['b-show', 'b-type', 'b-model', 'b-sort']) {
  $(id).addEventListener('change', () => { filterItems(); if (scrollY > 0) scrollTo(0, 0); });
}
let findTimer = 0;
$('b-find').addEventListener('input', () => {
  clearTimeout(findTimer);
  findTimer = setTimeout(filterItems, 150);
});
$('b-filters').addEventListener('submit', event => { event.preventDefault(); filterItems(); });
$('b-name').addEventListener('change', () => {
  try { localStorage.setItem('darkroom reviewer', reviewer()); } catch { /* storage is disabled */ }
});
$('b-accept-all').addEventListener('click', () => decideAll('accept'));
$('b-reject-all').addEventListener('click', () => decideAll('reject'));
$('b-undo').addEventListener('click', undo);
$('b-compare').addEventListener('click', openPairs);
$('large-previous').addEventListener('click', () => step(-1));
$('large-next').addEventListener('click', () => step(1));
$('large-mode').addEventListener('click', toggleSlider);
$('large-accept').addEventListener('click', () => decideCurrent('accept'));
$('large-reject').addEventListener('click', () => decideCurrent('reject'));
$('large-undo').addEventListener('click', () => revert(currentItem(), currentCandidate()));
$('large-close').addEventListener('click', () => $('large').close());
$('large').addEventListener('close', () => { if (current) go(currentItem(), current.variant); });
$('large').addEventListener('click', event => { if (event.target.closest('a[href^="#"]')) $('large').close(); });
$('slide').addEventListener('input', slide);
$('reason-form').addEventListener('submit', event => {
  event.preventDefault();
  const reason = $('reason-text').value.trim();
  $('reason-text').value = '';
  if (reason) toggleReason(reason);
});
$('pair-arms').addEventListener('change', nextPair);
$('pair-result-button').addEventListener('click', showResult);
$('pair-close').addEventListener('click', () => $('pair').close());
for (const button of $('pair').querySelectorAll('[data-choice]')) button.addEventListener('click', () => vote(button.dataset.choice));

const reviewKeys = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  l: () => sideways(1), ArrowRight: () => sideways(1), h: () => sideways(-1), ArrowLeft: () => sideways(-1),
  a: () => decideCurrent('accept'), r: () => decideCurrent('reject'), u: undo, c: openPairs,
  z: () => $('large').open ? $('large').close() : currentItem() ? openLarge(currentItem(), current.variant) : step(1),
  '/': () => $('b-find').focus(), Escape: () => { location.hash = '#/batches'; },
};
reasons.forEach((reason, at) => { reviewKeys[at + 1] = () => toggleReason(reason); });

$('large').addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input:not([type=range])')) return;
  if (event.target === $('slide') && event.key.startsWith('Arrow')) return;
  if (event.key === 's') toggleSlider();
  else if (event.key !== 'Escape' && event.key !== '/' && event.key !== 'c' && Object.hasOwn(reviewKeys, event.key)) reviewKeys[event.key]();
  else return;
  event.preventDefault();
  event.stopPropagation(); // the dialog may be closed now, and the key acts once
});
$('pair').addEventListener('keydown', event => {
  const choice = { ArrowLeft: 'left', ArrowRight: 'right', ArrowDown: 'same' }[event.key];
  if (!choice || event.target === $('pair-arms')) return;
  event.preventDefault();
  vote(choice);
});
