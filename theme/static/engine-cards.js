// Results as the page shows them: the text around what was searched for, and titles and numbers with it marked.

import { foldable, fragment } from "./engine-index.js";
import { located, normalise } from "./engine-normal.js";

const EXCERPT = 110; // characters
const BEFORE = 24; // of them before the first word found
const SHORT = 20; // characters of a block that says little alone
const ROW = 40; // characters of what stands beside it
const PARTS = 3; // of a record's texts that are read for one result

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

// Up to two blocks that hold the most of the words, cut to what a reader takes in; `inFields`: all of them are short fields.
function excerpts(blocks, words) {
  const read = blocks.map((block, place) => ({ ...block, place, normal: normalise(block.text) }));
  const left = new Set(words);
  const found = [];
  let inFields = true;
  while (left.size && found.length < 2) {
    let best;
    for (const block of read) {
      const held = [...left].filter((word) => block.normal.includes(word));
      // A sentence explains more than a cell, and that more than a keyword.
      const worth = held.length && held.length * 100 + Math.min(block.text.length, 60) - (block.label ? 30 : 0);
      if (worth > (best?.worth ?? 0)) best = { block, held, worth };
    }
    if (!best) break;
    const shown = best.block.text.length < SHORT ? together(read, best.block.place) : [best.block];
    for (const { normal } of shown) for (const word of left) if (normal.includes(word)) left.delete(word);
    found.push(shown.length > 1 ? inLine(shown, words) : cut(located(best.block.text), words));
    if (!best.block.label || best.block.text.length >= SHORT) inFields = false;
  }
  return { texts: found, inFields };
}

// A cell with what stands beside it, which tells what it is of; a keyword with the others.
function together(blocks, place) {
  const { label, part } = blocks[place];
  const most = label ? SHORT : ROW;
  const beside = (block) => block?.label === label && block.part === part && block.text.length <= most;
  let [from, to, length] = [place, place + 1, blocks[place].text.length];
  while (length < ROW && (beside(blocks[from - 1]) || beside(blocks[to]))) {
    if (beside(blocks[from - 1])) length += blocks[--from].text.length;
    if (beside(blocks[to])) length += blocks[to++].text.length;
  }
  return blocks.slice(from, to);
}

const inLine = (blocks, words) => blocks.flatMap(({ text }) => [["\u3000", false], ...markedWhole(text, words)]).slice(1);

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

// The parts of the texts that are shown: of the record itself rather than of an attachment, and a second and a third where
// the first does not hold all words.
async function parts({ row, pages }, words) {
  const { pageSource } = row.shard;
  const left = new Set(words);
  const found = [];
  const looked = new Set(); // one page of each text, and not of all
  for (const page of [...pages].sort((a, b) => pageSource[a] - pageSource[b] || a - b)) {
    if (looked.has(pageSource[page]) || looked.size === PARTS || (looked.size && !left.size)) continue;
    looked.add(pageSource[page]);
    const { meta, content, raw_url: url } = await fragment(row.shard, page);
    await foldable(meta.title + content); // a text in Traditional characters is marked for a query in Simplified ones
    const before = left.size;
    const normal = content.split("\n").map(normalise);
    for (const word of left) if (normal.some((block) => block.includes(word))) left.delete(word);
    if (!found.length || left.size < before) found.push({ page, meta, url, blocks: blocksOf(meta, content, page) });
  }
  return found;
}

// The blocks of a part but for what a result states anyway; `label`: it is a field, as keywords are, and says little alone.
function blocksOf(meta, content, part) {
  const stated = new Set([meta.title, meta.doc_no, meta.index_no, meta.organ]);
  const fields = Number(meta.fields ?? 0);
  const blocks = content.split("\n").map((text, place) => ({ text, part, label: place < fields }));
  return blocks.filter(({ text, label }) => !label || !stated.has(text));
}

// `words`: those that are marked, and explained by excerpts.
export async function card(hit, words) {
  const { row } = hit;
  const shown = await parts(hit, words);
  const [{ page, meta, url }] = shown;
  const blocks = shown.flatMap((part) => part.blocks);
  const { texts, inFields } = words.length ? excerpts(blocks, words) : { texts: [] };
  // Found in a field alone, or browsing: the beginning of the record's text tells more.
  const first = page === row.page && (blocks.find(({ text }) => text.length > 30) ?? blocks[0]);
  if (first && (!texts.length || inFields)) texts.push(cut(located(first.text), words));
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
    files: shown
      .filter((part) => part.meta.attachment)
      .map((part) => ({ title: markedWhole(part.meta.attachment, words), url: part.meta.file })),
    excerpts: texts,
  };
}
