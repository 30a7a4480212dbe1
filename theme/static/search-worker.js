// The search engine of the site, in a worker of its own. Pagefind finds the terms of a query in the index; this module
// writes queries as terms, puts what was found together exactly, filters, orders, counts, and makes excerpts.
//
// The index is cut into shards (plugins/portal/search). A term is a pair of neighbouring characters or a single one;
// a phrase is held where its pairs stand one after another. What is normalised and written here must equal what
// plugins/portal/search/normal.py and terms.py make: tests/search holds the two together.

// ── one spelling ───────────────────────────────────────────────────────────

const OPENING = "([{〔【〖〘〚";
const CLOSING = ")]}〕】〗〙〛";
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u;

let traditional = new Map(); // loaded when a character that may be Traditional is met

export function fold(text) {
  // Unicode's case folding: Cherokee folds to its capitals, and ı stays as it is.
  const lower = (part) => part.replace(/ẞ/g, "ss").toUpperCase().toLowerCase().replace(/ς/g, "σ");
  return text
    .normalize("NFKC")
    .split(/([ı\u13a0-\u13ff\uab70-\uabbf]+)/)
    .map((part, number) => (number % 2 ? part.replace(/[\u13f8-\u13fd\uab70-\uabbf]/g, (c) => c.toUpperCase()) : lower(part)))
    .join("")
    .normalize("NFKC");
}

export function normalise(text) {
  let normal = "";
  for (const character of fold(text)) {
    if (OPENING.includes(character)) normal += "(";
    else if (CLOSING.includes(character)) normal += ")";
    else if (!UNSEEN.test(character)) normal += traditional.get(character) ?? character;
  }
  // Once more: what stood on both sides of something removed may be one character now.
  return normal.normalize("NFKC");
}

// The characters of GB2312 are Simplified but for a few, which the manifest names: only others need OpenCC's table.
let simplified;
function mayBeTraditional(text) {
  if (!simplified) {
    const codes = new Uint8Array((0xf8 - 0xb0) * (0xff - 0xa1) * 2);
    let end = 0;
    for (let row = 0xb0; row < 0xf8; row += 1) {
      for (let cell = 0xa1; cell < 0xff; cell += 1) {
        codes[end++] = row;
        codes[end++] = cell;
      }
    }
    simplified = new Set(new TextDecoder("gb18030").decode(codes));
    for (const character of manifest.traditional.also) simplified.delete(character);
  }
  return [...text.normalize("NFKC")].some((character) => character > "\u3400" && !simplified.has(character));
}

async function foldable(text) {
  if (!traditional.size && mayBeTraditional(text)) {
    setTraditional(await (await bytes(manifest.traditional.address)).text());
  }
}

export function setTraditional(pairs) {
  const characters = [...pairs.trim()];
  traditional = new Map();
  clusters.clear();
  for (let number = 0; number < characters.length; number += 2) traditional.set(characters[number], characters[number + 1]);
}

// ── terms ──────────────────────────────────────────────────────────────────

const LETTERS = new Map();
{
  const direct = [];
  for (let code = 0x21; code < 0x7f; code += 1) direct.push(String.fromCharCode(code));
  direct.push(..."。、《》〈〉“”‘’—·");
  direct.forEach((character, number) => LETTERS.set(character, String.fromCharCode(0xa000 + number)));
}
const BASE = 104;

function letters(character) {
  const code = character.codePointAt(0);
  if ((code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf)) return character;
  const direct = LETTERS.get(character);
  if (direct) return direct;
  const rest = code % (BASE * BASE);
  return String.fromCharCode(
    0xa080 + Math.floor(code / (BASE * BASE)),
    0xa0f0 + Math.floor(rest / BASE),
    0xa160 + (rest % BASE),
  );
}

export function spread(characters, among) {
  let value = 0;
  for (const character of characters) value = Math.imul(value ^ character.codePointAt(0), 0x9e3779b1) >>> 0;
  return (value >>> 8) % among;
}

const bucketLetters = (number) => String.fromCharCode(0xa200 + Math.floor(number / 64), 0xa280 + (number % 64));

const NUMBER = "\ua1d0";
const EVERY = "\ua1d1";
const END = "\ua48b"; // so that no term is the beginning of another: Pagefind would take one for the other
const FILLER = "\ua48c";
const CLASSES = 4096;

