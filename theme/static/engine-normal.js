// One spelling for texts and queries: what is equal here is found. It must be exactly what plugins/portal/search/normal.py
// makes of the index; tests/search holds the two together over all of Unicode.

const OPENING = "([{〔【〖〘〚";
const CLOSING = ")]}〕】〗〙〛";
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

let traditional = new Map(); // loaded when a character that may be Traditional is met
const clusters = new Map(); // a character with its marks → its normal form
const MOST = 20_000; // clusters that are kept

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

// OpenCC's table: each Traditional character and its Simplified one. An empty one for none.
export function setTraditional(pairs) {
  const characters = [...pairs.trim()];
  traditional = new Map();
  clusters.clear();
  for (let number = 0; number < characters.length; number += 2) traditional.set(characters[number], characters[number + 1]);
}

// The hanzi of GB2312 are Simplified, but for a few that are named in `also`: only other hanzi need the table.
let simplified;
export function mayBeTraditional(text, also) {
  simplified ??= gb2312();
  const hanzi = text.normalize("NFKC").match(/\p{Unified_Ideograph}/gu) ?? [];
  return hanzi.some((character) => !simplified.has(character) || also.includes(character));
}

function gb2312() {
  const codes = new Uint8Array((0xf8 - 0xb0) * (0xff - 0xa1) * 2);
  let end = 0;
  for (let row = 0xb0; row < 0xf8; row += 1) {
    for (let cell = 0xa1; cell < 0xff; cell += 1) {
      codes[end++] = row;
      codes[end++] = cell;
    }
  }
  return new Set(new TextDecoder("gb18030").decode(codes));
}

// A text with its normal form, and for each unit of that where it stands in the text.
export function located(text) {
  let normal = "";
  const from = [];
  for (const { 0: cluster, index } of text.matchAll(/\P{M}\p{M}*|\p{M}+/gu)) {
    let folded = clusters.get(cluster);
    if (folded === undefined) {
      if (clusters.size >= MOST) clusters.clear();
      clusters.set(cluster, (folded = normalise(cluster)));
    }
    for (let unit = 0; unit < folded.length; unit += 1) from.push([index, index + cluster.length]);
    normal += folded;
  }
  return { text, normal, from };
}
