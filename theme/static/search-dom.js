// Nodes and words that several parts of the search page make.

export const at = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// [[text, whether it was searched for], …] as nodes.
export const marks = (parts) => parts.map(([text, marked]) => (marked ? make("mark", {}, text) : text));

export function short(text, length) {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length).join("")}……` : text;
}

const TONES = { 有效: "in-force", 已修改: "amended", 尚未施行: "not-yet", 失效: "expired", 废止: "repealed" };

export const VALIDITIES = Object.keys(TONES); // in the order in which they are listed

export const hasEnded = (validity) => validity === "废止" || validity === "失效";

export const badge = (validity) => make("span", { class: `badge badge-${TONES[validity] ?? "expired"}` }, validity);

// 科技、教育/科技奖励: the theme, and under it what it belongs to.
export function named(facet, value) {
  const cut = facet === "theme" ? value.lastIndexOf("/") : -1;
  return cut < 0 ? [value] : [value.slice(cut + 1), make("span", { class: "under" }, value.slice(0, cut))];
}
