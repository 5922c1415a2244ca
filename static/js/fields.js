"use strict";
// Numbers that are typed where they stand: arrows go from cell to cell, and an answer has the last word.
(() => {
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    const move = ARROWS[event.key];
    const td = event.target.closest?.("main td");
    // In a field the arrows to the sides belong to its text.
    if (!td || event.repeat || event.defaultPrevented) return;
    if (event.key === "Escape") event.target.blur();
    if (!move || (event.target.matches("input") && move[0] === 0)) return;
    const row = td.closest("table").rows[td.parentElement.rowIndex + move[0]];
    row?.cells[td.cellIndex + move[1]]?.querySelector("button, input")?.focus();
    event.preventDefault();
  });

  // Morphing leaves alone what somebody typed: put there what the answer says, once it was sent.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    for (const field of ctx.sourceElement.querySelectorAll?.("[data-submit]") ?? []) field.value = field.defaultValue;
  });
})();
