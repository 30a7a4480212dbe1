// The search page. The engine (search-worker.js) finds, filters, counts and cuts excerpts, in a worker; this module asks it
// for what the state says, and has the answers shown (search-results.js, search-filters.js). Query, filters and order stand
// in the address (search-address.js); while a reader types there are suggestions (search-suggestions.js).

import { LONGEST, STEP, addressOf, clean, count, known, readAddress, remember, rememberTyped } from "./search-address.js";
import { at, make } from "./search-dom.js";
import { TooOld, abandon, ask, drop, engine, opened, site } from "./search-engine.js";
import { buildFilters, clearCounts, prepareFilters, showChosen, showCounts, tick } from "./search-filters.js";
import { addResults, clearResults, prepareResults, say, sentence, showRelated, showRest, showResults, shownResults } from "./search-results.js";
import { composing, dropSuggestions, prepareSuggestions } from "./search-suggestions.js";

// Milliseconds.
const NOTICEABLE = 250; // before it is said that a search is under way
const SLOW = 10_000; // before a retry is offered
const ENDLESS = 45_000; // before it is given up

let state; // { q, sort, chosen: facet → values, shown }: never changed, only replaced
let ignored = false; // whether the address named filters that the site has not
let keeper; // the engine that keeps the results shown: a new one must be asked for them before it has more
let turn = 0; // what was asked before the last turn is not shown any more
let looks = 0; // so too what was looked for beside the results of an earlier answer
let working = Promise.resolve(); // until the last question is answered
let settled = false; // whether the page shows what the state says

// ── what is asked for ──────────────────────────────────────────────────────

// Takes values that the site has not out of what is asked and out of the address; the status will say so. True where there
// were any.
function dropUnknown(scroll) {
  buildFilters(site.values);
  const chosen = known(state.chosen, site.values);
  showChosen(chosen);
  if (count(chosen) === count(state.chosen)) return false;
  state = { ...state, chosen };
  ignored = true;
  remember(state, addressOf(state), scroll);
  return true;
}

// A new query, filter or order: an entry of the history of its own, unless nothing is new.
function go(change) {
  const next = { ...state, shown: STEP, ...change };
  if (next.q !== state.q || addressOf(next) !== addressOf(state)) {
    remember(state);
    history.pushState({ q: next.q, shown: next.shown, scroll: 0 }, "", addressOf(next));
  }
  state = next;
  ignored = false;
  at("q").value = state.q;
  showChosen(state.chosen);
  update();
}

// ── asking ─────────────────────────────────────────────────────────────────

async function update({ scroll } = {}) {
  const mine = ++turn;
  settled = false;
  dropSuggestions();
  tick(state);
  if (mine > 1) drop();
  const calm = busy(mine);
  await inTurn(mine, () => search(mine, scroll));
  calm();
}

// The engine keeps the results of one search: the next is asked for when this one has been read, unless by then there is one
// that is newer.
function inTurn(mine, act) {
  const next = () => (mine === turn ? act() : undefined);
  working = working.then(next, next);
  return working;
}

async function search(mine, scroll) {
  try {
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
    remember(state);
    lookFurther(mine, scroll);
  } catch (error) {
    if (error.message === "superseded") return;
    abandon(error);
    if (mine === turn) fail(error);
  }
}

function show(found) {
  showResults(found, state);
  showCounts(found, state);
  say(...sentence(state, ignored));
}

async function find(mine, shown = state.shown) {
  const { q, chosen, sort } = state;
  const answer = await ask("search", { query: q, chosen, sort });
  if (mine !== turn) return undefined;
  keeper = engine;
  // A site published meanwhile may not have the values that were asked for.
  if (dropUnknown()) return find(mine, shown);
  const cards = answer.total ? await ask("cards", { from: 0, count: shown, related: false }) : [];
  return { ...answer, cards };
}

async function showMore() {
  // Not `disabled`, which would take the focus away: a second press does nothing until the first is answered.
  if (at("more").getAttribute("aria-disabled") === "true") return;
  at("more").setAttribute("aria-disabled", "true");
  at("more-status").textContent = "";
  const mine = turn;
  const calm = busy(mine, () => {
    at("more").textContent = "正在加载……";
  });
  await inTurn(mine, () => (settled ? bringMore(mine) : undefined));
  at("more").removeAttribute("aria-disabled");
  calm();
}

