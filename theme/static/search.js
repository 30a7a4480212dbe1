// The search page. The engine (search-worker.js) finds, filters, counts and cuts excerpts, in a worker; this module asks
// it, shows its answers as text, and keeps query, filters and order in the address.

const FACETS = [
  ["kind", "信息类型"],
  ["theme", "主题分类"],
  ["organ", "发布机构"],
  ["year", "年份"],
  ["genre", "体裁分类"],
  ["validity", "有效性"],
  ["holds", "正文和附件"],
];
const FOLLOWED = ["kind", "theme", "organ"]; // whose values have lists with feeds
const TONES = { 有效: "in-force", 已修改: "amended", 尚未施行: "not-yet", 失效: "expired", 废止: "repealed" };
const STEP = 10; // results at a time
const MOST = 200; // results shown again on the way back
const FOLD = 6; // values of a facet shown before the rest
const SPARE = 3; // so few more are not worth folding away
const LONGEST = 1000; // characters of a query in an address: servers refuse addresses of some thousands
const TOLD = 40; // characters of a query in a sentence

// Milliseconds.
const TYPING = 200; // of rest before suggestions are asked for
const NOTICEABLE = 250; // before it is said that a search is under way
const SLOW = 10_000; // before a retry is offered
const ENDLESS = 45_000; // before it is given up
const GLANCE = 300; // in which nobody can have seen that something new stands under the pointer

const at = (id) => document.getElementById(id);
const title = document.title;
const siteFeed = document.querySelector('link[rel="alternate"][type="application/atom+xml"]')?.getAttribute("href");

let engine; // after a failure a new one is started with the next question
let opening; // the promise of its first answer
let about; // that answer: values, total, lists
let state = { q: "", sort: "relevance", chosen: {}, shown: STEP }; // never changed, only replaced
let total = 0; // results of the last answer
let keeper; // the engine that keeps the results shown: a new one must be asked for them before it has more
let ignored = false; // whether the address named filters that the site has not
let turn = 0; // what was asked before the last turn is not shown any more
let moved = -Infinity; // when results were last put where others stood, or the button
let looks = 0; // so too what was looked for beside the results of an earlier answer
let working = Promise.resolve(); // until the question under way is answered
let settled = false; // whether the page shows what the state says
let composing = false; // an input method is putting characters together
const boxes = new Map(); // facet → { values: Map(value → parts of its line), more, group, list }

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// [[text, whether it was searched for], …] as nodes.
const marks = (parts) => parts.map(([text, marked]) => (marked ? make("mark", {}, text) : text));

// ── the engine ─────────────────────────────────────────────────────────────

class TooOld extends Error {}

// A worker whose methods are called by messages. `stop` ends it and every call that waits.
function start() {
  let asModule = false;
  const options = {
    get type() {
      asModule = true; // a browser without module workers does not look
      return "module";
    },
  };
  let worker;
  try {
    worker = new Worker(at("search-form").dataset.engine, options);
  } catch (error) {
    throw new TooOld(String(error));
  }
  const waiting = new Map();
  let asked = 0;
  let answered = false;
  let ended;
  const stop = (error) => {
    ended ??= error;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.addEventListener("message", ({ data: { id, result, error } }) => {
    answered = true;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
  });
  // With a message the script came, and the browser could not read it; without one it did not come.
  worker.addEventListener("error", (event) => {
    stop(event.message && !answered ? new TooOld(event.message) : new Error("search-worker.js"));
  });
  if (!asModule) stop(new TooOld("module workers"));
  return {
    stop,
    ask: (method, argument) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        waiting.set(++asked, { resolve, reject });
        worker.postMessage({ id: asked, method, argument });
      }),
  };
}

function opened() {
  if (!opening) {
    const mine = (async () => {
      engine = start();
      learn(await engine.ask("open"));
    })();
    opening = mine;
    mine.catch((error) => opening === mine && abandon(error));
  }
  return opening;
}

// What the engine says of the site; the filters are built anew only when they have other values.
function learn(news) {
  const before = JSON.stringify(about?.values);
  about = { ...about, ...news };
  if (JSON.stringify(about.values) !== before) buildFacets();
}

function abandon(error) {
  engine?.stop(error);
  engine = opening = undefined;
}

// ── the address ────────────────────────────────────────────────────────────

// As it can stand in an address and in a field of one line: half characters would throw, and are no text.
const clean = (text) => text.replace(/\p{Cs}/gu, "").replace(/\s+/g, " ").trim();