// How a shard writes terms: pairs with their places, then words as a whole (plugins/portal/search/terms.py).
export function spelling({ placed, whole }) {
  const written = (characters) => [...characters].map(letters).join("");
  const before = (characters) => bucketLetters(placed + spread(characters, whole));
  return {
    pair: (characters) => bucketLetters(spread(characters, placed)) + written(characters),
    word: (characters) => before(characters) + written(characters) + END,
    number: (groups) => before(groups.join("-")) + NUMBER + written(groups.join("-")) + END,
    every: () => before("") + EVERY + END,
  };
}

// The words of a query, normalised: separated by white space; "in straight quotes" a phrase with spaces is one word.
const WORD = /"([^"]+)"|([^\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+)/g;

export function wordsOf(query) {
  const found = [...query.matchAll(WORD)].map((match) => normalise(match[1] ?? match[2]));
  return [...new Set(found.filter(Boolean))];
}

// 2015 and 12 of 鲁科字〔2015〕12号, however it is written; leading zeros do not count.
export function digitsOf(words) {
  return (words.join(" ").match(/[0-9]+/g) ?? []).filter((digits) => digits.length <= 18).map((digits) => String(BigInt(digits)));
}

// Every second pair, and the last: together they hold each character of a word of two or more.
export function cover(word) {
  const characters = [...word];
  const found = [];
  for (let at = 0; at + 1 < characters.length; at += 2) found.push([at, characters[at] + characters[at + 1]]);
  if (characters.length % 2 && characters.length > 1) found.push([characters.length - 2, characters.slice(-2).join("")]);
  return found;
}

// ── the index: manifest, head, shards ──────────────────────────────────────

const FACETS = ["kind", "validity", "theme", "organ", "year", "genre", "holds"];
const ENDED = new Set(["废止", "失效"]);

let manifest;
let createInstance;
let shards = [];
let byId = new Map();
let engineReady; // Pagefind's WebAssembly, loaded by the first instance
const network = globalThis.fetch?.bind(globalThis);

