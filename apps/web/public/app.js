import { TEXTS } from './texts.js';

/**
 * The first page: what is running and what the vouchers do, refreshed while it is visible. Reads the public API
 * alone. Everything from outside is put into the page as text, never as markup.
 */
const EVERY_MS = 2_000;
/** A slow report is asked for less often: the page takes a tenth of the time at most. */
const SHARE = 10;
const FAILED_EVERY_MS = 3_000;
const IDENTITIES_EVERY_MS = 30_000;
const LANGUAGE = 'jangteo.language';

const $ = (id) => document.getElementById(id);
const state = {
  lang: 'ko',
  chain: undefined,
  health: undefined,
  summary: undefined,
  refusals: new Map(),
  identities: [],
};
const words = () => TEXTS[state.lang];

/** An element with text or children. */
function element(tag, { text, className, href, ...attributes } = {}, children = []) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className !== undefined) node.className = className;
  if (href !== undefined) node.setAttribute('href', ownPath(href));
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Links of the API lead to this server only. */
function ownPath(href) {
  return href.startsWith('/') && !href.startsWith('//') ? href : '#';
}

function won(digits) {
  const text = BigInt(digits).toLocaleString(state.lang === 'ko' ? 'ko-KR' : 'en-GB');
  return state.lang === 'ko' ? `${text}원` : `KRW ${text}`;
}

/** A count, or won without its unit: digits or a whole number. */
function number(count) {
  return BigInt(count).toLocaleString(state.lang === 'ko' ? 'ko-KR' : 'en-GB');
}

function clock(moment) {
  return new Intl.DateTimeFormat(state.lang === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'Asia/Seoul',
  }).format(moment);
}

/** Writes only what differs, so that neither focus nor a screen reader is disturbed by an unchanged figure. */
function replace(node, ...children) {
  const next = children.map((child) => child.outerHTML).join('');
  if (node.innerHTML !== next) node.replaceChildren(...children);
}

async function get(path) {
  const response = await fetch(path, {
    headers: { accept: 'application/json', 'accept-language': state.lang },
    cache: 'no-store',
  });
  const body = await response.json().catch(() => undefined);
  if (!response.ok) {
    const error = new Error(body?.title ?? `${response.status}`);
    error.status = response.status;
    error.body = body;
    throw error;
  }
  return body;
}

/* ---------------------------------------------------------------- what is shown */

function showWords() {
  document.documentElement.lang = state.lang;
  document.title = words().pageTitle;
  for (const node of document.querySelectorAll('[data-text]')) {
    if (node.closest('#health')) continue;
    node.textContent = words()[node.dataset.text];
  }
  for (const node of document.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', words()[node.dataset.label]);
  }
  for (const button of document.querySelectorAll('[data-lang]')) {
    button.setAttribute('aria-pressed', String(button.dataset.lang === state.lang));
  }
}

function showHealth() {
  const { health } = state;
  const level = health ?? 'loading';
  const node = $('health');
  const text = level === 'loading' ? words().loading : words()[level];
  node.className = `health ${level}`;
  const line = node.lastElementChild;
  if (line.textContent !== text) line.textContent = text;
}

function showFacts() {
  const { chain } = state;
  if (!chain) return;
  const fact = (name, value, className) =>
    element('div', {}, [element('dt', { text: name }), element('dd', { text: value, className })]);
  const block = chain.indexedBlock;
  replace(
    $('facts'),
    fact(words().chainId, String(chain.chainId)),
    fact(words().block, block ? number(block.number) : '–'),
    fact(words().blockTime, block ? clock(new Date(block.time)) : '–'),
    fact(words().vouchers, chain.contracts.vouchers, 'address'),
    fact(words().authorities, chain.contracts.authorities, 'address'),
  );
}

