// The search engine of the site, in a worker of its own. Pagefind finds the terms of a query in the index (engine-index.js);
// everything else is made here and in the modules below: queries written as terms (engine-normal.js, engine-terms.js), what
// was found put together exactly (engine-matching.js), filtered, ordered and counted (engine-asking.js), what is near
// (engine-near.js), and excerpts (engine-cards.js). The page calls the methods below by messages.

import { Superseded, answers, ask, askWords, byRelevance, count, newestFirst, passes } from "./engine-asking.js";
import { card } from "./engine-cards.js";
import { foldable, fragment, load, shards, site, transport } from "./engine-index.js";
import { near } from "./engine-near.js";
import { normalise } from "./engine-normal.js";
import { wordsOf } from "./engine-terms.js";

const LOOKED = 12; // numbers that are read for one suggestion

let shown = { rows: [], asked: { words: [] } }; // the last search: what it asked and found, in order
let beside = { rows: [], words: [] }; // what is near to it
let turn = 0; // of searches: what belongs to an earlier one is given up
let typed = 0; // of suggestions, so too

async function open({ manifest } = {}) {
  await reload(manifest);
  return { site };
}

async function search({ query = "", chosen = {}, sort = "relevance" }) {
  const mine = ++turn;
  const asked = await ask(query.trim(), () => mine === turn);
  let all;
  let whole = true;
  if (!asked.words.length) {
    // Nothing that can be seen was typed: everything is listed. A query of invisible characters finds nothing.
    all = asked.query ? [] : shards.flatMap(({ rows }) => rows.map((row) => ({ row, score: 0, title: 0, pages: [row.page] })));
  } else {
    // A shard without a record that the filters let pass is not asked.
    const wanted = shards.filter((shard) => asked.answered.has(shard) || shard.rows.some((row) => passes(row, chosen)));
    whole = wanted.length === shards.length;
    all = await answers(asked, wanted);
  }
  const rows = all.filter(({ row }) => passes(row, chosen));
  rows.sort(!asked.words.length || sort === "date" ? newestFirst : byRelevance(asked.numbered));
  shown = { asked, chosen, rows, exact: new Set(all.map(({ row }) => row.id)) };
  beside = { rows: [], words: [] };
  return { total: rows.length, counts: count(all, chosen), whole, site };
}

// Beside the results of the last search.
async function related() {
  const search = shown;
  const mine = turn;
  const found = await near(search, () => mine === turn);
  if (search === shown) beside = found;
  const { rows, total, how, plain } = found;
  return { related: rows.length, total, how, plain };
}

// The reader has asked for something else, which will be sent when this is given up.
const drop = () => void (turn += 1);

async function cards({ from = 0, count: wanted = 10, related: near = false }) {
  const { rows, words } = near ? beside : { rows: shown.rows, words: shown.asked.words };
  return Promise.all(rows.slice(from, from + wanted).map((hit) => card(hit, words)));
}

// Documents whose title holds what was typed so far, or whose number does, for a list under the search box.
async function suggest({ query, count: wanted = 6 }) {
  await foldable(query);
  const words = wordsOf(query);
  if (words.join("").length < 2) return [];
  const mine = ++typed;
  const during = turn;
  const asked = askWords(words, () => mine === typed && during === turn);
  const found = (await answers(asked, shards)).sort(byRelevance(asked.numbered));
  const named = ({ row, title }) => title > 0 || asked.numbered.has(row.id);
  const best = found.filter(named).slice(0, wanted);
  if (best.length < wanted) {
    const others = found.filter((hit) => hit.number && !named(hit)).slice(0, LOOKED);
    const numbered = await Promise.all(others.map((hit) => inNumbers(hit, words)));
    best.push(...others.filter((_, place) => numbered[place]).slice(0, wanted - best.length));
  }
  return Promise.all(best.map((hit) => card({ ...hit, pages: [hit.row.page] }, words)));
}

async function inNumbers({ row }, words) {
  const { meta } = await fragment(row.shard, row.page);
  const numbers = [meta.doc_no, meta.index_no].filter(Boolean);
  await foldable(numbers.join(""));
  const written = numbers.map(normalise);
  return words.every((word) => written.some((one) => one.includes(word)));
}

// For the proof that search is exact (portal recall): every result as shard and row.
const results = () => shown.rows.map(({ row }) => [shards.indexOf(row.shard), row.id - row.shard.rows[0].id]);

// ── speaking with the page ─────────────────────────────────────────────────

const METHODS = { open, search, near: related, cards, suggest, drop, results };

let opened;

// Two calls that fail together load once.
function reload(manifest) {
  opened ??= load(manifest).finally(() => {
    opened = undefined;
  });
  return opened;
}

// A site that was published again has other files: its new manifest is read, once, and the question asked again.
async function call(method, argument) {
  if (method !== "open") await opened;
  const before = shards;
  try {
    return await METHODS[method](argument);
  } catch (error) {
    if (method === "open" || method === "results" || error instanceof Superseded) throw error;
    if (shards === before) await reload(); // else another call has, and this one failed for it
    if (method === "cards" || method === "near") throw error; // what was shown is gone; the page asks again
    return METHODS[method](argument);
  }
}

self.fetch = transport;
self.addEventListener("message", async ({ data: { id, method, argument } }) => {
  try {
    self.postMessage({ id, result: await call(method, argument) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.message ?? error) });
  }
});
