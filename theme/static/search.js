// The search page: Pagefind finds, our own table (/search/table.json) filters, sorts and counts.
// Pagefind's own filters are not used, because they make its index differ from run to run.

const FACETS = [
  ["kind", "信息类型"],
  ["validity", "有效性"],
  ["theme", "主题分类"],
  ["organ", "发布机构"],
  ["year", "年份"],
  ["genre", "体裁分类"],
];
const TONES = { 有效: "in-force", 已修改: "amended", 尚未施行: "not-yet", 失效: "expired", 废止: "repealed" };
const STEP = 10;
const FOLD = 6; // values of a facet shown before 更多

const at = (id) => document.getElementById(id);
const title = document.title;

let table; // facets, records
let pagefind;
let state = { q: "", sort: "relevance", chosen: new Map() };
let found = []; // [{id, result}], in the order shown
let shown = 0;
let turn = 0; // answers of an older question are dropped
let lastQuery = null; // what `answers` belongs to
let answers = [];
const boxes = new Map(); // facet → Map(value → {input, label, count, item})

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// ── the address ────────────────────────────────────────────────────────────

function readAddress() {
  const parameters = new URLSearchParams(location.search);
  const chosen = new Map();
  for (const [facet] of FACETS) {
    const values = parameters.getAll(facet).filter((value) => table.facets[facet]?.includes(value));
    if (values.length) chosen.set(facet, new Set(values));
  }
  return {
    q: (parameters.get("q") ?? "").trim(),
    sort: parameters.get("sort") === "date" ? "date" : "relevance",
    chosen,
  };
}

function writeAddress() {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set("q", state.q);
  if (state.sort === "date") parameters.set("sort", "date");
  for (const [facet] of FACETS) for (const value of state.chosen.get(facet) ?? []) parameters.append(facet, value);
  const query = parameters.toString();
  const address = location.pathname + (query ? `?${query}` : "");
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
}

// ── finding ────────────────────────────────────────────────────────────────

const valuesOf = (record, facet) => (facet === "theme" ? record.themes : [record[facet]]).filter(Boolean);

function passes(record, except) {
  for (const [facet, values] of state.chosen) {
    if (facet !== except && !valuesOf(record, facet).some((value) => values.has(value))) return false;
  }
  return true;
}

// 〔2025〕, [2025], (2025) and （2025） are one number to a reader.
const plain = (text) => (text ?? "").replace(/[〔〕［］【】[\]()（）\s]/g, "").toLowerCase();

function byNumber(query) {
  const wanted = plain(query);
  if (wanted.length < 4 || !/\d/.test(wanted)) return [];
  const part = /\D/.test(wanted); // 2025 alone is a year, not a number
  const exact = [];
  const partly = [];
  for (const [id, record] of Object.entries(table.records)) {
    const numbers = [plain(record.doc_no), plain(record.index_no)];
    if (numbers.includes(wanted)) exact.push(id);
    else if (part && numbers.some((number) => number.includes(wanted))) partly.push(id);
  }
  return [...exact, ...partly];
}

// Titles and keywords that hold every word as it was typed: Pagefind cuts some words otherwise and misses them.
function byTitle(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean).map(plain);
  return Object.entries(table.records)
    .filter(([, record]) => {
      const text = plain([record.title, ...(record.keywords ?? [])].join("\n"));
      return words.every((word) => text.includes(word));
    })
    .map(([id]) => id);
}

const ENDED = new Set(["废止", "失效"]);

async function ask(query) {
  if (!query) return Object.keys(table.records).map((id) => ({ id }));
  const reply = await pagefind.search(query);
  const results = new Map(reply.results.map((result) => [result.id, result]));
  const numbered = byNumber(query);
  const titled = byTitle(query).filter((id) => !numbered.includes(id));
  titled.sort((a, b) => newestFirst({ id: a }, { id: b }));
  const rest = [...results.keys()].filter(
    (id) => table.records[id] && !numbered.includes(id) && !titled.includes(id),
  );
  // In force before ended; within each, the order of relevance stays.
  const living = (ids) => [
    ...ids.filter((id) => !ENDED.has(table.records[id].validity)),
    ...ids.filter((id) => ENDED.has(table.records[id].validity)),
  ];
  const of = (named) => (id) => ({ id, result: results.get(id), named });
  return [...numbered.map(of(true)), ...living(titled).map(of(false)), ...living(rest).map(of(false))];
}

