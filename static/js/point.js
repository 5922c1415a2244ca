"use strict";
// Point at a number, and it explains itself: click, tap, or arrows and Enter. The terms light up where they stand.
(() => {
  const element = (id) => document.getElementById(id);
  const stage = document.querySelector("main");
  let shown = ""; // what was pointed at when it was last looked
  let focused = ""; // the address of the number that the keyboard is at

  const number = (target) => target.closest?.("[data-at]") ?? target.closest?.("button")?.querySelector("[data-at]");
  const at = (address) => [...document.querySelectorAll(`[data-at="${CSS.escape(address)}"]`)]
    .filter((one) => !one.closest("#panel-explanation"));

  function point(address) {
    const form = element("point");
    form.elements.address.value = address;
    form.requestSubmit();
  }

  // A button does what it says; its number is pointed at with the shift key, or by the menu key of a long press.
  function pointed(event, always) {
    const found = number(event.target);
    if (!found || event.target.closest("#panel-explanation")) return;
    if (!always && event.target.closest("button, input, a, summary, label")) return;
    event.preventDefault();
    event.stopPropagation();
    point(found.dataset.at);
  }
  document.addEventListener("click", (event) => pointed(event, event.shiftKey), true);
  document.addEventListener("contextmenu", (event) => pointed(event, true));

  // Inside a table of numbers the arrows move. Cells take the focus only when it is their turn.
  const cellOf = (target) => target.closest?.("td");
  function focus(td) {
    const found = td?.querySelector("[data-at]");
    if (!found || td.querySelector("button, input")) return;
    td.tabIndex = -1;
    td.focus();
    focused = found.dataset.at;
  }
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const { target, key } = event;
    const table = target.matches("table[tabindex]") ? target : null;
    const td = target.matches("td[tabindex]") ? target : null;
    if (key === "Escape" && element("unpoint")) element("unpoint").click();
    if (!table && !td) return;
    if (key === "Escape") {
      (td ?? table).blur();
      focused = "";
    } else if (key in MOVES) {
      if (table) focus(table.querySelector("td:has([data-at])"));
      else {
        const rows = td.closest("table").rows;
        focus(rows[td.parentElement.rowIndex + MOVES[key][0]]?.cells[td.cellIndex + MOVES[key][1]]);
      }
    } else if (td && (key === "Enter" || key === " ")) point(number(td.querySelector("[data-at]")).dataset.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // What is pointed at, and its terms, light up; the server's answers know nothing of it.
  function light() {
    for (const one of document.querySelectorAll(".pointed, .term")) one.classList.remove("pointed", "term");
    const panel = element("panel-explanation");
    const address = panel?.dataset.pointed;
    stage?.toggleAttribute("data-pointed", Boolean(element("unpoint"))); // a walk leaves the others their colour
    if (!address) {
      shown = "";
      return;
    }
    for (const chip of panel.querySelectorAll(".worked button")) {
      // A parameter whose gradient is to be seen in its place lights up there.
      const found = at(chip.value);
      for (const one of found.length ? found : at(`grad.${chip.value}`)) one.classList.add("term");
    }
    const found = at(address);
    for (const one of found) one.classList.add("pointed");
    const place = found[0] ?? document.querySelector(".now"); // a sum that is not whole yet stands in no cell
    if (address !== shown) place?.scrollIntoView({ block: "nearest" }); // on a phone it may be far away
    shown = address;
  }
  document.addEventListener("htmx:after:swap", () => {
    light();
    if (focused && document.activeElement === document.body) focus(cellOf(at(focused)[0] ?? document.body));
  });
  light();
})();