function showFigures() {
  const total = state.summary?.total;
  const { issued, outstanding, paid, voided, given, redeemed, refunded, expired, refused } = total ?? {};
  const card = (name, figure, value, hint) => {
    const inner = [
      element('span', { className: 'name', text: name }),
      element('span', { className: 'value', text: value }),
      element('span', { className: 'hint', text: hint }),
    ];
    return element('li', {}, [
      figure ? element('a', { href: figure.href }, inner) : element('div', { className: 'empty' }, inner),
    ]);
  };
  const amount = (figure) => (figure ? won(figure.amount) : '–');
  replace(
    $('figures'),
    card(words().issued, issued, amount(issued), words().issuedHint),
    card(words().outstanding, outstanding, amount(outstanding), words().outstandingHint),
    card(words().paid, paid, amount(paid), words().paidHint(paid ? number(paid.count) : '–')),
    card(words().voided, voided, amount(voided), words().voidedHint),
    card(words().given, given, amount(given), words().givenHint),
    card(words().redeemed, redeemed, amount(redeemed), words().redeemedHint),
    card(words().refunded, refunded, amount(refunded), words().refundedHint),
    card(words().expired, expired, amount(expired), words().expiredHint),
    card(
      words().refusedCard,
      refused,
      refused ? `${number(refused.count)}${words().countUnit}` : '–',
      words().refusedHint,
    ),
  );
  $('figures').setAttribute('aria-busy', String(!total));
  if (total) $('updated').textContent = words().updated(clock(new Date()));
}

function showCities() {
  const { summary } = state;
  const head = ['city', 'issued', 'outstanding', 'paid', 'payments', 'redeemed', 'refusedCard', 'merchants'];
  replace(
    $('cities').tHead,
    element(
      'tr',
      {},
      head.map((key) => element('th', { scope: 'col', text: words()[key] })),
    ),
  );
  const rows = (summary?.rows ?? []).map(({ key, name, figures }) =>
    element('tr', {}, [
      element('th', {
        scope: 'row',
        text: key === null ? (summary.ownName ?? name[state.lang]) : shortName(name),
      }),
      ...[
        number(figures.issued.amount),
        number(figures.outstanding.amount),
        number(figures.paid.amount),
        number(figures.paid.count),
        number(figures.redeemed.amount),
        number(figures.refused.count),
        number(figures.merchantsActive.count),
      ].map((text) => element('td', { text })),
    ]),
  );
  const text = summary ? words().citiesEmpty : words().loading;
  const empty = element('tr', {}, [
    element('td', { className: 'empty', colspan: String(head.length), text }),
  ]);
  replace($('cities').tBodies[0], ...(rows.length > 0 ? rows : [empty]));
}

/** "경상북도 포항시" in a table of Gyeongbuk is "포항시". */
function shortName(name) {
  return name[state.lang].split(' ').at(-1);
}

function showRefused() {
  const { summary, refusals } = state;
  const byCode = [...(summary?.total.refused.byCode ?? [])].sort((one, other) => other.count - one.count);
  const most = Math.max(1, ...byCode.map(({ count }) => count));
  const rows = byCode.map(({ code, count, href }) => {
    const title = refusals.get(code)?.[state.lang].title ?? code;
    return element('li', {}, [
      element('span', { text: title }),
      element('a', { className: 'count', href, text: `${number(count)}${words().countUnit}` }),
      element('progress', { max: String(most), value: String(count), 'aria-hidden': 'true' }),
    ]);
  });
  const text = summary ? words().refusedEmpty : words().loading;
  replace($('refused'), ...(rows.length > 0 ? rows : [element('li', { text })]));
}

function showIdentities() {
  const { identities } = state;
  $('demo').hidden = identities.length === 0;
  const masthead = $('masthead');
  masthead.className = identities.length > 0 ? 'masthead demo' : 'masthead';
  masthead.textContent = identities.length > 0 ? words().mastheadDemo : words().masthead;
  replace(
    $('identities').tHead,
    element('tr', {}, [
      element('th', { scope: 'col', text: words().who }),
      element('th', { scope: 'col', text: words().address }),
    ]),
  );
  replace(
    $('identities').tBodies[0],
    ...identities.map(({ who, address, href }) =>
      element('tr', {}, [
        element('th', { scope: 'row', text: who() }),
        element('td', {}, [
          href
            ? element('a', { className: 'address', href, text: address })
            : element('span', { className: 'address', text: address }),
        ]),
      ]),
    ),
  );
}