// What the reader named by its number stays on top in any order.
const newestFirst = (a, b) => {
  if (!a.named !== !b.named) return a.named ? -1 : 1;
  const [x, y] = [table.records[a.id], table.records[b.id]];
  return x.date < y.date ? 1 : x.date > y.date ? -1 : x.url < y.url ? -1 : 1;
};

async function update({ focus = false } = {}) {
  const mine = ++turn;
  if (lastQuery !== state.q) {
    at("status").textContent = "正在搜索……";
    const reply = await ask(state.q);
    if (mine !== turn) return;
    answers = reply;
    lastQuery = state.q;
  }
  found = answers.filter(({ id }) => passes(table.records[id]));
  if (!state.q || state.sort === "date") found.sort(newestFirst);
  showFacets();
  showChosen();
  shown = 0;
  at("results").replaceChildren();
  at("empty").hidden = found.length > 0;
  at("sort").hidden = !state.q || found.length < 2;
  at("status").textContent = sentence();
  document.title = state.q ? `${state.q} - ${title}` : title;
  await showMore(mine);
  if (focus) at("status").scrollIntoView({ block: "nearest" });
}

function sentence() {
  const count = found.length;
  if (state.q) return count ? `“${state.q}”共找到 ${count} 条` : `没有找到“${state.q}”`;
  return state.chosen.size ? `共 ${count} 条，新的在前` : `全部 ${count} 条信息，新的在前`;
}

// ── results ────────────────────────────────────────────────────────────────

// Pagefind's excerpt is escaped text with <mark>: parsed inertly, and nothing but text and <mark> is taken over.
function excerpt(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const paragraph = make("p", { class: "excerpt" });
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) paragraph.append(child.data.replace(/(?<=[\u2e80-\uffef])\.(?=\s|$)/g, ""));
      else if (child.nodeName === "MARK") paragraph.append(make("mark", {}, child.textContent));
      else walk(child);
    }
  };
  // Pagefind ends every block with a full stop of its own and cuts anywhere.
  parsed.body.normalize();
  const first = parsed.body.firstChild;
  if (first?.nodeType === Node.TEXT_NODE) first.data = first.data.replace(/^[\s.,:;，。、；：！？）》”〕]+/, "");
  paragraph.append("……");
  walk(parsed.body);
  paragraph.append("……");
  return paragraph;
}

function resultItem(record) {
  const link = make("a", { href: record.url }, record.title);
  const item = make("li", { class: "result" }, make("h3", {}, link));
  const facts = make("p", { class: "facts" });
  const day = record.date.slice(0, 10);
  facts.append(make("time", { datetime: day }, day), make("span", {}, record.kind));
  if (record.organ) facts.append(make("span", {}, record.organ));
  if (record.doc_no) facts.append(make("span", {}, record.doc_no));
  if (record.index_no) facts.append(make("span", { class: "code" }, record.index_no));
  if (record.files) facts.append(make("span", {}, `附件 ${record.files} 个`));
  if (record.validity) {
    facts.append(make("span", { class: `badge badge-${TONES[record.validity] ?? "expired"}` }, record.validity));
  }
  item.append(facts);
  return { item, link, facts };
}

async function showMore(mine = turn, { focus = false } = {}) {
  const part = found.slice(shown, shown + STEP);
  shown += part.length;
  at("more").hidden = shown >= found.length;
  const placed = part.map(({ id, result }) => ({ ...resultItem(table.records[id]), result }));
  at("results").append(...placed.map(({ item }) => item));
  if (focus) placed[0]?.link.focus();
  await Promise.all(
    placed.map(async ({ facts, result }) => {
      if (!result) return;
      try {
        const data = await result.data();
        if (mine === turn) facts.before(excerpt(data.excerpt));
      } catch {
        // The result stands without its excerpt.
      }
    }),
  );
}

// ── filters ────────────────────────────────────────────────────────────────

// Years newest first, validity in its own order, the rest by how many records they have.
function inOrder(facet) {
  const values = [...table.facets[facet]];
  if (facet === "year") return values.reverse();
  if (facet === "validity") return Object.keys(TONES).filter((value) => values.includes(value));
  const counts = new Map(values.map((value) => [value, 0]));
  for (const record of Object.values(table.records)) {
    for (const value of valuesOf(record, facet)) counts.set(value, counts.get(value) + 1);
  }
  return values.sort((a, b) => counts.get(b) - counts.get(a));
}

