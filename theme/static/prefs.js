// Runs before the first paint, so that a reader's saved mode (大字, 高对比) never flashes.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    ["large", "contrast"].forEach(function (mode) {
      if (localStorage.getItem("portal-" + mode) === "1") root.classList.add(mode);
    });
  } catch (error) {
    // Storage is refused: the modes still work for this page.
  }
})();
