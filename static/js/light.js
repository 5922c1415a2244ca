"use strict";
// Two-way light: an output cell and its window, a pixel and the outputs that read it, a weight and all that it touches.
(() => {
  const element = (id) => document.getElementById(id);
  const walk = element("walk");
  const cell = (panel, row, column) => element(panel)?.querySelector("table").rows[row]?.cells[column]?.firstElementChild;
  const range = (count) => [...Array(count).keys()];
  const pairs = (rows, columns) => range(rows).flatMap((row) => range(columns).map((column) => [row, column]));

  // How the window walks, and the size of the map that it makes.
  function walked() {
    const panel = element("panel-output");
    const [tall, wide, down, across, apart, aside] = panel.dataset.walk.split(" ").map(Number);
    const rows = panel.querySelector("table").rows;
    return { tall, wide, down, across, apart, aside, high: rows.length, broad: rows[0]?.cells.length ?? 0 };
  }

  const at = (w, [row, column], [i, j]) => [row * w.down + i * w.apart, column * w.across + j * w.aside];

  // What the windows walk: an image, or a map.
  const FROM = element("panel-image") ? "panel-image" : "panel-source";

  // What is to be lit for a cell of a panel, as [panel, row, column].
  const LIGHT = {
    "panel-output": (row, column, w) => pairs(w.tall, w.wide).map((tap) => [FROM, ...at(w, [row, column], tap)]),
    [FROM]: (row, column, w) => pairs(w.high, w.broad)
      .filter((one) => pairs(w.tall, w.wide).some((tap) => String(at(w, one, tap)) === String([row, column])))
      .map((one) => ["panel-output", ...one]),
    "panel-kernel": (row, column, w) => pairs(w.high, w.broad)
      .map((one) => [FROM, ...at(w, one, [row, column])])
      .concat([["panel-window", row, column], ["panel-products", row, column]]),
  };
  for (const name of ["panel-window", "panel-products"]) {
    LIGHT[name] = (row, column) => ["window", "kernel", "products"].map((one) => [`panel-${one}`, row, column]);
  }

  function dark() {
    walk.removeAttribute("data-lit");
    for (const one of walk.querySelectorAll(".lit, .lights")) one.classList.remove("lit", "lights");
  }

  function light(target) {
    const td = target.closest?.("td");
    const panel = td?.closest("section");
    dark();
    if (!panel || !(panel.id in LIGHT)) return;
    walk.setAttribute("data-lit", "");
    td.firstElementChild.classList.add("lights");
    for (const [name, row, column] of LIGHT[panel.id](td.parentElement.rowIndex, td.cellIndex, walked())) {
      cell(name, row, column)?.classList.add("lit");
    }
  }

  walk.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse") light(event.target); });
  walk.addEventListener("pointerleave", dark);
  walk.addEventListener("focusin", ({ target }) => { if (target.matches("td :focus-visible")) light(target); });
  walk.addEventListener("focusout", dark);
})();
