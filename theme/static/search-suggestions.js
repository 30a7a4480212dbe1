// Suggestions under the search box while a reader types: documents by title or number, and themes. The box becomes a
// combobox (WAI-ARIA): the focus stays in it, and arrows go through the list.

import { LONGEST, clean } from "./search-address.js";
import { at, badge, hasEnded, make, marks, named } from "./search-dom.js";
import { ask, opened, site } from "./search-engine.js";

const TYPING = 200; // milliseconds of rest before suggestions are asked for

export let composing = false; // an input method is putting characters together

let typing; // the timer of the next request
let wanted = 0; // answers to what was typed before are dropped
let options = [];
let active = -1;

export function dropSuggestions() {
  clearTimeout(typing);
  wanted += 1;
  closeSuggestions();
}

function closeSuggestions() {
  options = [];
  active = -1;
  at("suggestions").hidden = true;
  at("suggestions").replaceChildren();
  at("suggestions-count").textContent = "";
  at("q").setAttribute("aria-expanded", "false");
  at("q").removeAttribute("aria-activedescendant");
}

function typed() {
  if (composing) return;
  clearTimeout(typing);
  wanted += 1;
  const query = clean(at("q").value);
  // Suggestions fetch parts of the index: not for one character, and not on a connection that is paid by its weight.
  if ([...query].length < 2 || query.length > LONGEST || navigator.connection?.saveData) closeSuggestions();
  else typing = setTimeout(suggest, TYPING, query, wanted);
}

async function suggest(query, mine) {
  try {
    await opened();
    const cards = await ask("suggest", { query, count: 5 });
    if (mine === wanted && document.activeElement === at("q")) showSuggestions(cards, themesWith(query));
  } catch {
    // The search itself works without suggestions, and says so when it does not.
    if (mine === wanted) closeSuggestions();
  }
}

function themesWith(query) {
  const words = query.normalize("NFKC").toLowerCase().split(" ");
  const themes = Object.entries(site.lists.theme ?? {}).filter(([name]) => {
    const own = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
    return words.every((word) => own.includes(word));
  });
  return themes.sort(([a], [b]) => a.length - b.length).slice(0, 3);
}

function showSuggestions(cards, themes) {
  closeSuggestions();
  const group = (name, number, entries) => {
    const heading = make("div", { class: "suggestions-head", id: `suggestions-${number}` }, name);
    return make("div", { role: "group", "aria-labelledby": heading.id }, heading, ...entries);
  };
  const groups = [];
  if (cards.length) groups.push(group("文件和新闻", 1, cards.map(suggestion)));
  if (themes.length) groups.push(group("主题", 2, themes.map(([name, [url]]) => option(url, ...named("theme", name)))));
  at("suggestions").replaceChildren(...groups);
  options = [...at("suggestions").querySelectorAll("[role=option]")];
  options.forEach((entry, number) => (entry.id = `suggestion-${number}`));
  at("suggestions").hidden = !options.length;
  at("q").setAttribute("aria-expanded", String(options.length > 0));
  if (!options.length) return;
  at("suggestions-count").textContent = `有 ${options.length} 个建议，按上下方向键选择`;
  // On a phone the keyboard takes the lower half: the field goes to the top, so that the list stands above the keys.
  if (matchMedia("(pointer: coarse)").matches) at("search-form").scrollIntoView({ block: "start" });
}

// A link, so that it opens as links do; in the list it is reached by the arrow keys, not by Tab.
const option = (url, ...words) =>
  make("a", { role: "option", "aria-selected": "false", tabindex: "-1", href: url }, ...words);

function suggestion(card) {
  const facts = make("span", { class: "under" }, `${card.date.slice(0, 10)}\u3000${card.kind}`);
  // Its index number only where that is what was typed.
  const numbers = [card.docNo, card.indexNo.some(([, marked]) => marked) ? card.indexNo : []];
  for (const number of numbers) if (number.length) facts.append("\u3000", ...marks(number));
  const entry = option(card.url, make("span", {}, ...marks(card.title)));
  if (hasEnded(card.validity)) entry.append(" ", badge(card.validity));
  entry.append(" ", facts);
  return entry;
}

function move(step) {
  options[active]?.setAttribute("aria-selected", "false");
  // Beyond either end stands the field itself.
  active = ((active + 1 + step + options.length + 1) % (options.length + 1)) - 1;
  if (active < 0) {
    at("q").removeAttribute("aria-activedescendant");
    return;
  }
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  at("q").setAttribute("aria-activedescendant", options[active].id);
}

function keyed(event) {
  // Keys of an input method are its own: Enter takes over what was composed. Safari says so by 229 alone.
  if (composing || event.isComposing || event.keyCode === 229) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (options.length) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowDown") typed();
  } else if (event.key === "Enter" && options[active]) {
    event.preventDefault();
    options[active].click();
  } else if (event.key === "Escape" && options.length) {
    event.preventDefault();
    dropSuggestions();
  }
}

export function prepareSuggestions() {
  const field = at("q");
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-haspopup", "listbox"],
    ["aria-controls", "suggestions"],
    ["aria-expanded", "false"],
  ]) {
    field.setAttribute(name, value);
  }
  at("suggestions").setAttribute("role", "listbox");
  at("suggestions").setAttribute("aria-label", "搜索建议");
  field.addEventListener("input", typed);
  field.addEventListener("keydown", keyed);
  field.addEventListener("compositionstart", () => {
    composing = true;
    dropSuggestions();
  });
  field.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  // A press on the list must not take the focus: the list would be gone before the press became a click.
  at("suggestions").addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("blur", () => {
    composing = false;
    dropSuggestions();
  });
}
