// The results as they stand on the page, what is said of them, and what can be done with them as a list.

import { STEP, count } from "./search-address.js";
import { at, badge, hasEnded, make, marks, short } from "./search-dom.js";
import { site } from "./search-engine.js";

const FOLLOWED = ["kind", "theme", "organ"]; // whose values have lists with feeds
const TOLD = 40; // characters of a query in a sentence
const GLANCE = 300; // milliseconds in which nobody can have seen that something new stands under the pointer

const title = document.title;
const siteFeed = document.querySelector('link[rel="alternate"][type="application/atom+xml"]')?.getAttribute("href");

let total = 0; // results of the last answer
let moved = -Infinity; // when results were last put where others stood, or the button

export const shownResults = () => at("results").children.length;

export function say(...words) {
  at("status").replaceChildren(...words);
}

export function showResults(found, state) {
  total = found.total;
  at("results").replaceChildren(...found.cards.map(result));
  showRelated([]);
  at("empty").hidden = total > 0;
  at("empty-filters").hidden = !count(state.chosen);
  at("sort").hidden = !state.q || total < 2;
  at("again").hidden = true;
  showRest();
  showFollow(state);
  nameTitle(state);
}

export function addResults(cards) {
  at("results").append(...cards.map(result));
  moved = performance.now();
  showRest();
  at("more-status").textContent = `又显示 ${cards.length} 条，共 ${total} 条`;
}

// After a failure: title and results would be those of an earlier query.
export function clearResults(state) {
  for (const id of ["more-line", "empty", "sort", "follow"]) at(id).hidden = true;
  at("results").replaceChildren();
  showRelated([]);
  nameTitle(state);
}

function nameTitle({ q }) {
  // Marks that turn the direction of writing would turn the title with it.
  document.title = q ? `${short(q.replace(/\p{Bidi_Control}/gu, ""), TOLD)} - ${title}` : title;
}

const NEAR = {
  named: ["您要找的可能是", ""],
  plain: ["不计标点的结果", "下面的信息含有您输入的全部字词，只是标点不同。"],
  nearly: ["相关结果", "下面的信息含有您输入的大部分字词，但不是全部。"],
};

// Above: among them is what the reader named, in another spelling. Below they come last: nothing moves when they appear.
export function showRelated(cards, { how = "nearly", plain = "", above = false } = {}) {
  const [heading, note] = NEAR[how];
  if (above) {
    moved = performance.now();
    at("exact-title").before(at("related"));
  } else at("follow").after(at("related"));
  at("related").classList.toggle("first", above);
  at("related-title").textContent = heading;
  at("related-note").replaceChildren(note);
  at("related-note").hidden = !note;
  if (plain) at("related-note").append(make("a", { href: `?q=${encodeURIComponent(plain)}` }, `搜索“${short(plain, TOLD)}”`));
  at("exact-title").hidden = !above || !total;
  at("related-results").replaceChildren(...cards.map(result));
  at("related").hidden = !cards.length;
}

// What the status says of the last answer; `ignored`: the address named filters that the site has not; `beside`: what is
// near.
export function sentence({ q, chosen }, ignored, beside = "") {
  return [...answerOf(q, count(chosen) > 0), beside, ignored ? "（已忽略无效的筛选条件）" : ""];
}

function answerOf(q, filtered) {
  // Isolated, so that a query of marks that turn the direction of writing turns nothing but itself.
  const quoted = /^[“"「『].*[”"」』]$/u.test(q); // twice would read as nonsense
  const asked = [quoted ? "" : "“", make("bdi", {}, short(q, TOLD)), quoted ? "" : "”"];
  if (!q) return [filtered ? `所选条件下共 ${total} 条，新的在前` : `全部 ${total} 条信息，新的在前`];
  if (total) return [...asked, filtered ? `在所选条件下共找到 ${total} 条` : `共找到 ${total} 条`];
  return [filtered ? "在所选条件下没有找到" : "没有找到", ...asked];
}

export function showRest() {
  const left = total - shownResults();
  at("more-line").hidden = left <= 0;
  at("more-status").textContent = "";
  at("more").textContent = `显示更多（还有 ${left} 条）`;
}

function result(card) {
  const heading = make("h3", {}, make("a", { href: card.url }, ...marks(card.title)));
  if (card.validity) heading.append(" ", badge(card.validity));
  const day = card.date.slice(0, 10);
  const facts = make("p", { class: "facts" }, make("time", { datetime: day }, day), make("span", {}, card.kind));
  if (card.organ) facts.append(make("span", {}, card.organ));
  if (card.docNo.length) facts.append(make("span", {}, ...marks(card.docNo)));
  if (card.indexNo.length) facts.append(make("span", { class: "code" }, ...marks(card.indexNo)));
  const { files = [] } = card; // the attachments in which it was found
  if (card.attachments && !files.length) facts.append(make("span", {}, "有附件"));
  const item = make("li", { class: "result" }, heading, facts);
  if (hasEnded(card.validity)) item.classList.add("ended");
  if (files.length) {
    const links = files.flatMap(({ url, title: name }) => ["、", make("a", { href: url }, ...marks(name))]);
    item.append(make("p", { class: "in-file" }, "见附件：", ...links.slice(1)));
  }
  for (const excerpt of card.excerpts) item.append(make("p", { class: "excerpt" }, ...marks(excerpt)));
  return item;
}

// A list of exactly one value can be followed, and so can the list of everything.
function showFollow({ q, chosen }) {
  const values = FOLLOWED.flatMap((facet) => (chosen[facet] ?? []).map((value) => [facet, value]));
  let name = "全部信息";
  let list;
  let feed;
  if (values.length === 1) {
    const [[facet, value]] = values;
    name = value;
    [list, feed] = site.lists[facet]?.[value] ?? [];
  } else if (!q && !count(chosen)) feed = siteFeed;
  at("follow").hidden = !feed;
  if (!feed) return;
  at("follow-feed").href = feed;
  at("follow-feed").textContent = `订阅“${name}”的更新`;
  at("follow-list").hidden = !list;
  at("follow-list").href = list ?? feed;
  at("follow-list").textContent = `打开“${name}”列表`;
}

export function prepareResults() {
  // The second press of a double click on the button would open the result that has come to stand there. Keys have no detail.
  for (const id of ["results", "related-results"]) {
    at(id).addEventListener("click", (event) => {
      if (event.detail && performance.now() - moved < GLANCE) event.preventDefault();
    });
  }
}