async function bytes(address, options) {
  let answer;
  try {
    answer = await network(address, options);
  } catch (error) {
    throw new Error(`${address}: ${error.message}`);
  }
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

// A file in Pagefind's format, unpacked here: Pagefind takes what is cut off, or another's page, for an empty index.
async function unpacked(address) {
  const packed = await (await bytes(address)).arrayBuffer();
  const data = "DecompressionStream" in self ? await inflate(packed) : packed;
  const begin = new Uint8Array(data, 0, Math.min(12, data.byteLength));
  const whole = data === packed ? begin[0] === 0x1f && begin[1] === 0x8b : new TextDecoder().decode(begin) === "pagefind_dcd";
  if (!whole) throw new Error(`${address}: damaged`);
  return new Response(data);
}

const inflate = (packed) =>
  new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

// Pagefind asks for its files by these names; what is already here is not fetched again for every shard.
async function transport(input, init) {
  const { pathname } = new URL(String(input.url ?? input), self.location.href);
  const [, id, name] = pathname.match(/^\/search\/shards\/([0-9a-f]+)\/(.+)$/) ?? [];
  if (!id) return network(input, init);
  const shard = byId.get(id);
  if (!shard) throw new Error(`${pathname}: no longer in the index`); // of a site that was published over
  if (name === "pagefind-entry.json") {
    const unknown = { hash: "head", wasm: null, page_count: shard.pageRow.length };
    return new Response(JSON.stringify({ version: manifest.version, languages: { unknown }, include_characters: [] }));
  }
  if (name.endsWith(".pf_meta")) return new Response(new Blob(["pagefind_dcd", shard.meta]));
  if (name.startsWith("wasm.")) {
    // One engine serves all shards: once it runs, Pagefind ignores what it is given here.
    if (!shard.first) return new Response("pagefind_dcd");
    return unpacked(`${manifest.pagefind}${name}`);
  }
  try {
    return await unpacked(pathname);
  } catch (error) {
    shard.lost = error; // Pagefind would say nothing of it, and find too little
    throw error;
  }
}

async function load() {
  const found = await (await bytes("/search/index.json", { cache: "no-cache" })).json();
  const engine = import(`${found.pagefind}pagefind.js`);
  engine.catch(() => {}); // awaited below; the head may fail first
  const packed = "DecompressionStream" in self;
  const answer = await (await bytes(found.head + (packed ? ".packed" : ""))).arrayBuffer();
  const buffer = packed ? await inflate(answer) : answer;
  const size = new DataView(buffer).getUint32(0);
  const table = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  let at = 4 + size;
  let row = 0;
  const made = table.shards.map((described, number) => {
    const shard = readShard(described, new Uint8Array(buffer, at, described.meta), row);
    shard.first = number === 0;
    at += described.meta;
    row += shard.rows.length;
    return shard;
  });
  if (made.length) ({ createInstance } = await engine);
  // From here on without a pause: no call sees half of the old index and half of the new one.
  if (manifest?.traditional.address !== found.traditional.address) traditional = new Map();
  manifest = found;
  shards = made;
  byId = new Map(shards.map((shard) => [shard.id, shard]));
  values = {};
  for (const facet of FACETS) values[facet] = [...new Set(shards.flatMap((shard) => shard.rows.flatMap((row) => row[facet])))];
  engineReady = undefined;
  asked = undefined;
}

let values = {}; // of every facet, those that occur

const listed = (value) => (Array.isArray(value) ? value : value === -1 ? [] : [value]);

function readShard(described, meta, firstRow) {
  const frequent = described.frequent.match(/../g).map((byte) => parseInt(byte, 16));
  const shard = { id: described.id, spelling: spelling(described), frequent, meta, rows: [], pageRow: [], pageSource: [], lost: undefined, terms: new Map(), data: new Map() };
  let minute = 0;
  described.date.forEach((step, number) => {
    minute = number ? minute - step : -step;
    const row = { shard, id: firstRow + number, minute, title: described.title[number], page: shard.pageRow.length };
    for (const facet of FACETS) row[facet] = listed(described[facet][number]).map((word) => described.words[facet][word]);
    row.ended = row.validity.some((value) => ENDED.has(value));
    listed(described.parts[number]).forEach((parts, source) => {
      for (let part = 0; part < parts; part += 1) {
        shard.pageRow.push(row);
        shard.pageSource.push(source);
      }
    });
    shard.rows.push(row);
  });
  return shard;
}

function instance(shard) {
  shard.instance ??= (async () => {
    if (!shard.first) await engine();
    const made = createInstance({ basePath: `/search/shards/${shard.id}/`, baseUrl: "/", noWorker: true });
    // Wait until its WebAssembly runs: a second one before that would replace it. No file of the index has this word.
    // (Searching for nothing would load them all.)
    await made.search(FILLER);
    return made;
  })();
  return shard.instance;
}

const engine = () => (engineReady ??= instance(shards[0]));

// The pages of a shard that hold a term, each with the places at which it stands. Quoted, it is looked up as it is, and
// only its first place on a page is told, which is enough for a word as a whole.
const held = (shard, term) => places(shard, `"${term}"`);

function places(shard, term) {
  let found = shard.terms.get(term);
  if (!found) {
    found = (async () => {
      const { results } = await (await instance(shard)).search(term);
      if (shard.lost) throw shard.lost;
      for (const result of results) shard.data.set(Number(result.id), result.data);
      return new Map(results.map((result) => [Number(result.id), result.words]));
    })();
    shard.terms.set(term, found);
  }
  return found;
}

// ── matching ───────────────────────────────────────────────────────────────

// Of a word as a whole the one place says how much a page holds it: in its title, or how often at least.
const TIMES = [1, 1, 3, 8];

function isFrequent(shard, pair) {
  const number = spread(pair, CLASSES);
  return Boolean(shard.frequent[number >> 3] & (1 << (number & 7)));
}

// Whether a word is a term as a whole in a shard: it needs no places then.
function isWhole(shard, characters) {
  if (characters.length < 3) return true;
  if (characters.length > 4) return false;
  return isFrequent(shard, characters.slice(0, 2).join("")) && isFrequent(shard, characters.slice(-2).join(""));
}

// Page → { at: places at which a word begins, times }. Of a word as a whole no place is known, but whether the title has it.
async function matches(shard, word) {
  const found = new Map();
  if (isWhole(shard, [...word])) {
    for (const [page, [much]] of await held(shard, shard.spelling.word(word))) {
      found.set(page, { at: much === 0 ? [0] : [], times: TIMES[much] });
    }
  } else {
    for (const [page, at] of await standing(shard, cover(word))) found.set(page, { at, times: at.length });
  }
  return found;
}

// Page → places from which on all pairs stand.
async function standing(shard, pairs) {
  // Of a long word two pairs rule nearly every shard out; only where they stand right are the others fetched.
  const first = pairs.length > 3 ? 2 : pairs.length;
  let found = await narrow(shard, undefined, pairs.slice(0, first));
  for (let at = first; found.size && at < pairs.length; at += 8) found = await narrow(shard, found, pairs.slice(at, at + 8));
  return found;
}

async function narrow(shard, found, pairs) {
  const answers = await Promise.all(pairs.map(([, pair]) => places(shard, shard.spelling.pair(pair))));
  return answers.reduce((kept, answer, number) => refine(kept, answer, pairs[number][0]), found);
}

// Keep the beginnings from which `offset` characters on the next pair stands.
function refine(found, answer, offset) {
  const kept = new Map();
  for (const [page, at] of answer) {
    if (!found) kept.set(page, at.map((place) => place - offset));
    else if (found.has(page)) {
      const here = new Set(at);
      const starts = found.get(page).filter((start) => here.has(start + offset));
      if (starts.length) kept.set(page, starts);
    }
  }
  return kept;
}

// What a shard holds of a query: row → { row, score, title, pages } for records that hold every word.
async function hits(shard, words) {
  let found;
  for (let from = 0; from < words.length && found?.size !== 0; from += 3) {
    const answers = await Promise.all(words.slice(from, from + 3).map((word) => matches(shard, word)));
    answers.forEach((answer, number) => {
      found = join(found, byRow(shard, answer, words[from + number]));
    });
  }
  return found;
}

function byRow(shard, answer, word) {
  const rows = new Map();
  const length = [...word].length;
  for (const [page, { at, times }] of answer) {
    const row = shard.pageRow[page];
    const hit = rows.get(row.id) ?? { row, times: 0, title: 0, pages: [] };
    hit.times += times;
    hit.pages.push(page);
    // The title stands at the beginning of a record's first page.
    if (page === row.page && length > 1 && at.some((start) => start + length <= row.title)) hit.title = length / row.title;
    rows.set(row.id, hit);
  }
  for (const hit of rows.values()) hit.score = Math.log2(1 + hit.times);
  return rows;
}

function join(found, rows) {
  if (!found) return rows;
  const both = new Map();
  for (const [id, hit] of rows) {
    const other = found.get(id);
    if (!other) continue;
    const shared = other.pages.filter((page) => hit.pages.includes(page)); // a part with all the words explains best
    both.set(id, {
      row: hit.row,
      score: hit.score + other.score,
      title: hit.title && other.title && hit.title + other.title,
      pages: shared.length ? shared : [...other.pages, ...hit.pages],
    });
  }
  return both;
}

// ── answering a query ──────────────────────────────────────────────────────

let asked; // { query, words, answered: Map(shard → hits), numbered: Set(row ids) }
let shown = { rows: [], related: [] }; // what the last search showed, in order

async function prepare(query) {
  if (asked?.query === query) return asked;
  await foldable(query);
  asked = { query, words: wordsOf(query), answered: new Map(), numbered: new Set() };
  return asked;
}

async function answer(ask, wanted) {
  const digits = digitsOf(ask.words);
  const named = digits.length > 0 && digits.length < 7; // no document has a longer number
  await Promise.all(
    wanted.map(async (shard) => {
      if (ask.answered.has(shard)) return;
      const [found, pages] = await Promise.all([
        hits(shard, ask.words),
        named ? held(shard, shard.spelling.number(digits)) : new Map(),
      ]);
      for (const page of pages.keys()) ask.numbered.add(shard.pageRow[page].id);
      ask.answered.set(shard, found);
    }),
  );
}

const newestFirst = (a, b) => b.row.minute - a.row.minute || a.row.id - b.row.id;

const isDocument = ({ row }) => row.kind.includes("公开目录");

// What a reader named by its number first; what is in force before what has ended; titles before texts: the very title,
// then documents before what is said of them, then those of which the words make up the most. Then how often the words
// stand in it, and the newest.
const byRelevance = (numbered) => (a, b) =>
  numbered.has(b.row.id) - numbered.has(a.row.id) ||
  a.row.ended - b.row.ended ||
  (b.title === 1) - (a.title === 1) ||
  (b.title > 0) - (a.title > 0) ||
  (a.title > 0 && isDocument(b) - isDocument(a)) ||
  b.title - a.title ||
  Math.round(b.score) - Math.round(a.score) ||
  newestFirst(a, b);

function passes(row, chosen, except) {
  return FACETS.every((facet) => facet === except || !chosen[facet]?.length || row[facet].some((value) => chosen[facet].includes(value)));
}

// For each facet how many results each value would leave, given the choices in the other facets.
function count(found, chosen) {
  const counts = {};
  for (const facet of FACETS) {
    counts[facet] = {};
    for (const { row } of found) {
      if (passes(row, chosen, facet)) for (const value of row[facet]) counts[facet][value] = (counts[facet][value] ?? 0) + 1;
    }
  }
  return counts;
}

async function search({ query = "", chosen = {}, sort = "relevance" }) {
  const ask = await prepare(query.trim());
  let all;
  let whole = true;
  if (!ask.words.length) {
    // Nothing that can be seen was typed: everything is listed. A query of invisible characters finds nothing.
    all = ask.query ? [] : shards.flatMap((shard) => shard.rows.map((row) => ({ row, score: 0, title: 0, pages: [row.page] })));
  } else {
    // A shard without a record that the filters let pass is not asked.
    const wanted = shards.filter((shard) => ask.answered.has(shard) || shard.rows.some((row) => passes(row, chosen)));
    whole = wanted.length === shards.length;
    await answer(ask, wanted);
    all = wanted.flatMap((shard) => [...ask.answered.get(shard).values()]);
  }
  const rows = all.filter(({ row }) => passes(row, chosen));
  rows.sort(!ask.words.length || sort === "date" ? newestFirst : byRelevance(ask.numbered));
  shown = { rows, related: [], words: ask.words, ask, chosen, exact: new Set(all.map(({ row }) => row.id)) };
  return { total: rows.length, counts: count(all, chosen), whole, values };
}

const FEW = 3; // with fewer results than this, near matches are looked for
const RELATED = 10;
const ENOUGH = 0.6; // of the pairs of a query that a near match holds
const TITLED = 0.8; // of a title that a query without its marks makes up, when it is that title
const PAIRS = 12;

// Beside the results of the last search: the documents that it names by number or title in another spelling (《…》 around a
// title, 2024年1号 for 〔2024〕1号), what holds its words without punctuation, and what holds most of its pairs.
async function near() {
  const search = shown;
  const { ask, chosen, exact, rows, words } = search;
  const wanted = shards.filter((shard) => shard.rows.some((row) => passes(row, chosen)));
  const other = ({ row }) => !exact.has(row.id) && passes(row, chosen);
  let loose = [];
  const plain = [...new Set(words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u)).filter(Boolean))];
  if (plain.length && plain.join(" ") !== words.join(" ")) {
    const without = { query: plain.join(" "), words: plain, answered: new Map(), numbered: new Set() };
    await answer(without, wanted);
    loose = wanted.flatMap((shard) => [...without.answered.get(shard).values()]).filter(other).sort(byRelevance(new Set()));
  }
  const numbered = wanted
    .flatMap((shard) => shard.rows.filter((row) => ask.numbered.has(row.id)))
    .map((row) => ({ row, score: 0, title: 0, pages: [row.page] }));
  const leads = [...numbered.filter(other), ...loose.filter(({ title }) => title >= TITLED)];
  const found = rows.length < FEW ? [...leads, ...loose] : leads;
  if (!rows.length && !found.length) found.push(...(await nearly(words, chosen, wanted)).filter(other));
  search.related = [...new Map(found.map((hit) => [hit.row.id, hit])).values()].slice(0, RELATED);
  search.plain = loose.length ? plain : words;
  return { related: search.related.length, lead: leads.length > 0 };
}

