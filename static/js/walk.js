"use strict";
// What belongs to the pages with a stepper alone: arrows inside grids, the keypad, the speed.
(() => {
  const element = (id) => document.getElementById(id);
  const walk = element("walk");

  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    const move = ARROWS[event.key];
    const td = event.target.closest?.("#walk td");
    // In a field the arrows to the sides belong to its text.
    if (!td || event.repeat || event.defaultPrevented) return;
    if (event.key === "Escape") event.target.blur();
    if (!move || (event.target.matches("input") && move[0] === 0)) return;
    const row = td.closest("table").rows[td.parentElement.rowIndex + move[0]];
    row?.cells[td.cellIndex + move[1]]?.querySelector("button, input")?.focus();
    event.preventDefault();
  });

  // The keypad writes into the field; digits of the keyboard too, wherever the focus is.
  function type(key) {
    const guess = element("guess");
    if (key === "⌫" || key === "Backspace") guess.value = guess.value.slice(0, -1);
    else if (key === "−" || key === "-") guess.value = guess.value.startsWith("−") ? guess.value.slice(1) : `−${guess.value}`;
    else if (guess.value.length < guess.maxLength) guess.value += key;
  }

  walk.addEventListener("click", ({ target }) => {
    if (target.dataset?.key) type(target.dataset.key);
  });

  document.addEventListener("keydown", (event) => {
    if (!element("guess") || event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey) return;
    if (/^[-0-9.,]$|^Backspace$/.test(event.key)) {
      if (event.key === "." && !element("guess").value) return; // blanks the projector
      type(event.key);
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.key === "Enter" && element("guess").value && !event.target.matches("a, summary, .bar button, .keypad button")) {
      element("lock").click();
      event.preventDefault();
    }
  }, true);

  // How fast it plays is remembered; while it plays, a change holds at once.
  document.addEventListener("change", ({ target }) => {
    if (target.id !== "speed") return;
    window.remembered.set("speed", target.value);
    if (element("tick")) target.form.requestSubmit();
  });

  function pace() {
    const speed = window.remembered.get("speed");
    if (speed && element("speed") && !element("tick")) element("speed").value = speed;
  }

  // Morphing leaves alone what somebody typed or dragged: put there what the answer says, once it was sent.
  let held = false;
  document.addEventListener("pointerdown", ({ target }) => { held = target.id === "place"; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { held = false; });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    pace();
    const sent = [...(ctx.sourceElement.querySelectorAll?.("[data-submit]") ?? [])];
    if (element("place") && !held) sent.push(element("place"));
    for (const field of sent) field.value = field.defaultValue;
  });
  pace();
})();
