// The address says what is searched for, and the history how far a reader came.

import { WHITE } from "./engine-terms.js";

export const FACETS = [
  ["kind", "信息类型"],
  ["theme", "主题分类"],
  ["organ", "发布机构"],
  ["year", "年份"],
  ["genre", "体裁分类"],
  ["validity", "有效性"],
  ["holds", "正文和附件"],
];

export const STEP = 10; // results at a time
export const LONGEST = 1000; // characters of a query in an address: servers refuse addresses of some thousands

const SPACES = new RegExp(`[${WHITE}]+`, "g");
const MOST = 200; // results shown again on the way back

// As it can stand in an address and in a field of one line: half characters would throw, and are no text.
export const clean = (text) => text.replace(/\p{Cs}/gu, "").replace(SPACES, " ").trim();

export function readAddress(saved) {
  const parameters = new URLSearchParams(location.search);
  const chosen = {};
  for (const [facet] of FACETS) {
    const values = [...new Set(parameters.getAll(facet))];
    if (values.length) chosen[facet] = values;
  }
  return {
    q: clean(parameters.get("q") ?? saved?.q ?? ""),
    sort: parameters.get("sort") === "date" ? "date" : "relevance",
    chosen,
    shown: Math.min(saved?.shown ?? STEP, MOST),
  };
}

export function addressOf({ q, sort, chosen }) {
  const parameters = new URLSearchParams();
  if (q && q.length <= LONGEST) parameters.set("q", q);
  if (sort === "date") parameters.set("sort", "date");
  for (const [facet] of FACETS) for (const value of chosen[facet] ?? []) parameters.append(facet, value);
  const query = parameters.toString();
  return location.pathname + (query ? `?${query}` : "");
}

// What the address cannot say stands in the entry of the history: a long query, how many results, how far down.
export function remember({ q, shown }, address, scroll = window.scrollY) {
  note({ q, shown, scroll }, address);
}

// Also what was typed and not sent.
export function rememberTyped(typed) {
  note({ ...history.state, typed });
}

function note(entry, address) {
  try {
    history.replaceState(entry, "", address);
  } catch {
    // A browser allows so many entries a minute: the place is then a little off on the way back.
  }
}

export const count = (chosen) => Object.values(chosen).reduce((sum, values) => sum + values.length, 0);

// What may be chosen of a site: an address may name an organ that was renamed, or a year without records.
export function known(chosen, values) {
  const found = {};
  for (const [facet] of FACETS) {
    const own = (chosen[facet] ?? []).filter((value) => values[facet]?.includes(value));
    if (own.length) found[facet] = own;
  }
  return found;
}
