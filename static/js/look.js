"use strict";
// What the page remembers and shows by itself: the switch, the theme, letter keys, the scrubber's reading, More.
(() => {
  const { remembered } = window;
  const element = (id) => document.getElementById(id);

  function choose(name, fallback) {
    const value = remembered.get(name) || fallback;
    const radio = document.querySelector(`input[name="${name}"][value="${value}"]`);
    if (radio) radio.checked = true;
  }
  choose("theme", "system");
  choose("show", "values");
  if (element("letters")) element("letters").checked = remembered.get("letters") !== "off";

  document.addEventListener("change", ({ target }) => {
    if (target.name === "theme" || target.name === "show") remembered.set(target.name, target.value);
    if (target.name === "theme") document.documentElement.dataset.theme = target.value;
    if (target.id === "letters") remembered.set("letters", target.checked ? "on" : "off");
    if (target.id === "rate" || target.id === "scrub") target.form.requestSubmit();
  });

  // The loss at the step under the scrubber, read from the points that the server drew.
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "scrub") return;
    const step = Number(target.value);
    const points = target.dataset.losses.split(",").map((point) => point.split(" "));
    const near = points.filter(([at]) => Number(at) <= step).at(-1);
    element("readout").textContent = near ? `step ${near[0]}: ${near[1]}` : "";
  });

  // Morphing leaves alone what was dragged: put the scrubber where the last answer says, once nothing is under way
  // and nobody holds it.
  let underWay = 0;
  let held = false;
  const counts = ({ request, sourceElement }) => request.method === "POST" && sourceElement.id !== "tick";
  document.addEventListener("pointerdown", ({ target }) => { held = target.id === "scrub"; });
  document.addEventListener("pointerup", () => { held = false; });
  document.addEventListener("pointercancel", () => { held = false; });
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { underWay += counts(ctx); });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    underWay -= counts(ctx);
    const scrub = element("scrub");
    if (scrub && underWay === 0 && !held) scrub.value = scrub.defaultValue;
  });

  document.addEventListener("lost", ({ target }) => target.reset?.());

  document.addEventListener("submit", ({ target, submitter }) => {
    if (submitter?.closest("#panel-more")) element("more-panel")?.removeAttribute("open");
  });
})();