function buildFacets() {
  const groups = FACETS.filter(([facet]) => (table.facets[facet] ?? []).length > 1).map(([facet, name]) => {
    const values = new Map();
    const list = make("ul");
    for (const value of inOrder(facet)) {
      const input = make("input", { type: "checkbox", name: facet, value });
      const count = make("span", { class: "count" });
      const item = make("li", {}, make("label", {}, input, make("span", { class: "value" }, value), " ", count));
      list.append(item);
      values.set(value, { input, count, item });
    }
    const more = make("button", { type: "button", class: "link-button", "aria-expanded": "false" }, "更多");
    more.addEventListener("click", () => {
      const open = more.getAttribute("aria-expanded") !== "true";
      more.setAttribute("aria-expanded", String(open));
      more.textContent = open ? "收起" : "更多";
      showFacets();
    });
    boxes.set(facet, { values, more, group: make("fieldset", {}, make("legend", {}, name), list, more) });
    return boxes.get(facet).group;
  });
  at("filter-form").append(...groups);
}

// The count of a value says how many results choosing it would leave, given the choices in the other facets.
function showFacets() {
  for (const [facet, { values, more, group }] of boxes) {
    const counts = new Map();
    for (const { id } of answers) {
      const record = table.records[id];
      if (passes(record, facet)) for (const value of valuesOf(record, facet)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const open = more.getAttribute("aria-expanded") === "true";
    let visible = 0;
    let hidden = 0;
    for (const [value, { input, count, item }] of values) {
      const number = counts.get(value) ?? 0;
      input.checked = state.chosen.get(facet)?.has(value) ?? false;
      count.textContent = String(number);
      const useful = number > 0 || input.checked;
      const folded = useful && !open && !input.checked && visible >= FOLD;
      item.hidden = !useful || folded;
      if (folded) hidden += 1;
      else if (useful) visible += 1;
    }
    more.hidden = !hidden && !open;
    group.hidden = visible === 0;
  }
}

function showChosen() {
  const buttons = [];
  for (const [facet, values] of state.chosen) {
    for (const value of values) {
      const button = make("button", { type: "button" }, value, make("span", { class: "sr" }, "：取消这个条件"));
      button.addEventListener("click", () => choose(facet, value, false, at("status")));
      buttons.push(button);
    }
  }
  if (buttons.length > 1) {
    const all = make("button", { type: "button", class: "clear" }, "全部取消");
    all.addEventListener("click", () => {
      state.chosen.clear();
      writeAddress();
      guarded(update);
      at("q").focus();
    });
    buttons.push(all);
  }
  at("chosen").replaceChildren(...buttons);
  at("filters-count").textContent = buttons.length ? `（已选 ${[...state.chosen.values()].reduce((n, s) => n + s.size, 0)} 项）` : "";
}

function choose(facet, value, on, focus) {
  const values = state.chosen.get(facet) ?? new Set();
  if (on) values.add(value);
  else values.delete(value);
  if (values.size) state.chosen.set(facet, values);
  else state.chosen.delete(facet);
  writeAddress();
  guarded(update);
  if (focus) {
    focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
  }
}

// ── start ──────────────────────────────────────────────────────────────────

function fail(error) {
  console.error(error);
  at("search").hidden = true;
  at("failure").hidden = false;
}

const guarded = (work) => work().catch(fail);

function fromAddress() {
  state = readAddress();
  at("q").value = state.q;
  for (const input of document.getElementsByName("sort")) input.checked = input.value === state.sort;
  return update();
}

async function start() {
  const [reply, module] = await Promise.all([fetch("/search/table.json"), import("/pagefind/pagefind.js")]);
  if (!reply.ok) throw new Error(`/search/table.json: ${reply.status}`);
  table = await reply.json();
  pagefind = module;
  await pagefind.init();
  buildFacets();
  at("search").hidden = false;
  at("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    state.q = at("q").value.trim();
    writeAddress();
    guarded(() => update({ focus: true }));
  });
  at("filter-form").addEventListener("change", (event) => {
    guarded(async () => choose(event.target.name, event.target.value, event.target.checked));
  });
  at("sort").addEventListener("change", (event) => {
    state.sort = event.target.value;
    writeAddress();
    guarded(update);
  });
  at("more").addEventListener("click", () => guarded(() => showMore(turn, { focus: true })));
  window.addEventListener("popstate", () => guarded(fromAddress));
  await fromAddress();
}

guarded(start);
