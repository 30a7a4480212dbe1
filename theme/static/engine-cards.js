// Results as the page shows them: the text around what was searched for, and titles and numbers with it marked.

import { foldable, fragment } from "./engine-index.js";
import { located, normalise } from "./engine-normal.js";

const EXCERPT = 110; // characters
const BEFORE = 24; // of them before the first word found

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

// `words`: those that are marked, and explained by excerpts.
export async function card({ row, pages }, words) {
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
    attachments: row.attachments,
    attachment: meta.attachment ? { title: markedWhole(meta.attachment, words), url: meta.file } : null,
    excerpts: texts,
  };
}
