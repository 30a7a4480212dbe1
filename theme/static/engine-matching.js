// Which records of a shard hold every word of a query, and how much: what Pagefind found is put together here, exactly.

import { held, isWhole, places } from "./engine-index.js";
import { cover } from "./engine-terms.js";

// Of a word as a whole the one place says how much a page holds it: in its title, or how often at least.
const TIMES = [1, 1, 3, 8];

const NUMBERS = 150; // places after a title in which the numbers of a document stand, for all we know

// Page → { at: places at which a word begins, times }. Of a word as a whole no place is known, but whether the title has it.
async function matches(shard, word, check) {
  const found = new Map();
  if (isWhole(shard, word)) {
    for (const [page, [much]] of await held(shard, shard.spelling.word(word))) {
      found.set(page, { at: much === 0 ? [0] : [], times: TIMES[much] });
    }
  } else {
    for (const [page, at] of await standing(shard, cover(word), check)) found.set(page, { at, times: at.length });
  }
  return found;
}

// Page → places from which on all pairs stand.
async function standing(shard, pairs, check) {
  // Of a long word two pairs rule nearly every shard out; only where they stand right are the others fetched.
  const first = pairs.length > 3 ? 2 : pairs.length;
  let found = await narrow(shard, undefined, pairs.slice(0, first));
  for (let at = first; found.size && at < pairs.length; at += 8) {
    check();
    found = await narrow(shard, found, pairs.slice(at, at + 8));
  }
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

// What a shard holds of a query: row → { row, score, title, pages, number } for records that hold every word.
// `number`: all of them may stand in the numbers of the document, which follow its title. `check` throws when nobody waits.
export async function hits(shard, words, check) {
  let found;
  for (let from = 0; from < words.length && found?.size !== 0; from += 3) {
    check();
    const answers = await Promise.all(words.slice(from, from + 3).map((word) => matches(shard, word, check)));
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
    const hit = rows.get(row.id) ?? { row, times: 0, title: 0, pages: [], number: false };
    hit.times += times;
    hit.pages.push(page);
    // The title stands at the beginning of a record's first page.
    if (page === row.page) {
      if (length > 1 && at.some((start) => start + length <= row.title)) hit.title = length / row.title;
      hit.number = !at.length || at.some((start) => start > row.title && start < row.title + NUMBERS);
    }
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
      number: hit.number && other.number,
      pages: shared.length ? shared : [...other.pages, ...hit.pages],
    });
  }
  return both;
}
