// The filters beside the results: what can be chosen, how many results each value would leave, and what is chosen.

import { FACETS, count } from "./search-address.js";
import { at, make, named, VALIDITIES } from "./search-dom.js";

const FOLD = 6; // values of a facet shown before the rest
const SPARE = 3; // so few more are not worth folding away

const boxes = new Map(); // facet → { values: Map(value → parts of its line), more, group, list }
let built; // the values of which they are made, as text
let change; // what is done when a reader chooses: called with a function from what was chosen to what is

export function prepareFilters(act) {
  change = act;
  at("filter-form").addEventListener("change", ({ target }) => choose(target.name, target.value, target.checked));
  at("drop-filters").addEventListener("click", dropFilters);
  at("filters-done").addEventListener("click", () => {
    at("filters").open = false;
    at("status").focus({ preventScroll: true });
    at("status").scrollIntoView({ block: "nearest" });
  });
}

// For these values; nothing is done where they are the same as before.
export function buildFilters(occurring) {
  if (JSON.stringify(occurring) === built) return;
  built = JSON.stringify(occurring);
  // Where the site was published again under the reader's hands, they stay where they are.
  const expanded = [...boxes].filter(([, { more }]) => more.getAttribute("aria-expanded") === "true").map(([facet]) => facet);
  const focused = at("filter-form").contains(document.activeElement) ? document.activeElement : undefined;
  boxes.clear();
  for (const [facet, name] of FACETS) {
    if ((occurring[facet] ?? []).length < 2) continue;
    const values = new Map();
    const list = make("ul");
    for (const value of occurring[facet]) {
      const input = make("input", { type: "checkbox", name: facet, value });
      const number = make("span", { class: "count" });
      const words = make("span", { class: "value" }, ...named(facet, value));
      const item = make("li", {}, make("label", {}, input, words, " ", number));
      list.append(item);
      values.set(value, { input, number, item, count: 0 });
    }
    const more = make("button", { type: "button", class: "link-button", "aria-expanded": String(expanded.includes(facet)) });
    more.addEventListener("click", () => {
      more.setAttribute("aria-expanded", String(more.getAttribute("aria-expanded") !== "true"));
      foldFacet(facet);
    });
    const group = make("fieldset", {}, make("legend", {}, name), list, more);
    boxes.set(facet, { name, values, list, more, group });
  }
  at("filter-form").replaceChildren(...[...boxes.values()].map(({ group }) => group));
  if (focused) (boxes.get(focused.name)?.values.get(focused.value)?.input ?? at("status")).focus({ preventScroll: true });
}

// Years newest first, validity in its own order, the rest by how many results they have, and a theme before those below it.
function inOrder(facet, values) {
  const names = [...values.keys()];
  if (facet === "year") return names.sort().reverse();
  if (facet === "validity") return names.sort((a, b) => VALIDITIES.indexOf(a) - VALIDITIES.indexOf(b));
  return names.sort((a, b) => values.get(b).count - values.get(a).count || a.includes("/") - b.includes("/"));
}

// The controls say at once what is asked for, the numbers follow with the answer.
export function tick({ sort, chosen }) {
  for (const input of document.getElementsByName("sort")) input.checked = input.value === sort;
  for (const [facet, { values }] of boxes) {
    for (const [value, { input }] of values) input.checked = chosen[facet]?.includes(value) ?? false;
  }
}

export function showCounts({ counts, whole }, state) {
  tick(state);
  let any = false;
  for (const [facet, box] of boxes) {
    for (const [value, line] of box.values) {
      line.count = counts[facet]?.[value] ?? 0;
      // Where a part of the index was not asked, what its other values hold is not known: they stand without a number.
      line.open = !whole && !line.input.checked && Boolean(state.chosen[facet]?.length);
      line.number.textContent = line.open ? "" : String(line.count);
    }
    // Lines keep their places while the reader ticks them: they are put in order anew for a new query only.
    const sure = whole || !state.chosen[facet]?.length;
    if (box.query !== state.q || (sure && !box.sure)) {
      Object.assign(box, { query: state.q, sure });
      const focused = box.list.contains(document.activeElement) ? document.activeElement : undefined;
      box.list.append(...inOrder(facet, box.values).map((value) => box.values.get(value).item));
      focused?.focus({ preventScroll: true });
    }
    any = foldFacet(facet) || any;
  }
  at("filters-column").hidden = !any;
  at("search").classList.toggle("no-filters", !any);
}

// After a failure: the numbers would be those of an earlier query.
export function clearCounts() {
  for (const { values } of boxes.values()) for (const { number } of values.values()) number.textContent = "";
}

function foldFacet(facet) {
  const { name, values, list, more, group } = boxes.get(facet);
  const lines = new Map([...values.values()].map((line) => [line.item, line]));
  const useful = [];
  for (const item of list.children) {
    const { input, count: number, open } = lines.get(item);
    item.hidden = !number && !input.checked && !open && !item.contains(document.activeElement);
    if (!item.hidden) useful.push(item);
  }
  const expanded = more.getAttribute("aria-expanded") === "true";
  const spare = useful.length > FOLD + SPARE ? useful.slice(FOLD).filter((item) => !lines.get(item).input.checked) : [];
  if (!expanded) for (const item of spare) item.hidden = !item.contains(document.activeElement);
  more.hidden = !spare.length;
  more.replaceChildren(expanded ? "收起" : `展开其余 ${spare.length} 项`, make("span", { class: "sr" }, `：${name}`));
  group.hidden = !useful.length;
  return useful.length > 0;
}

function choose(facet, value, on) {
  change((chosen) => {
    const values = (chosen[facet] ?? []).filter((other) => other !== value);
    if (on) values.push(value);
    const { [facet]: _, ...others } = chosen;
    return values.length ? { ...others, [facet]: values } : others;
  });
}

let shownChosen; // as text

export function showChosen(chosen) {
  const now = JSON.stringify(chosen);
  if (now === shownChosen) return;
  shownChosen = now;
  const buttons = [];
  for (const [facet] of FACETS) {
    for (const value of chosen[facet] ?? []) {
      const button = make("button", { type: "button" }, make("span", { class: "sr" }, "取消筛选："), value);
      button.addEventListener("click", () => {
        const chips = at("chosen").children;
        const place = [...chips].indexOf(button);
        choose(facet, value, false);
        // The focus goes on to the next one, not back to the beginning of the page.
        (chips[place] ?? chips[place - 1] ?? at("status")).focus({ preventScroll: true });
      });
      buttons.push(button);
    }
  }
  const number = buttons.length;
  if (number > 1) {
    const all = make("button", { type: "button", class: "clear" }, "全部取消");
    all.addEventListener("click", dropFilters);
    buttons.push(all);
  }
  at("chosen").replaceChildren(...buttons);
  at("chosen").hidden = !number;
  at("filters-count").textContent = number ? `（已选 ${number} 项）` : "";
}

function dropFilters() {
  change(() => ({}));
  at("status").focus({ preventScroll: true });
}
