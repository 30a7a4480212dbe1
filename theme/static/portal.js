// Small progressive behaviours. Every page is complete without them.
(() => {
  const root = document.documentElement;

  // 长者模式: remembered by this browser only.
  for (const button of document.querySelectorAll(".mode")) {
    const mode = button.dataset.mode;
    button.setAttribute("aria-pressed", String(root.classList.contains(mode)));
    button.addEventListener("click", () => {
      const on = root.classList.toggle(mode);
      button.setAttribute("aria-pressed", String(on));
      try {
        if (on) localStorage.setItem(`portal-${mode}`, "1");
        else localStorage.removeItem(`portal-${mode}`);
      } catch {
        // Storage is refused: the mode lasts for this page.
      }
      unfold();
    });
  }

  for (const button of document.querySelectorAll("button.print")) {
    button.addEventListener("click", () => window.print());
  }

  // Side navigation: where the stylesheet hides the summary (wide pages) the content stands open.
  const folds = [...document.querySelectorAll("details.fold")];
  let wide;
  function unfold() {
    if (!folds.length) return;
    const now = getComputedStyle(folds[0].querySelector("summary")).display === "none";
    if (now === wide) return;
    wide = now;
    for (const fold of folds) fold.open = now;
  }
  unfold();
  if (window.ResizeObserver) new ResizeObserver(unfold).observe(document.body);

  // 国办发〔2017〕47号: a notice before leaving for another site.
  if (typeof HTMLDialogElement === "function") {
    const site = document.querySelector('meta[name="SiteName"]')?.content ?? document.title;
    let dialog, address, go;
    const build = () => {
      dialog = document.createElement("dialog");
      dialog.className = "leave";
      dialog.setAttribute("aria-labelledby", "leave-title");
      const title = document.createElement("h2");
      title.id = "leave-title";
      title.textContent = `您访问的链接即将离开“${site}”，是否继续？`;
      address = document.createElement("p");
      address.className = "leave-address";
      const actions = document.createElement("div");
      actions.className = "leave-actions";
      go = document.createElement("a");
      go.className = "button";
      go.rel = "noopener external";
      go.textContent = "继续访问";
      go.addEventListener("click", () => dialog.close());
      const stay = document.createElement("button");
      stay.type = "button";
      stay.className = "button button-plain";
      stay.textContent = "留在本站";
      stay.addEventListener("click", () => dialog.close());
      actions.append(go, stay);
      dialog.append(title, address, actions);
      document.body.append(dialog);
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a.external");
      if (!link || event.defaultPrevented) return;
      event.preventDefault();
      if (!dialog) build();
      address.textContent = link.href;
      go.href = link.href;
      dialog.showModal();
    });
  }
})();
