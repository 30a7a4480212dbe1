// What stands beside the results of a search: documents that the query names by number or title in another spelling (《…》
// around a title, 2024年1号 for 〔2024〕1号), what holds its words without punctuation, and what holds most of its pairs.

import { answers, askWords, byRelevance, passes } from "./engine-asking.js";
import { held, shards } from "./engine-index.js";

const FEW = 3; // with fewer results than this, near matches are looked for
const RELATED = 10;
const ENOUGH = 0.6; // of the pairs of a query that a near match holds
const TITLED = 0.8; // of a title that a query without its marks makes up, or of its pairs that a title holds
const PAIRS = 8; // that are looked for: each is a file of every shard

// Of a search: { asked, rows, exact: ids of all rows that hold the query, chosen }.
// `how`: "named", the reader named one of them; "plain", they hold all words of the query but for its punctuation, and
// `plain` is the query that finds them all; else "nearly".
export async function near({ asked, rows, exact, chosen }, wanted) {
  const { words } = asked;
  const open = shards.filter((shard) => shard.rows.some((row) => passes(row, chosen)));
  const other = ({ row }) => !exact.has(row.id) && passes(row, chosen);
  const plain = withoutMarks(words);
  const loose = plain.length ? (await answers(askWords(plain, wanted), open)).filter(other).sort(byRelevance(new Set())) : [];
  const numbered = open
    .flatMap((shard) => shard.rows.filter((row) => asked.numbered.has(row.id)))
    .map((row) => ({ row, score: 0, title: 0, pages: [row.page] }));
  const named = [...numbered.filter(other), ...loose.filter(({ title }) => title >= TITLED)];
  if (named.length) return told(rows.length < FEW ? [...named, ...loose] : named, loose.length ? plain : pairsOf(words), "named");
  if (!rows.length && loose.length) return told(loose, plain, "plain", plain.join(" "));
  if (rows.length < FEW && loose.length) return told(loose, plain, "nearly");
  if (rows.length) return told([], [], "nearly");
  const close = (await nearly(words, open)).filter(other);
  const titled = close.filter(({ title }) => title);
  return told(titled.length ? titled : close, pairsOf(words), titled.length ? "named" : "nearly");
}

function told(found, words, how, plain = "") {
  const rows = [...new Map(found.map((hit) => [hit.row.id, hit])).values()];
  return { rows: rows.slice(0, RELATED), total: rows.length, words, how, plain };
}

// The words of a query without punctuation; none where there was none, or where what is left tells nothing: single letters,
// and numbers that stand in every sum of money.
function withoutMarks(words) {
  const plain = [...new Set(words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u)).filter(Boolean))];
  const telling = plain.some((word) => /\p{Script=Han}|\p{L}{2}/u.test(word));
  return telling && plain.join(" ") !== words.join(" ") ? plain : [];
}

// Each two hanzi that stand together in a query.
function pairsOf(words) {
  const found = new Set();
  for (const word of words) {
    let before = "";
    for (const character of word) {
      if (/^\p{Script=Han}{2}$/u.test(before + character)) found.add(before + character);
      before = character;
    }
  }
  return [...found];
}

// Records that hold most of the pairs of a query, though not the query. Their `title` is how much of a title it makes up,
// where that holds nearly all of them.
async function nearly(words, open) {
  const pairs = pairsOf(words);
  const step = Math.max(1, Math.ceil(pairs.length / PAIRS));
  const telling = pairs.filter((_, number) => number % step === 0);
  if (telling.length < 2) return [];
  const found = new Map();
  await Promise.all(
    open.map(async (shard) => {
      const answers = await Promise.all(telling.map((pair) => held(shard, shard.spelling.word(pair))));
      for (const answer of answers) {
        const seen = new Set();
        for (const [page, [much]] of answer) {
          const row = shard.pageRow[page];
          const hit = found.get(row.id) ?? { row, score: 0, titled: 0, pages: [], held: new Map() };
          if (!seen.has(row.id)) hit.score += 1;
          if (much === 0) hit.titled += 1;
          seen.add(row.id);
          hit.held.set(page, (hit.held.get(page) ?? 0) + 1);
          found.set(row.id, hit);
        }
      }
    }),
  );
  const close = [...found.values()].filter(({ score }) => score >= telling.length * ENOUGH);
  for (const hit of close) {
    hit.pages = [...hit.held].sort((a, b) => b[1] - a[1]).map(([page]) => page).slice(0, 1);
    const all = telling.length > 2 && hit.titled >= telling.length * TITLED;
    hit.title = all ? Math.min(0.99, pairs.length / hit.row.title) : 0;
  }
  return close.sort(byRelevance(new Set()));
}
