// The index as the site publishes it (plugins/portal/search): the manifest names the head, the head describes every record
// and the shards, and the files of a shard are fetched as questions need them. Pagefind reads those; what it would pass
// over in silence is noticed here.

import { mayBeTraditional, setTraditional } from "./engine-normal.js";
import { FILLER, spelling, spread } from "./engine-terms.js";

const FACETS = ["kind", "validity", "theme", "organ", "year", "genre", "holds"];
const ENDED = new Set(["废止", "失效"]);
const CLASSES = 4096;
const KEPT = 500; // terms of a shard whose places are kept

export { FACETS };
export let shards = []; // replaced as a whole when the site was published again
export let site = { values: {}, lists: {} }; // of every facet the values that occur, and the lists that can be followed

let manifest;
let wasm; // Pagefind's WebAssembly, on its way from the beginning
let table; // so too the Traditional characters, once a text may hold any
let createInstance;
let engineReady; // one engine serves all shards: it is loaded with the first
let byId = new Map();

// ── fetching ───────────────────────────────────────────────────────────────

const network = globalThis.fetch?.bind(globalThis);
const unpacks = "DecompressionStream" in globalThis;

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

const inflate = (packed) =>
  new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

// A file in Pagefind's format, unpacked here: Pagefind takes what is cut off, or another's page, for an empty index.
async function unpacked(address) {
  const packed = await (await bytes(address)).arrayBuffer();
  const data = unpacks ? await inflate(packed) : packed;
  const begin = new Uint8Array(data, 0, Math.min(12, data.byteLength));
  const whole = unpacks ? new TextDecoder().decode(begin) === "pagefind_dcd" : begin[0] === 0x1f && begin[1] === 0x8b;
  if (!whole) throw new Error(`${address}: damaged`);
  return new Response(data);
}

// Pagefind's `fetch`. It asks for its files by these names; what is already here is not fetched again for every shard.
export async function transport(input, init) {
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
  // Once the engine runs, Pagefind ignores what it is given here.
  if (name.startsWith("wasm.")) return shard === shards[0] ? wasm : new Response("pagefind_dcd");
  try {
    return await unpacked(pathname);
  } catch (error) {
    shard.lost = error; // Pagefind would say nothing of it, and find too little
    throw error;
  }
}

// ── opening ────────────────────────────────────────────────────────────────

// `given`: the manifest, where the page has asked for it already.
export async function load(given) {
  const found = given ?? (await (await bytes("/search/index.json", { cache: "no-cache" })).json());
  // All that the first question will need, at once; awaited below or by Pagefind, and the head may fail first.
  const script = import(`${found.pagefind}pagefind.js`);
  const engine = unpacked(`${found.pagefind}wasm.unknown.pagefind`);
  for (const promise of [script, engine]) promise.catch(() => {});
  const answer = await (await bytes(found.head + (unpacks ? ".packed" : ""))).arrayBuffer();
  const made = readHead(unpacks ? await inflate(answer) : answer);
  const { createInstance: create } = await script;
  // From here on without a pause: no call sees half of the old index and half of the new one.
  if (manifest?.traditional.address !== found.traditional.address) {
    setTraditional("");
    table = undefined;
  }
  [manifest, shards, wasm, createInstance, engineReady] = [found, made, engine, create, undefined];
  byId = new Map(shards.map((shard) => [shard.id, shard]));
  const values = {};
  for (const facet of FACETS) values[facet] = [...new Set(shards.flatMap(({ rows }) => rows.flatMap((row) => row[facet])))];
  site = { values, lists: manifest.lists };
}

// A length, that many bytes of JSON, and then Pagefind's tables of the shards (plugins/portal/search/head.py).
function readHead(buffer) {
  const size = new DataView(buffer).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  let at = 4 + size;
  let row = 0;
  return head.shards.map((described) => {
    const shard = readShard(described, new Uint8Array(buffer, at, described.meta), row);
    at += described.meta;
    row += shard.rows.length;
    return shard;
  });
}

const listed = (value) => (Array.isArray(value) ? value : value === -1 ? [] : [value]);

function readShard(described, meta, firstRow) {
  const shard = {
    id: described.id,
    spelling: spelling(described),
    frequent: described.frequent.match(/../g).map((byte) => parseInt(byte, 16)),
    meta,
    rows: [],
    pageRow: [], // page → its row, and whether it is of the record itself or of which attachment
    pageSource: [],
    instance: undefined,
    lost: undefined, // the error of a file that did not come
    terms: new Map(),
    data: new Map(), // page → what fetches its text
  };
  let minute = 0;
  described.date.forEach((step, number) => {
    minute = number ? minute - step : -step;
    const row = { shard, id: firstRow + number, minute, title: described.title[number], page: shard.pageRow.length };
    for (const facet of FACETS) row[facet] = listed(described[facet][number]).map((word) => described.words[facet][word]);
    row.ended = row.validity.some((value) => ENDED.has(value));
    row.attachments = row.holds.includes("有附件");
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

// ── looking up ─────────────────────────────────────────────────────────────

function isFrequent(shard, pair) {
  const number = spread(pair, CLASSES);
  return Boolean(shard.frequent[number >> 3] & (1 << (number & 7)));
}

// Whether a word is a term as a whole in a shard: it needs no places then.
export function isWhole(shard, word) {
  const characters = [...word];
  if (characters.length < 3) return true;
  if (characters.length > 4) return false;
  return isFrequent(shard, characters.slice(0, 2).join("")) && isFrequent(shard, characters.slice(-2).join(""));
}

function instance(shard) {
  shard.instance ??= (async () => {
    if (shard !== shards[0]) await engine();
    const made = createInstance({ basePath: `/search/shards/${shard.id}/`, baseUrl: "/", noWorker: true });
    // Wait until its WebAssembly runs: a second one before that would replace it. No file of the index has this word.
    // (Searching for nothing would load them all.)
    await made.search(FILLER);
    return made;
  })();
  return shard.instance;
}

const engine = () => (engineReady ??= instance(shards[0]));

// The pages of a shard that hold a term, each with the places at which it stands.
export function places(shard, term) {
  let found = shard.terms.get(term);
  if (!found) {
    found = (async () => {
      const { results } = await (await instance(shard)).search(term);
      // Of an index that was read again meanwhile, what did not come was noted on the new one.
      if (shard.lost || byId.get(shard.id) !== shard) throw shard.lost ?? new Error("the index was read again");
      for (const result of results) shard.data.set(Number(result.id), result.data);
      return new Map(results.map((result) => [Number(result.id), result.words]));
    })();
    shard.terms.set(term, found);
    if (shard.terms.size > KEPT) shard.terms.delete(shard.terms.keys().next().value); // the oldest
  }
  return found;
}

// Quoted, a term is looked up as it is, and only its first place on a page is told: enough for a word as a whole.
export const held = (shard, term) => places(shard, `"${term}"`);

// What a page of the index says: its text, and facts of its record.
export async function fragment(shard, page) {
  if (!shard.data.has(page)) await held(shard, shard.spelling.every());
  return shard.data.get(page)();
}

// To be awaited before a text is normalised: loads the Traditional characters where it may hold any.
export async function foldable(text) {
  if (!mayBeTraditional(text, manifest.traditional.also)) return;
  table ??= fetchTable(manifest.traditional.address);
  await table;
}

async function fetchTable(address) {
  try {
    setTraditional(await (await bytes(address)).text());
  } catch (error) {
    table = undefined; // to be asked for again
    throw error;
  }
}
