"use strict";
// What belongs to the pages with a stepper alone: the keypad, the speed, the place on the track.
(() => {
  const element = (id) => document.getElementById(id);
  const walk = element("walk");

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

  // Where a grid is scrolled in a place of its own, what is worked out stays in sight.
  function follow() {
    for (const one of walk.querySelectorAll("#panel-frame .edge, #panel-output .now")) {
      const place = one.closest(".from, #panel-output");
      const [inner, outer] = [one.getBoundingClientRect(), place.getBoundingClientRect()];
      if (inner.left < outer.left || inner.right > outer.right) {
        place.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
      }
    }
  }

  // What reads what: a ribbon from the window into what is made of it, another from there into the cell that it fills.
  // Its ends are where the browser laid them out, so only a script can draw it; where they are not side by side, none is.
  function strands() {
    const origin = walk.querySelector(".strands").getBoundingClientRect();
    const box = (selector) => walk.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    const worked = box("#panel-window table");
    const ends = [
      [box("#panel-frame .edge"), box(".from table"), worked, worked],
      [box("#panel-products table"), box("#panel-products table"), box("#panel-output table"), box("#panel-output .now")],
    ];
    ends.forEach(([from, left, right, to], number) => {
      // A cell that stands out over the edge of its grid is where the ribbon begins, or ends.
      const [start, end] = [Math.max(left.right, from.right), Math.min(right.left, to.left)];
      const apart = from.width && to.width && end > start;
      const at = (x, one, other) => one + ((other - one) * (x - from.right)) / (to.left - from.right) - origin.top;
      const edge = (x, side) => `${x - origin.left} ${at(x, from[side], to[side])}`;
      const corners = [[start, "top"], [end, "top"], [end, "bottom"], [start, "bottom"]];
      const path = apart ? `M${corners.map(([x, side]) => edge(x, side)).join("L")}z` : "";
      walk.querySelectorAll(".strands path")[number].setAttribute("d", path);
    });
  }

  function pace() {
    const speed = window.remembered.get("speed");
    if (speed && element("speed") && !element("tick")) element("speed").value = speed;
  }

  // Morphing leaves alone what somebody dragged: put there what the answer says, once it was sent.
  let held = false;
  document.addEventListener("pointerdown", ({ target }) => { held = target.id === "place"; });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { held = false; });
  document.addEventListener("htmx:after:swap", () => {
    pace();
    follow();
    strands();
    const place = element("place");
    if (place && !held) place.value = place.defaultValue;
  });
  new ResizeObserver(strands).observe(walk.querySelector(".board"));
  pace();
  follow();
})();