function show() {
  showWords();
  showHealth();
  showFacts();
  showFigures();
  showCities();
  showRefused();
  showIdentities();
}

/* ---------------------------------------------------------------- what is asked */

/** Ready, or which parts are not: a part that only lags behind still shows figures. */
async function readHealth() {
  const answer = await fetch('/health/ready', { cache: 'no-store' });
  if (answer.ok) return 'good';
  return state.chain ? 'warn' : 'bad';
}

/** The country by province; when all is in one province, that province by city. */
async function readSummary() {
  const country = await get('/v1/reports/summary?group=region');
  const provinces = country.rows.filter(({ key }) => key !== null);
  if (provinces.length !== 1) return country;
  const [{ key, name }] = provinces;
  const inside = await get(`/v1/reports/summary?group=region&region=${encodeURIComponent(key)}`);
  return { ...inside, total: country.total, ownName: name[state.lang] };
}

async function readIdentities() {
  const { items } = await get('/v1/series?limit=100');
  // The demo of a province comes before those of its cities.
  const [authority] = items
    .filter(({ demo }) => demo)
    .map((series) => series.authority)
    .sort((one, other) => one.length - other.length);
  if (authority === undefined) return [];
  const [issuer, merchants, payments] = await Promise.all([
    get(`/v1/authorities/${authority}`),
    get(`/v1/merchants?region=${authority}&status=active&limit=3`),
    get('/v1/payments?state=final&limit=1'),
  ]);
  return [
    ...issuer.officers.map(({ id, keys: [first] }) => ({
      who: () => words().officer(issuer.name, id),
      address: first?.wallet ?? first?.id ?? '',
      href: `/v1/authorities/${authority}`,
    })),
    ...merchants.items.map(({ id, name }) => ({
      who: () => words().merchant(name ?? ''),
      address: id,
      href: `/v1/merchants/${id}`,
    })),
    ...payments.items.map(({ payer }) => ({
      who: () => words().resident,
      address: payer,
      href: `/v1/accounts/${payer}/holdings`,
    })),
  ];
}

let identitiesAt = 0;

async function refresh() {
  const started = performance.now();
  try {
    state.chain = await get('/v1/chain');
    state.health = await readHealth();
    state.summary = await readSummary();
    if (state.refusals.size === 0) {
      const { items } = await get('/v1/refusals');
      state.refusals = new Map(items.map((item) => [item.code, item]));
    }
    if (Date.now() - identitiesAt > IDENTITIES_EVERY_MS) {
      identitiesAt = Date.now();
      state.identities = await readIdentities();
    }
    $('problem').hidden = true;
  } catch (error) {
    const isReachable = error.status !== undefined;
    if (!isReachable) state.health = 'bad';
    $('problem').hidden = false;
    const text = isReachable ? `${words().failed}: ${error.message}` : words().unreachable;
    if ($('problem').textContent !== text) $('problem').textContent = text;
    show();
    return FAILED_EVERY_MS;
  }
  show();
  return Math.max(EVERY_MS, SHARE * (performance.now() - started));
}

/** One request at a time; the page asks nothing while it is hidden. */
async function keepFresh() {
  for (;;) {
    const wait = document.hidden ? EVERY_MS : await refresh();
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function chosenLanguage() {
  try {
    const stored = localStorage.getItem(LANGUAGE);
    if (stored === 'ko' || stored === 'en') return stored;
  } catch {
    // Storage may be forbidden; the browser's language will do.
  }
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

for (const button of document.querySelectorAll('[data-lang]')) {
  button.addEventListener('click', () => {
    state.lang = button.dataset.lang;
    try {
      localStorage.setItem(LANGUAGE, state.lang);
    } catch {
      // Then it is chosen again at the next visit.
    }
    show();
  });
}

state.lang = chosenLanguage();
show();
void keepFresh();