// Some pairs of letters of a query, from all of it. Digits tell nothing: they are in every sum of money.
function tellingPairs(words) {
  const found = new Set();
  for (const word of words) {
    let before = "";
    for (const character of word) {
      if (/^\p{L}{2}$/u.test(before + character)) found.add(before + character);
      before = character;
    }
  }
  const pairs = [...found];
  const step = Math.max(1, Math.ceil(pairs.length / PAIRS));
  return pairs.filter((_, number) => number % step === 0);
}

// Records that hold most of the pairs of a query, though not the query.
async function nearly(words, chosen, wanted) {
  const telling = tellingPairs(words);
  if (telling.length < 2) return [];
  const found = new Map();
  await Promise.all(
    wanted.map(async (shard) => {
      const answers = await Promise.all(telling.map((pair) => held(shard, shard.spelling.word(pair))));
      for (const answer of answers) {
        const seen = new Set();
        for (const page of answer.keys()) {
          const row = shard.pageRow[page];
          const hit = found.get(row.id) ?? { row, score: 0, title: 0, pages: [], held: new Map() };
          if (!seen.has(row.id)) hit.score += 1;
          seen.add(row.id);
          hit.held.set(page, (hit.held.get(page) ?? 0) + 1);
          found.set(row.id, hit);
        }
      }
    }),
  );
  const close = [...found.values()].filter(({ score }) => score >= telling.length * ENOUGH);
  for (const hit of close) hit.pages = [...hit.held].sort((a, b) => b[1] - a[1]).map(([page]) => page).slice(0, 1);
  return close.sort(byRelevance(new Set()));
}

