// Everything that is shown came from clients and origins in the end: it is put into the page as text, never as markup.
const every = 2000;
const attention = new Map([['active', 'good'], ['in-doubt', 'warn'], ['doubted', 'warn'], ['not-told', 'warn'], ['silent', 'bad']]);

let token = null; // in memory only
let timer = 0;
let isPaused = false;

const at = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...inside.map((one) => (one instanceof Node ? one : String(one))));
  return made;
}

const text = (id, value) => { const place = at(id); if (place.textContent !== value) place.textContent = value; };

function size(bytes) {
  if (bytes === null || bytes === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit++; }
  return `${unit === 0 ? number.format(bytes) : fine.format(bytes)} ${units[unit]}`;
}

const percent = (share) => (share === null || share === undefined ? '–' : `${(share * 100).toFixed(share > 0 && share < 0.1 ? 2 : 1)} %`);
const milliseconds = (ms) => (ms === null || ms === undefined ? '–' : ms < 1 ? `${fine.format(ms * 1000)} µs` : ms < 1000 ? `${fine.format(ms)} ms` : `${fine.format(ms / 1000)} s`);
const rate = (count, seconds) => (seconds > 0 ? count / seconds : 0);

function span(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d`;
}

const cell = (value, kind = null) => element('td', { class: kind }, value);
const head = (value, kind = null) => element('th', { scope: 'row', class: kind }, value);
const word = (value, kind) => element('span', { class: `word ${kind ?? ''}` }, value);

function meter(part, whole, label, kind = '') {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  return element('div', { class: 'meter' }, element('progress', { max: 1, value: share, class: kind, 'aria-hidden': 'true' }), element('span', {}, label));
}

// A row that somebody is about to press stays where it is: only cells whose text has changed are replaced.
function fill(id, rows, nothing) {
  const table = at(id);
  const body = table.tBodies[0];
  if (rows.length === 0) rows = [element('tr', {}, element('td', { colspan: table.tHead.rows[0].cells.length, class: 'empty' }, nothing))];
  rows.forEach((row, i) => {
    const old = body.rows[i];
    if (!old) body.append(row);
    else if (!old.isEqualNode(row)) {
      const focused = old.contains(document.activeElement) ? [...old.querySelectorAll('button')].indexOf(document.activeElement) : -1;
      old.replaceWith(row);
      if (focused >= 0) row.querySelectorAll('button')[focused]?.focus();
    }
  });
  while (body.rows.length > rows.length) body.rows[body.rows.length - 1].remove();
}

async function ask(path, options = {}) {
  const headers = { Accept: 'application/json', ...(options.headers ?? {}) };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error', ...options, headers });
  if (answer.status === 401) {
    token = null;
    signIn(answer.headers.get('WWW-Authenticate')?.includes('invalid_token'));
    throw new Error('The admin token is needed.');
  }
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw new Error(said?.detail ?? `The edge answered ${answer.status}.`);
  return said;
}

function signIn(wasWrong) {
  if (at('login').open) return;
  if (wasWrong) text('login-why', 'That was not the token of this edge.');
  at('token').value = '';
  at('login').showModal();
}

at('login-form').addEventListener('submit', () => {
  token = at('token').value.trim();
  at('token').value = '';
  look();
});

function state(kind, says) {
  at('state').className = `state ${kind}`;
  text('state-text', says);
}

async function look() {
  clearTimeout(timer);
  if (isPaused || document.hidden) return;
  try {
    show(await ask('status'));
  } catch (failed) {
    state('bad', token === null && at('login').open ? 'Signed out' : 'No answer');
    if (!at('login').open) notices([{ says: failed.message, bad: true }]);
  }
  clearTimeout(timer);
  if (!at('login').open) timer = setTimeout(look, every);
}

function show(status) {
  const { process, recent, seconds } = status;
  document.title = `${percent(recent.hitRatio)} · ${process.name} · Granary`;
  text('who', `${process.name} · ${process.role}${process.cluster ? ` of ${process.cluster}` : ''} · ${process.version} · up ${span(process.uptime)} · ${size(process.workingSet)} in use`);
  state(process.ready ? 'good' : 'warn', process.ready ? 'Live' : 'Not ready');
  notices([
    ...process.objections.map(({ part, says }) => ({ says: `${part}: ${says}`, bad: true })),
    ...process.notes.map(({ part, says }) => ({ says: `${part}: ${says}` })),
    ...status.silos.filter(({ state }) => state === 'silent').map(({ name }) => ({ says: `Silo ${name} does not answer. What it owns goes round it.`, bad: true })),
  ]);
  figures(status, recent, seconds);
  chart(status.series);
  outcomes(recent);
  hottest(status.hottest);
  silos(status.silos);
  origins(status);
  forward(status.forward);
  purges(status.purges);
}

function notices(all) {
  const list = at('notices');
  const items = all.map(({ says, bad }) => element('li', { class: bad ? 'bad' : null }, says));
  if (list.children.length !== items.length || items.some((item, i) => !item.isEqualNode(list.children[i]))) list.replaceChildren(...items);
  list.hidden = items.length === 0;
}

function figures(status, recent, seconds) {
  const of = (name) => recent.outcomes.find(({ outcome }) => outcome === name);
  const others = recent.outcomes.filter(({ outcome, latency }) => outcome !== 'hit' && outcome !== 'none' && latency).sort((a, b) => b.requests - a.requests)[0];
  const hits = of('hit');
  text('f-hit', percent(recent.hitRatio));
  text('f-hit-sub', recent.contentHitRatio === null ? 'no content yet' : `${percent(recent.contentHitRatio)} of the content`);
  text('f-rate', `${fine.format(rate(recent.requests, seconds))} /s`);
  text('f-rate-sub', `${number.format(status.sinceStart.requests)} since the start`);
  text('f-content', `${size(rate(recent.content, seconds))}/s`);
  text('f-content-sub', `${size(status.sinceStart.content)} since the start`);
  text('f-p50', milliseconds(hits?.latency?.p50));
  text('f-p50-sub', hits?.latency ? `p99 ${milliseconds(hits.latency.p99)}` : 'no hits yet');
  text('f-other', milliseconds(others?.latency?.p50));
  text('f-other-sub', others ? `${others.outcome}, p99 ${milliseconds(others.latency.p99)}` : 'nothing forwarded yet');
  const told = status.silos.filter(({ memory }) => memory !== undefined);
  const sum = (key) => told.reduce((all, silo) => all + silo[key], 0);
  text('f-store', told.length > 0 ? percent(sum('memory') / sum('memoryLimit')) : '–');
  text('f-store-sub', told.length > 0 ? `${number.format(sum('responses'))} responses, ${size(sum('memory'))}` : '');
}

function chart(series) {
  const svg = at('chart');
  const points = series.filter(({ seconds }) => seconds > 0);
  const most = Math.max(1, ...points.map(({ hits, others, seconds }) => (hits + others) / seconds));
  const [width, height, slot] = [600, 120, 12];
  const bars = [];
  points.slice(-50).forEach(({ hits, others, seconds }, i, { length }) => {
    const x = width - (length - i) * slot;
    const [h, o] = [(hits / seconds / most) * height, (others / seconds / most) * height];
    for (const [kind, y, tall] of [['hits', height - h, h], ['others', height - h - o, o]]) {
      if (tall <= 0) continue;
      const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      for (const [key, value] of Object.entries({ class: kind, x: x + 1, y, width: slot - 2, height: Math.max(tall, 0.8) })) bar.setAttribute(key, value);
      bars.push(bar);
    }
  });
  svg.replaceChildren(...bars);
  const last = points.at(-1);
  svg.setAttribute('aria-label', last ? `Now ${fine.format((last.hits + last.others) / last.seconds)} requests a second, ${fine.format(last.others / last.seconds)} of them forwarded; at most ${fine.format(most)} in the last five minutes.` : 'No figures yet');
  text('chart-most', last ? `top: ${fine.format(most)} /s` : '');
}

function outcomes(recent) {
  const sorted = [...recent.outcomes].sort((a, b) => b.requests - a.requests);
  fill('outcomes', sorted.map(({ outcome, requests, collapsed, content, latency }) => element('tr', {},
    head(outcome), cell(number.format(requests), 'n'), cell(meter(requests, recent.requests, percent(requests / recent.requests), outcome === 'hit' ? '' : 'others')),
    cell(number.format(collapsed), 'n wide'), cell(size(content), 'n wide'), cell(milliseconds(latency?.p50), 'n'), cell(milliseconds(latency?.p99), 'n wide'))), 'No requests in the last minute.');
}

function hottest(urls) {
  fill('hottest', urls.slice(0, 10).map(({ url, requests }) => {
    const button = element('button', { type: 'button', class: 'quiet small', 'data-explain': url }, 'Explain');
    button.append(element('span', { class: 'hidden' }, ` ${url}`));
    return element('tr', {}, head(url, 'url'), cell(number.format(requests), 'n'), element('td', { class: 'n' }, button));
  }), 'Nothing was asked for since somebody looks.');
}

function silos(all) {
  fill('silos', all.map((silo) => element('tr', {},
    head(silo.name), cell(word(silo.state, attention.get(silo.state))), cell(meter(silo.share, 1, percent(silo.share))),
    silo.memory === undefined ? cell('–') : cell(meter(silo.memory, silo.memoryLimit, `${size(silo.memory)} of ${size(silo.memoryLimit)}`, silo.memory > silo.memoryLimit * 0.97 ? 'others' : '')),
    cell(silo.responses === undefined ? '–' : number.format(silo.responses), 'n wide'), cell(silo.evictions === undefined ? '–' : number.format(silo.evictions), 'n wide'),
    cell(silo.fetches === undefined ? '–' : number.format(silo.fetches), 'n wide'), cell(silo.edges === undefined ? '–' : number.format(silo.edges), 'n wide'), cell(silo.uptime === undefined ? '–' : span(silo.uptime), 'n wide'))),
  'No silo is known yet.');
}

function origins(status) {
  const rows = [];
  for (const one of status.origins) {
    rows.push(element('tr', {}, head(one.address, 'url'), cell(one.leftAloneBy > 0 ? word(`left alone by ${one.leftAloneBy} of ${one.silos}`, 'bad') : word('in use', 'good')),
      cell('origin'), cell(number.format(one.fetches), 'n wide'), cell(number.format(one.queued), 'n wide')));
  }
  for (const { cluster, destinations } of status.clusters) {
    for (const one of destinations) {
      const unhealthy = one.active === 'unhealthy' || one.passive === 'unhealthy';
      rows.push(element('tr', {}, head(one.address, 'url'), cell(one.available ? word(unhealthy ? 'used for want of better' : one.active === 'healthy' ? 'healthy' : 'available', unhealthy ? 'warn' : 'good') : word('unhealthy', 'bad')),
        cell(`cluster ${cluster}`), cell(number.format(one.requests), 'n wide'), cell('', 'n wide')));
    }
  }
  for (const { listener, destinations } of status.listeners) {
    for (const one of destinations) {
      rows.push(element('tr', {}, head(one.destination, 'url'), cell(one.up ? word('up', 'good') : word('out', 'bad')), cell(`TCP ${listener}`), cell(number.format(one.open), 'n wide'), cell('', 'n wide')));
    }
  }
  fill('origins', rows, 'Nothing was fetched from a configured origin yet.');
}

function forward({ on, tunnels, policy }) {
  at('forward').hidden = !on;
  if (!on) return;
  const inspected = policy.inspect + policy.splice > 0 ? ` Tunnels: ${number.format(policy.inspect)} inspected, ${number.format(policy.splice)} left closed as exceptions.` : '';
  text('verdicts', policy.on ? `Access policy with ${policy.rules === 1 ? 'one rule' : `${number.format(policy.rules)} rules`}: ${number.format(policy.allow)} allowed, ${number.format(policy.deny)} denied, ${number.format(policy.redirect)} redirected.${inspected}` : 'There is no access policy.');
  fill('tunnels', tunnels.map((one) => element('tr', {}, head(one.way), cell(number.format(one.open), 'n'), cell(number.format(one.tunnels), 'n wide'), cell(size(one.bytesIn), 'n'), cell(size(one.bytesOut), 'n'))), 'No tunnel was opened yet.');
}

function purges(all) {
  fill('purges', all.slice(0, 8).map((one) => element('tr', {},
    element('th', { scope: 'row', class: 'url' }, one.kind === 'all' ? 'everything' : `${one.kind} ${one.what}`, one.soft ? ' (soft)' : ''), cell(span(one.ago), 'n'), cell(one.client, 'wide'),
    element('td', { class: 'n' }, one.done ? (one.purged === null ? 'done' : number.format(one.purged)) : word('not sure', 'bad')), cell(milliseconds(one.milliseconds), 'n'))), 'None yet.');
}

function said(place, kind, says) {
  place.className = `said ${kind}`;
  place.textContent = says;
}

at('purge-kind').addEventListener('change', ({ target }) => {
  const hints = { url: 'https://www.example.com/page', tag: 'news', prefix: 'https://www.example.com/images/', host: 'www.example.com' };
  at('purge-what-field').hidden = target.value === 'all';
  at('purge-what').placeholder = hints[target.value] ?? '';
});

at('purge').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [kind, what, soft] = [at('purge-kind').value, at('purge-what').value.trim(), at('purge-soft').checked];
  const place = at('purge-said');
  if (kind !== 'all' && what === '') {
    said(place, 'bad', 'Say which.');
    at('purge-what').focus();
    return;
  }
  if (kind === 'all' && !(await isSure())) return;
  const button = event.target.querySelector('button');
  button.disabled = true;
  try {
    const done = await ask('purge', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ [kind]: kind === 'all' ? true : what, soft }) });
    const fenced = done.fenced ? ` Without ${done.fenced.join(', ')}, which answer nothing until they have heard of it.` : '';
    said(place, 'good', `Holds everywhere${done.purged === null ? '' : `; ${number.format(done.purged)} stored responses`}, after ${milliseconds(done.milliseconds)}.${fenced}`);
    look();
  } catch (failed) {
    said(place, 'bad', failed.message);
  } finally {
    button.disabled = false;
  }
});

function isSure() {
  const dialog = at('sure');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

at('hottest').addEventListener('click', ({ target }) => {
  const url = target.closest('button')?.dataset.explain;
  if (url === undefined) return;
  at('explain-url').value = url;
  at('h-explain').scrollIntoView({ block: 'start' });
  at('explain-url').focus();
  explain(url);
});

at('explain').addEventListener('submit', (event) => {
  event.preventDefault();
  explain(at('explain-url').value.trim());
});

async function explain(url) {
  const place = at('explained');
  try {
    const told = await ask(`explain?url=${encodeURIComponent(url)}`);
    place.replaceChildren(...explained(told));
  } catch (failed) {
    place.replaceChildren(element('p', { class: 'said bad' }, failed.message));
  }
}

function facts(pairs) {
  const list = element('dl', { class: 'facts' });
  for (const [name, value] of pairs) if (value !== null && value !== undefined && value !== '') list.append(element('dt', {}, name), element('dd', {}, value));
  return list;
}

function explained(told) {
  const inside = [];
  if (!told.known) inside.push(element('p', { class: 'said' }, told.note));
  inside.push(facts([['Owner', told.owner], ['Second owner', told.secondOwner], ['Under way', told.fetchesUnderWay > 0 ? `${told.fetchesUnderWay} fetches` : ''],
    ['Remembered', told.rememberedAsNotStorable ? 'as not storable: requests are passed for a while' : ''], ['Silent', told.silent.join(', ')]]));
  for (const one of told.stored) {
    inside.push(element('h3', {}, `${one.status} at ${one.at} `, element('span', { class: 'aside' }, one.as)));
    inside.push(facts([
      ['Freshness', `${one.purged ? 'purged' : one.fresh ? 'fresh' : 'stale'}, age ${span(one.age)}, lifetime ${span(one.lifetime)} by ${one.lifetimeBy}`],
      ['Content', `${size(one.length)}${one.contentType ? `, ${one.contentType}` : ''}`], ['ETag', one.etag], ['Cache-Control', one.cacheControl], ['Selected by', one.selectedBy.join(', ')], ['Tags', one.tags.join(' ')]]));
  }
  if (told.decisions.length > 0) {
    inside.push(element('h3', {}, 'Last answers'));
    inside.push(element('ul', { class: 'list' }, ...told.decisions.slice(0, 8).map((one) => element('li', {}, element('code', {}, one.cacheStatus), ` · ${span(one.ago)} ago · ${one.at}`))));
  }
  if (told.leases.length > 0) {
    inside.push(element('h3', {}, 'Edges that may hold copies'));
    inside.push(element('ul', { class: 'list' }, ...told.leases.map((one) => element('li', {}, `${one.edge}, for ${span(one.endsIn)} more`))));
  }
  return inside;
}

at('login').addEventListener('close', () => {
  if (token) return;
  state('warn', 'Signed out');
  text('pause', 'Sign in');
});

at('pause').addEventListener('click', ({ target }) => {
  if (target.textContent === 'Sign in') {
    target.textContent = 'Pause';
    signIn(false);
    return;
  }

  isPaused = !isPaused;
  target.setAttribute('aria-pressed', String(isPaused));
  target.textContent = isPaused ? 'Go on' : 'Pause';
  if (isPaused) state('warn', 'Paused');
  look();
});

document.addEventListener('visibilitychange', look);
look();
