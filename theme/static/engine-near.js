// What stands beside the results of a search: documents that the query names by number or title in another spelling (《…》
// around a title, 2024年1号 for 〔2024〕1号), what holds its words without punctuation, and what holds most of its pairs.

import { answers, askWords, byRelevance, passes } from "./engine-asking.js";
import { held, shards } from "./engine-index.js";
import { cover } from "./engine-terms.js";

const FEW = 3; // with fewer results than this, near matches are looked for
const RELATED = 10;
const ENOUGH = 0.6; // of the pairs of a query that a near match holds
const TITLED = 0.8; // of a title that a query without its marks makes up, when it is that title
const PAIRS = 8; // that are looked for: each is a file of every shard

// Of a search: { asked, rows, exact: ids of all rows that hold the query, chosen }. `lead`: the reader named one of them.
export async function near({ asked, rows, exact, chosen }) {
  const { words } = asked;
  const wanted = shards.filter((shard) => shard.rows.some((row) => passes(row, chosen)));
  const other = ({ row }) => !exact.has(row.id) && passes(row, chosen);
  const plain = [...new Set(words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u)).filter(Boolean))];
  let loose = [];
  if (plain.length && plain.join(" ") !== words.join(" ")) {
    loose = (await answers(askWords(plain), wanted)).filter(other).sort(byRelevance(new Set()));
  }
  const numbered = wanted
    .flatMap((shard) => shard.rows.filter((row) => asked.numbered.has(row.id)))
    .map((row) => ({ row, score: 0, title: 0, pages: [row.page] }));
  const leads = [...numbered.filter(other), ...loose.filter(({ title }) => title >= TITLED)];
  const found = rows.length < FEW ? [...leads, ...loose] : leads;
  if (!rows.length && !found.length) found.push(...(await nearly(words, wanted)).filter(other));
  return {
    rows: [...new Map(found.map((hit) => [hit.row.id, hit])).values()].slice(0, RELATED),
    words: loose.length ? plain : words.flatMap((word) => cover(word).map(([, pair]) => pair)),
    lead: leads.length > 0,
  };
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
async function nearly(words, wanted) {
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