// ── results as the page shows them ─────────────────────────────────────────

const EXCERPT = 110; // characters
const BEFORE = 24; // of them before the first word found

const clusters = new Map(); // a character with its marks → its normal form

// A text with its normal form, and for each unit of that where it stands in the text.
function located(text) {
  let normal = "";
  const from = [];
  for (const { 0: cluster, index } of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    let folded = clusters.get(cluster);
    if (folded === undefined) clusters.set(cluster, (folded = normalise(cluster)));
    for (let unit = 0; unit < folded.length; unit += 1) from.push([index, index + cluster.length]);
    normal += folded;
  }
  return { text, normal, from };
}

// The stretches of a text that hold one of the words, in order, those that overlap joined.
function stretches({ normal, from }, words) {
  const found = [];
  for (const word of words) {
    for (let at = normal.indexOf(word); at >= 0; at = normal.indexOf(word, at + word.length)) {
      found.push([from[at][0], from[at + word.length - 1][1]]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const joined = [];
  for (const [start, end] of found) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

// [[text, whether it was searched for], …] of a part of a text.
function marked(text, found, start = 0, end = text.length) {
  const parts = [];
  let at = start;
  for (const [from, to] of found) {
    if (to <= start || from >= end) continue;
    if (from > at) parts.push([text.slice(at, from), false]);
    parts.push([text.slice(Math.max(from, at), Math.min(to, end)), true]);
    at = Math.min(to, end);
  }
  if (at < end) parts.push([text.slice(at, end), false]);
  return parts;
}

const markedWhole = (text, words) => marked(text, stretches(located(text), words));

// Up to two blocks that hold the most of the words, cut to what a reader takes in.
function excerpts(blocks, words) {
  const read = blocks.map((text) => ({ text, normal: normalise(text) }));
  const left = new Set(words);
  const found = [];
  while (left.size && found.length < 2) {
    let best;
    for (const block of read) {
      const held = [...left].filter((word) => block.normal.includes(word));
      // A sentence explains more than a keyword.
      const worth = held.length && held.length * 100 + Math.min(block.text.length, 60);
      if (worth > (best?.worth ?? 0)) best = { block, held, worth };
    }
    if (!best) break;
    for (const word of best.held) left.delete(word);
    found.push(cut(located(best.block.text), words));
  }
  return found;
}

function cut(block, words) {
  const found = stretches(block, words);
  const { text } = block;
  let start = Math.max(0, (found[0]?.[0] ?? 0) - BEFORE);
  if (start < 6) start = 0;
  let end = Math.min(text.length, Math.max(start + EXCERPT, Math.min(found[0]?.[1] ?? 0, start + 3 * EXCERPT)));
  if (text.length - end < 6) end = text.length;
  // Not in the middle of a surrogate pair.
  if (/[\udc00-\udfff]/.test(text[start] ?? "")) start -= 1;
  if (/[\udc00-\udfff]/.test(text[end] ?? "")) end += 1;
  const parts = marked(text, found, start, end);
  if (start > 0) parts.unshift(["……", false]);
  if (end < text.length) parts.push(["……", false]);
  return parts;
}

async function fragment(shard, page) {
  if (!shard.data.has(page)) await held(shard, shard.spelling.every());
  return shard.data.get(page)();
}

async function card({ row, pages }, words) {
  // The part of the text that is shown: of the record itself rather than of an attachment.
  const [page] = [...pages].sort((a, b) => row.shard.pageSource[a] - row.shard.pageSource[b] || a - b);
  const { meta, content, raw_url: url } = await fragment(row.shard, page);
  await foldable(meta.title + content); // a text in Traditional characters is marked for a query in Simplified ones
  const stated = new Set([meta.title, meta.doc_no, meta.index_no, meta.organ]);
  const blocks = content.split("\n");
  const told = page === row.page ? blocks.filter((block, number) => number > 4 || !stated.has(block)) : blocks;
  const texts = words.length ? excerpts(told, words) : [];
  // Found in a keyword or cell alone, in what the result states anyway, or browsing: the beginning of the text tells more.
  const first = told.find((block) => block.length > 30) ?? told[0];
  if (first && texts.every((parts) => parts.map(([text]) => text).join("").length < 12)) texts.push(cut(located(first), words));
  return {
    url,
    title: markedWhole(meta.title, words),
    kind: meta.kind,
    date: meta.date,
    organ: meta.organ,
    docNo: meta.doc_no ? markedWhole(meta.doc_no, words) : [],
    indexNo: meta.index_no ? markedWhole(meta.index_no, words) : [],
    validity: row.validity[0] ?? "",
    attachments: row.holds.includes("有附件"),
    attachment: meta.attachment ? { title: markedWhole(meta.attachment, words), url: meta.file } : null,
    excerpts: texts,
  };
}

async function cards({ from = 0, count: wanted = 10, related = false }) {
  const rows = (related ? shown.related : shown.rows).slice(from, from + wanted);
  const { words, plain = words } = shown;
  const pairs = plain === words ? plain.flatMap((word) => cover(word).map(([, pair]) => pair)) : plain;
  return Promise.all(rows.map((hit) => card(hit, related ? [...new Set(pairs)] : words)));
}

// Titles that hold what was typed so far, for a list under the search box.
async function suggest({ query, count: wanted = 6 }) {
  await foldable(query);
  const ask = { query, words: wordsOf(query), answered: new Map(), numbered: new Set() };
  if (ask.words.join("").length < 2) return [];
  await answer(ask, shards);
  const titled = [...ask.answered.values()].flatMap((found) => [...found.values()]);
  const best = titled.filter(({ row, title }) => title || ask.numbered.has(row.id)).sort(byRelevance(ask.numbered)).slice(0, wanted);
  return Promise.all(best.map((hit) => card({ ...hit, pages: [hit.row.page] }, ask.words)));
}

// ── speaking with the page ─────────────────────────────────────────────────

let opened;

async function open() {
  await reload();
  return { values, total: shards.reduce((sum, shard) => sum + shard.rows.length, 0), lists: manifest.lists };
}

// Two calls that fail together load once.
function reload() {
  const mine = (opened ??= load().finally(() => {
    opened = undefined;
  }));
  return mine;
}

// For the proof that search is exact (portal recall): every result as shard and row.
const results = () => shown.rows.map(({ row }) => [shards.indexOf(row.shard), row.id - row.shard.rows[0].id]);

const METHODS = { open, search, near, cards, suggest, results };

// A site that was published again has other files: its new manifest is read, once, and the question asked again.
async function call(method, argument) {
  if (method !== "open") await opened;
  try {
    return await METHODS[method](argument);
  } catch (error) {
    if (method === "open" || method === "results") throw error;
    await reload();
    if (method === "cards" || method === "near") throw error; // what was shown is gone; the page asks again
    return METHODS[method](argument);
  }
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.fetch = transport;
  self.addEventListener("message", async ({ data: { id, method, argument } }) => {
    try {
      self.postMessage({ id, result: await call(method, argument) });
    } catch (error) {
      self.postMessage({ id, error: String(error?.message ?? error) });
    }
  });
}