async function bringMore(mine) {
  try {
    await opened();
    if (mine !== turn) return;
    // Counted only now: what was under way before may have brought another list.
    const from = shownResults();
    const cards = await next(mine, from);
    if (mine !== turn) return;
    if (cards.length) {
      addResults(cards);
    } else {
      // What the engine had found is gone with an older index, or with an older engine: all is asked again.
      const found = await find(mine, from + STEP);
      if (mine !== turn) return;
      show(found);
      lookFurther(mine);
    }
    state = { ...state, shown: Math.max(STEP, shownResults()) };
    (at("results").children[from]?.querySelector("a") ?? at("status")).focus();
    remember(state);
  } catch (error) {
    console.info(error); // for who looks; what was found before stays
    if (mine !== turn) return;
    showRest();
    at("more-status").textContent = "没有加载成功，可能是网络中断了。请再按一次“显示更多”。";
  }
}

// The next results, or none where the engine does not have them any more.
async function next(mine, from) {
  if (keeper !== engine) return [];
  try {
    return await ask("cards", { from, count: STEP, related: false });
  } catch (error) {
    if (mine !== turn || !engine) throw error;
    return [];
  }
}

// Beside what holds the query there may be what nearly does. It takes longer, so it is looked for when the results stand;
// nobody was promised any, so nothing is said where that fails.
async function lookFurther(mine, scroll) {
  const own = ++looks;
  if (!state.q) return;
  const reached = window.scrollY;
  const stale = () => mine !== turn || own !== looks;
  try {
    const { related, total, how, plain } = await ask("near", {});
    if (stale() || !related) return;
    const cards = await ask("cards", { from: 0, count: related, related: true });
    if (stale() || !cards.length) return;
    // Above the results only while nobody reads them: what stands under the eye or the finger must not move.
    const { activeElement: active } = document;
    const untouched = window.scrollY === reached && !at("results").contains(active) && !at("more-line").contains(active);
    showRelated(cards, { how, plain, above: how !== "nearly" && untouched });
    say(...sentence(state, ignored, how === "plain" ? `，不计标点有 ${total} 条` : `，另有 ${cards.length} 条相关结果`));
    // Who comes back may have been further down than the page reached without this.
    if (scroll !== undefined && untouched) window.scrollTo({ top: scroll, behavior: "instant" });
  } catch (error) {
    if (error.message !== "superseded") console.info(error);
  }
}

// ── waiting and failing ────────────────────────────────────────────────────

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
  clearResults(state);
  clearCounts();
  if (site) {
    showChosen(state.chosen);
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

// ── start ──────────────────────────────────────────────────────────────────

function prepare() {
  prepareSuggestions();
  prepareFilters((change) => go({ chosen: change(state.chosen) }));
  prepareResults();
  at("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (composing) return;
    // On a phone the keyboard covers what was found.
    if (matchMedia("(pointer: coarse)").matches) at("q").blur();
    go({ q: clean(at("q").value) });
  });
  at("sort").addEventListener("change", ({ target }) => go({ sort: target.value }));
  at("more").addEventListener("click", showMore);
  for (const id of ["again", "failure-again"]) at(id).addEventListener("click", again);

  history.scrollRestoration = "manual"; // only here is it known when there is something to scroll
  let scrolled;
  addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => settled && remember(state), 250);
  }, { passive: true });
  addEventListener("pagehide", () => {
    dropSuggestions(); // else they stand open when the browser brings the page back as it was
    if (settled) remember(state);
    rememberTyped(at("q").value);
  });
  addEventListener("popstate", (event) => {
    if (!event.state) return remember(state); // a jump within the page, which searches nothing
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
const entry = history.state;
state = readAddress(entry);
at("q").value = entry?.typed ?? state.q;
remember(state, state.q.length > LONGEST ? addressOf(state) : undefined);
update({ scroll: entry?.scroll || undefined });
