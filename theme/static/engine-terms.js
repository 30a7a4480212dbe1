// How words are written as terms of the index. A term is a pair of neighbouring characters with its places, or one to four
// characters as a whole; it must be exactly what plugins/portal/search/terms.py writes (tests/search).

import { normalise } from "./engine-normal.js";

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
export const FILLER = "\ua48c"; // of no file: nothing is found by it

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

// White space, for a class in a regular expression: what `\s` means differs between JavaScript and Python.
export const WHITE = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

// The words of a query, normalised: separated by white space; "in straight quotes" a phrase with spaces is one word.
const WORD = new RegExp(`"([^"]+)"|([^${WHITE}]+)`, "g");

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