function readAddress(saved) {
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

function addressOf({ q, sort, chosen }) {
  const parameters = new URLSearchParams();
  if (q && q.length <= LONGEST) parameters.set("q", q);
  if (sort === "date") parameters.set("sort", "date");
  for (const [facet] of FACETS) for (const value of chosen[facet] ?? []) parameters.append(facet, value);
  const query = parameters.toString();
  return location.pathname + (query ? `?${query}` : "");
}

// What the address cannot say stands in the entry of the history: a long query, how many results, how far down.
function remember(address, scroll = window.scrollY) {
  try {
    history.replaceState({ q: state.q, shown: state.shown, scroll }, "", address);
  } catch {
    // A browser allows so many entries a minute: the place is then a little off on the way back.
  }
}

// What an address may name, and the site has not: an organ that was renamed, a year without records.
function known(asked) {
  const chosen = {};
  for (const [facet] of FACETS) {
    const values = (asked.chosen[facet] ?? []).filter((value) => about.values[facet]?.includes(value));
    if (values.length) chosen[facet] = values;
  }
  return { ...asked, chosen };
}

// Takes such values out of what is asked and out of the address; the status will say so. True where there were any.
function dropUnknown(scroll) {
  const before = count(state.chosen);
  state = known(state);
  showChosen();
  if (count(state.chosen) === before) return false;
  ignored = true;
  remember(addressOf(state), scroll);
  return true;
}

const count = (chosen) => Object.values(chosen).reduce((sum, values) => sum + values.length, 0);

// A new query, filter or order: an entry of the history of its own, unless nothing is new.
function go(change) {
  const next = { ...state, shown: STEP, ...change };
  if (next.q !== state.q || addressOf(next) !== addressOf(state)) {
    remember();
    history.pushState({ q: next.q, shown: next.shown, scroll: 0 }, "", addressOf(next));
  }
  state = next;
  ignored = false;
  at("q").value = state.q;
  update();
}

// ── asking ─────────────────────────────────────────────────────────────────

async function update({ scroll } = {}) {
  const mine = ++turn;
  settled = false;
  dropSuggestions();
  tick();
  const calm = busy(mine);
  // The engine keeps the results of one search: the next is asked for when this one has been read.
  const before = working;
  let done;
  working = new Promise((resolve) => (done = resolve));
  try {
    await before;
    if (mine !== turn) return;
    await opened();
    if (mine !== turn) return;
    dropUnknown(scroll);
    const found = await find(mine).catch((error) => {
      // A site published meanwhile has another index: the engine has read it, and is asked once more.
      if (mine !== turn || !engine) throw error;
      return find(mine);
    });
    if (mine !== turn) return;
    show(found);
    if (scroll !== undefined) window.scrollTo({ top: scroll, behavior: "instant" });
    settled = true;
    remember();
    lookFurther(mine, scroll);
  } catch (error) {
    abandon(error);
    if (mine === turn) fail(error);
  } finally {
    calm();
    done();
  }
}

async function find(mine, shown = state.shown) {
  const { q, chosen, sort } = state;
  const answer = await engine.ask("search", { query: q, chosen, sort });
  if (mine !== turn) return undefined;
  keeper = engine;
  // A site published meanwhile may have other values, and not those that were asked for.
  learn({ values: answer.values ?? about.values });
  if (dropUnknown()) return find(mine, shown);
  const cards = answer.total ? await engine.ask("cards", { from: 0, count: shown, related: false }) : [];
  return { ...answer, cards };
}

async function showMore() {
  // Not `disabled`, which would take the focus away: a second press does nothing until the first is answered.
  if (at("more").getAttribute("aria-disabled") === "true") return;
  at("more").setAttribute("aria-disabled", "true");
  at("more-status").textContent = "";
  const mine = turn;
  const before = working;
  let done;
  working = new Promise((resolve) => (done = resolve));
  const calm = busy(mine, () => {
    at("more").textContent = "正在加载……";
  });
  try {
    await before;
    if (mine !== turn || !settled) return;
    await opened();
    if (mine !== turn) return;
    // Counted only now: what was under way before may have brought another list.
    const from = at("results").children.length;
    const cards = await next(mine, from);
    if (mine !== turn) return;
    if (cards.length) {
      at("results").append(...cards.map(result));
      moved = performance.now();
      showRest();
    } else {
      // What the engine had found is gone with an older index, or with an older engine: all is asked again.
      const found = await find(mine, from + STEP);
      if (mine !== turn) return;
      show(found);
      lookFurther(mine);
    }
    state = { ...state, shown: Math.max(STEP, at("results").children.length) };
    (at("results").children[from]?.querySelector("a") ?? at("status")).focus();
    remember();
  } catch (error) {
    console.info(error); // for who looks; what was found before stays
    if (mine !== turn) return;
    showRest();
    at("more-status").textContent = "没有加载成功，可能是网络中断了。请再按一次“显示更多”。";
  } finally {
    at("more").removeAttribute("aria-disabled");
    calm();
    done();
  }
}

// The next results, or none where the engine does not have them any more.
async function next(mine, from) {
  if (keeper !== engine) return [];
  try {
    return await engine.ask("cards", { from, count: STEP, related: false });
  } catch (error) {
    if (mine !== turn || !engine) throw error;
    return [];
  }
}

// Beside what holds the query there may be what nearly does. It takes longer, so it is looked for when the results stand;
// nobody was promised any, so nothing is said where that fails.
async function lookFurther(mine, scroll) {
  if (!state.q) return;
  const own = ++looks;
  const reached = window.scrollY;
  const stale = () => mine !== turn || own !== looks;
  try {
    const { related, lead } = await engine.ask("near", {});
    if (stale() || !related) return;
    const cards = await engine.ask("cards", { from: 0, count: related, related: true });
    if (stale() || !cards.length) return;
    // Above the results only while nobody reads them: what stands under the eye or the finger must not move.
    const { activeElement: active } = document;
    const untouched = window.scrollY === reached && !at("results").contains(active) && !at("more-line").contains(active);
    showRelated(cards, lead && untouched);
    say(...sentence(cards.length));
    // Who comes back may have been further down than the page reached without this.
    if (scroll !== undefined && untouched) window.scrollTo({ top: scroll, behavior: "instant" });
  } catch (error) {
    console.info(error);
  }
}

// Says what goes on when it takes a while, and gives up in the end; returns what ends that.
function busy(mine, tell = () => say("正在搜索……")) {
  const after = (time, act) => setTimeout(() => mine === turn && act(), time);
  const timers = [
    after(NOTICEABLE, () => {
      at("search").classList.add("busy");
      tell();
    }),
    after(SLOW, () => {
      if (settled) return;
      say("网络较慢，仍在搜索……");
      at("again").hidden = false;
    }),
    after(ENDLESS, () => abandon(new Error("no answer"))),
  ];
  return () => {
    for (const timer of timers) clearTimeout(timer);
    if (mine === turn) at("search").classList.remove("busy");
  };
}

function again() {
  abandon(new Error("asked again"));
  at("failure").hidden = true;
  at("search").hidden = false;
  at("status").focus({ preventScroll: true });
  update();
}

function fail(error) {
  console.info(error); // for who looks; the reader is told below
  for (const id of ["more-line", "empty", "sort", "follow"]) at(id).hidden = true;
  at("results").replaceChildren();
  showRelated([]);
  // Title and numbers would be those of an earlier query.
  nameTitle();
  for (const { values } of boxes.values()) for (const { number } of values.values()) number.textContent = "";
  if (about) {
    showChosen();
    say("搜索没有成功，可能是网络中断了。您输入的内容还在，请重试。");
    at("again").hidden = false;
    return;
  }
  const old = error instanceof TooOld;
  at("failure-words").replaceChildren(
    ...(old
      ? [make("strong", {}, "您的浏览器版本太旧，不能使用本站的搜索。"), "请换用较新的浏览器，或者从下面的目录查找。"]
      : [make("strong", {}, "搜索暂时不可用。"), "搜索索引没有加载成功，可能是网络中断了。请稍后重试，或者从下面的目录查找。"]),
  );
  at("failure-again").hidden = old;
  at("search").hidden = true;
  at("failure").hidden = false;
}

// ── what was found ─────────────────────────────────────────────────────────

function say(...words) {
  at("status").replaceChildren(...words);
}

const short = (text, length = TOLD) => {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length).join("")}……` : text;
};

function show(found) {
  total = found.total;
  at("results").replaceChildren(...found.cards.map(result));
  showRelated([]);
  at("empty").hidden = total > 0;
  at("empty-filters").hidden = !count(state.chosen);
  at("sort").hidden = !state.q || total < 2;
  at("again").hidden = true;
  showRest();
  showFacets(found);
  showFollow();
  nameTitle();
  say(...sentence(0));
}

function nameTitle() {
  // Marks that turn the direction of writing would turn the title with it.
  document.title = state.q ? `${short(state.q.replace(/\p{Bidi_Control}/gu, ""))} - ${title}` : title;
}

// Above: among them is what the reader named, in another spelling. Below they come last: nothing moves when they appear.
function showRelated(cards, above = false) {
  looks += 1;
  if (above) moved = performance.now();
  if (above) at("exact-title").before(at("related"));
  else at("follow").after(at("related"));
  at("related").classList.toggle("first", above);
  at("related-title").textContent = above ? "您要找的可能是" : "相关结果";
  at("related-note").hidden = above;
  at("exact-title").hidden = !above || !total;
  at("related-results").replaceChildren(...cards.map(result));
  at("related").hidden = !cards.length;
}

function sentence(related) {
  const more = `${related ? `，另有 ${related} 条相关结果` : ""}${ignored ? "（已忽略无效的筛选条件）" : ""}`;
  return [...answerOf(), more];
}

function answerOf() {
  // Isolated, so that a query of marks that turn the direction of writing turns nothing but itself.
  const asked = ["“", make("bdi", {}, short(state.q)), "”"];
  const filtered = count(state.chosen) > 0;
  if (!state.q) return [filtered ? `所选条件下共 ${total} 条，新的在前` : `全部 ${total} 条信息，新的在前`];
  if (total) return [...asked, filtered ? `在所选条件下共找到 ${total} 条` : `共找到 ${total} 条`];
  return [filtered ? "在所选条件下没有找到" : "没有找到", ...asked];
}

function showRest() {
  const left = total - at("results").children.length;
  at("more-line").hidden = left <= 0;
  at("more-status").textContent = "";
  at("more").textContent = `显示更多（还有 ${left} 条）`;
}

const badge = (validity) => make("span", { class: `badge badge-${TONES[validity] ?? "expired"}` }, validity);

function result(card) {
  const heading = make("h3", {}, make("a", { href: card.url }, ...marks(card.title)));
  if (card.validity) heading.append(" ", badge(card.validity));
  const day = card.date.slice(0, 10);
  const facts = make("p", { class: "facts" }, make("time", { datetime: day }, day), make("span", {}, card.kind));
  if (card.organ) facts.append(make("span", {}, card.organ));
  if (card.docNo.length) facts.append(make("span", {}, ...marks(card.docNo)));
  if (card.indexNo.length) facts.append(make("span", { class: "code" }, ...marks(card.indexNo)));
  if (card.attachments && !card.attachment) facts.append(make("span", {}, "有附件"));
  const item = make("li", { class: "result" }, heading, facts);
  if (card.validity === "废止" || card.validity === "失效") item.classList.add("ended");
  if (card.attachment) {
    const link = make("a", { href: card.attachment.url }, ...marks(card.attachment.title));
    item.append(make("p", { class: "in-file" }, "见附件：", link));
  }
  for (const excerpt of card.excerpts) item.append(make("p", { class: "excerpt" }, ...marks(excerpt)));
  return item;
}

// A list of exactly one value can be followed, and so can the list of everything.
function showFollow() {
  const values = FOLLOWED.flatMap((facet) => (state.chosen[facet] ?? []).map((value) => [facet, value]));
  let name = "全部信息";
  let list;
  let feed;
  if (values.length === 1) {
    const [[facet, value]] = values;
    name = value;
    [list, feed] = about.lists[facet]?.[value] ?? [];
  } else if (!state.q && !count(state.chosen)) feed = siteFeed;
  at("follow").hidden = !feed;
  if (!feed) return;
  at("follow-feed").href = feed;
  at("follow-feed").textContent = `订阅“${name}”的更新`;
  at("follow-list").hidden = !list;
  at("follow-list").href = list ?? feed;
  at("follow-list").textContent = `打开“${name}”列表`;
}

// ── filters ────────────────────────────────────────────────────────────────

// 科技、教育/科技奖励: the theme, and under it what it belongs to.
function named(facet, value) {
  const cut = facet === "theme" ? value.lastIndexOf("/") : -1;
  return cut < 0 ? [value] : [value.slice(cut + 1), make("span", { class: "under" }, value.slice(0, cut))];
}

function buildFacets() {
  // Where the site was published again under the reader's hands, they stay where they are.
  const expanded = [...boxes].filter(([, { more }]) => more.getAttribute("aria-expanded") === "true").map(([facet]) => facet);
  const focused = at("filter-form").contains(document.activeElement) ? document.activeElement : undefined;
  boxes.clear();
  for (const [facet, name] of FACETS) {
    if ((about.values[facet] ?? []).length < 2) continue;
    const values = new Map();
    const list = make("ul");
    for (const value of about.values[facet]) {
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

// Years newest first, validity in its own order, the rest by how many results they have.
function inOrder(facet, values) {
  const names = [...values.keys()];
  if (facet === "year") return names.sort().reverse();
  if (facet === "validity") {
    const order = Object.keys(TONES);
    return names.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  }
  return names.sort((a, b) => values.get(b).count - values.get(a).count);
}

// The controls say at once what is asked for, the numbers follow with the answer.
function tick() {
  for (const input of document.getElementsByName("sort")) input.checked = input.value === state.sort;
  for (const [facet, { values }] of boxes) {
    for (const [value, { input }] of values) input.checked = state.chosen[facet]?.includes(value) ?? false;
  }
}

function showFacets({ counts, whole }) {
  tick();
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
  const values = (state.chosen[facet] ?? []).filter((other) => other !== value);
  if (on) values.push(value);
  const { [facet]: _, ...others } = state.chosen;
  go({ chosen: values.length ? { ...others, [facet]: values } : others });
}

let shownChosen; // as text

function showChosen() {
  const now = JSON.stringify(state.chosen);
  if (now === shownChosen) return;
  shownChosen = now;
  const buttons = [];
  for (const [facet] of FACETS) {
    for (const value of state.chosen[facet] ?? []) {
      const button = make("button", { type: "button" }, make("span", { class: "sr" }, "取消筛选："), value);
      button.addEventListener("click", () => {
        const chips = at("chosen").children;
        const place = [...chips].indexOf(button);
        choose(facet, value, false);
        showChosen();
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
  go({ chosen: {} });
  showChosen();
  at("status").focus({ preventScroll: true });
}

// ── suggestions ────────────────────────────────────────────────────────────

let typing; // the timer of the next request
let wanted = 0; // answers to what was typed before are dropped
let options = [];
let active = -1;

function dropSuggestions() {
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
    const cards = await engine.ask("suggest", { query, count: 5 });
    if (mine === wanted && document.activeElement === at("q")) showSuggestions(cards, themesWith(query));
  } catch {
    // The search itself works without suggestions, and says so when it does not.
    if (mine === wanted) closeSuggestions();
  }
}

function themesWith(query) {
  const words = query.normalize("NFKC").toLowerCase().split(" ");
  const themes = Object.entries(about.lists.theme ?? {}).filter(([name]) => {
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
  if (card.docNo.length) facts.append("\u3000", ...marks(card.docNo));
  const entry = option(card.url, make("span", {}, ...marks(card.title)));
  if (card.validity === "废止" || card.validity === "失效") entry.append(" ", badge(card.validity));
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

function prepareField() {
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

// ── start ──────────────────────────────────────────────────────────────────

function prepare() {
  prepareField();
  at("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (composing) return;
    // On a phone the keyboard covers what was found.
    if (matchMedia("(pointer: coarse)").matches) at("q").blur();
    go({ q: clean(at("q").value) });
  });
  at("filter-form").addEventListener("change", ({ target }) => choose(target.name, target.value, target.checked));
  at("filters-done").addEventListener("click", () => {
    at("filters").open = false;
    at("status").focus({ preventScroll: true });
    at("status").scrollIntoView({ block: "nearest" });
  });
  at("sort").addEventListener("change", ({ target }) => go({ sort: target.value }));
  at("more").addEventListener("click", showMore);
  // The second press of a double click on the button would open the result that has come to stand there. Keys have no detail.
  for (const id of ["results", "related-results"]) {
    at(id).addEventListener("click", (event) => {
      if (event.detail && performance.now() - moved < GLANCE) event.preventDefault();
    });
  }
  at("drop-filters").addEventListener("click", dropFilters);
  for (const id of ["again", "failure-again"]) at(id).addEventListener("click", again);

  history.scrollRestoration = "manual"; // only here is it known when there is something to scroll
  let scrolled;
  addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => settled && remember(), 250);
  }, { passive: true });
  addEventListener("pagehide", () => {
    dropSuggestions(); // else they stand open when the browser brings the page back as it was
    if (settled) remember();
  });
  addEventListener("popstate", (event) => {
    if (!event.state) return remember(); // a jump within the page, which searches nothing
    state = readAddress(event.state);
    ignored = false;
    at("q").value = state.q;
    update({ scroll: event.state.scroll });
  });
}

at("failure").hidden = true;
at("failure").classList.add("told");
at("search").hidden = false;
prepare();
state = readAddress(history.state);
at("q").value = state.q;
const scroll = history.state?.scroll || undefined;
remember(state.q.length > LONGEST ? addressOf(state) : undefined);
update({ scroll });
