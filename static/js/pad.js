"use strict";
// Drawing on the pad with mouse, pen or finger: a drag is one action. By keyboard each pixel is a button.
(() => {
  let stroke = null; // {on, cells}: the drag under way
  let drawn = false; // a click follows a drag of the mouse: it was counted already
  let sent = new Map(); // the pixels of the last drag, and what they were before

  const pixelAt = (target) => target?.closest?.("[data-draws=ink] button[aria-pressed]");
  const place = (pixel) => pixel.id.split("-").slice(1).map(Number); // px-<row>-<column>

  function ink(pixel) {
    if (!pixel || stroke.cells.has(pixel.id)) return;
    stroke.cells.set(pixel.id, pixel.getAttribute("aria-pressed"));
    pixel.setAttribute("aria-pressed", stroke.on); // at once; the answer brings the rest
  }

  document.addEventListener("pointerdown", (event) => {
    drawn = false;
    const pixel = pixelAt(event.target);
    if (!pixel || event.button !== 0 || !event.isPrimary || event.shiftKey) return;
    if (pixel.hasPointerCapture(event.pointerId)) pixel.releasePointerCapture(event.pointerId);
    stroke = { on: pixel.getAttribute("aria-pressed") !== "true", cells: new Map() };
    ink(pixel);
  });

  document.addEventListener("pointermove", (event) => {
    if (!stroke || !event.isPrimary) return;
    for (const point of event.getCoalescedEvents?.() ?? [event]) {
      ink(pixelAt(document.elementFromPoint(point.clientX, point.clientY)));
    }
  });

  document.addEventListener("pointerup", (event) => {
    if (!stroke || !event.isPrimary) return;
    const form = document.getElementById("stroke");
    form.elements.cells.value = [...stroke.cells.keys()]
      .map((id) => place(document.getElementById(id)).join(","))
      .join(" ");
    form.elements.on.value = stroke.on;
    sent = stroke.cells;
    stroke = null;
    drawn = true;
    form.requestSubmit();
  });

  function takeBack(cells) {
    for (const [id, pressed] of cells) document.getElementById(id)?.setAttribute("aria-pressed", pressed);
  }

  document.addEventListener("pointercancel", () => {
    takeBack(stroke?.cells ?? []);
    stroke = null;
  });

  document.addEventListener("lost", ({ target }) => {
    if (target.id === "stroke") takeBack(sent);
  });

  // A click by keyboard has no detail: it follows no drag, whatever a finger did before.
  document.addEventListener("click", (event) => {
    if (drawn && event.detail > 0 && pixelAt(event.target)) event.preventDefault();
    drawn = false;
  }, true);

  document.addEventListener("keydown", (event) => {
    const pixel = pixelAt(event.target);
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!pixel || event.repeat) return;
    if (event.key === "Escape") pixel.blur();
    if (!move) return;
    const [row, column] = place(pixel);
    document.getElementById(`px-${row + move[0]}-${column + move[1]}`)?.focus();
    event.preventDefault();
  });
})();
