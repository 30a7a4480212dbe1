// A query as it is asked: its words, what each shard answered, which of that passes the filters, and in which order.

import { FACETS, foldable, held, shards } from "./engine-index.js";
import { hits } from "./engine-matching.js";
import { digitsOf, wordsOf } from "./engine-terms.js";

let last; // the last query that was asked: other filters or another order need no new answers

// What nobody waits for any more is given up at the next file: those that are wanted need the line.
export class Superseded extends Error {}

function check(wanted) {
  if (!wanted()) throw new Superseded("superseded");
}

const asking = (query, words, wanted) => ({ query, words, wanted, shards, answered: new Map(), numbered: new Set() });

// { query, words, wanted: whether somebody still waits, shards: of which index, answered: Map(shard → hits),
// numbered: Set(ids of rows whose number it names) }
export async function ask(query, wanted) {
  if (last?.query !== query || last.shards !== shards) {
    await foldable(query);
    last = asking(query, wordsOf(query), wanted);
  }
  last.wanted = wanted;
  return last;
}

// The same for words that are normalised already, or for a query that was not sent.
export const askWords = (words, wanted) => asking(words.join(" "), words, wanted);

// The hits of these shards, which are asked where they were not yet.
export async function answers(asked, wanted) {
  const digits = digitsOf(asked.words);
  const named = digits.length > 0 && digits.length < 7; // no document has a longer number
  await Promise.all(
    wanted.map(async (shard) => {
      if (asked.answered.has(shard)) return;
      const [found, pages] = await Promise.all([
        hits(shard, asked.words, () => check(asked.wanted)),
        named ? held(shard, shard.spelling.number(digits)) : new Map(),
      ]);
      for (const page of pages.keys()) asked.numbered.add(shard.pageRow[page].id);
      asked.answered.set(shard, found);
    }),
  );
  return wanted.flatMap((shard) => [...asked.answered.get(shard).values()]);
}

export const newestFirst = (a, b) => b.row.minute - a.row.minute || a.row.id - b.row.id;

const isDocument = ({ row }) => row.kind.includes("公开目录");

// What a reader named by its number first; what is in force before what has ended; titles before texts: the very title,
// then documents before what is said of them, then those of which the words make up the most. Then how often the words
// stand in it, and the newest.
export const byRelevance = (numbered) => (a, b) =>
  numbered.has(b.row.id) - numbered.has(a.row.id) ||
  a.row.ended - b.row.ended ||
  (b.title === 1) - (a.title === 1) ||
  (b.title > 0) - (a.title > 0) ||
  (a.title > 0 && isDocument(b) - isDocument(a)) ||
  b.title - a.title ||
  Math.round(b.score) - Math.round(a.score) ||
  newestFirst(a, b);

export function passes(row, chosen, except) {
  return FACETS.every((facet) => facet === except || !chosen[facet]?.length || row[facet].some((value) => chosen[facet].includes(value)));
}

// For each facet how many results each value would leave, given the choices in the other facets.
export function count(found, chosen) {
  const counts = {};
  for (const facet of FACETS) {
    counts[facet] = {};
    for (const { row } of found) {
      if (passes(row, chosen, facet)) for (const value of row[facet]) counts[facet][value] = (counts[facet][value] ?? 0) + 1;
    }
  }
  return counts;
}
