// Live reload for editors: reloads when the site was built anew, shows problems over the page when it was not.
"use strict";
(() => {
  let version = null;
  let panel = null;

  function show(problems, built) {
    panel?.remove();
    panel = null;
    if (!problems.length) return;
    panel = document.createElement("section");
    panel.className = "portal-problems";
    panel.setAttribute("role", "alert");
    const title = document.createElement("h2");
    const stops = problems.filter((p) => p.severity === "阻断").length;
    title.textContent = !stops
      ? `有 ${problems.length} 处提醒`
      : built
        ? `有 ${stops} 处问题，网页还是改动以前的样子`
        : `有 ${stops} 处问题，还没有生成网页`;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "收起";
    close.addEventListener("click", () => panel.remove());
    const list = document.createElement("ol");
    for (const p of problems) {
      const item = document.createElement("li");
      for (const [name, text] of [
        ["place", `${p.path} 第 ${p.line} 行第 ${p.column} 列${p.field ? `（${p.field}）` : ""}`],
        ["what", p.what],
        ["remedy", `改法：${p.remedy}`],
      ]) {
        const line = document.createElement("p");
        line.className = name;
        line.textContent = text;
        item.append(line);
      }
      list.append(item);
    }
    panel.append(title, close, list);
    document.body.append(panel);
  }

  const events = new EventSource("/_portal/events");
  events.addEventListener("message", (event) => {
    const state = JSON.parse(event.data);
    if (version !== null && state.built !== version) location.reload();
    version = state.built;
    show(state.problems, state.built);
  });
  addEventListener("pagehide", () => events.close());
})();
