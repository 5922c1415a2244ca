"use strict";
// What the page remembers and shows by itself: the theme, letter keys, the scrubber's reading, More.
(() => {
  const { remembered } = window;
  const element = (id) => document.getElementById(id);

  const theme = element(`theme-${remembered.get("theme") || "system"}`);
  if (theme) theme.checked = true;
  if (element("letters")) element("letters").checked = remembered.get("letters") !== "off";

  let entered; // Enter sends a field: its change is not to send it again
  document.addEventListener("keydown", ({ key, target }) => { entered = key === "Enter" && target; });

  document.addEventListener("change", ({ target }) => {
    if (target.name === "theme") {
      remembered.set("theme", target.value);
      document.documentElement.dataset.theme = target.value;
    }
    if (target.id === "letters") remembered.set("letters", target.checked ? "on" : "off");
    if ("submit" in target.dataset && target !== entered) target.form.requestSubmit();
  });

  // The loss at the step under the scrubber, read from the points that the server drew.
  function readOut(step) {
    const plot = element("panel-curve").querySelector("[data-unit]");
    const points = [...plot.querySelectorAll(".past, .ahead:not(.test)")].flatMap((path) => path.getAttribute("d").slice(1).split(/[ML]/));
    const near = points.map((point) => point.split(" ")).filter(([at]) => Number(at) <= step)
      .reduce((one, other) => (Number(other[0]) > Number(one?.[0] ?? -1) ? other : one), null);
    const unit = Number(plot.dataset.unit);
    const loss = near && (unit > 1 ? (near[1] * unit).toExponential(2) : near[1]);
    element("readout").textContent = near ? `step ${near[0]}: ${loss}` : "";
  }
  document.addEventListener("input", ({ target }) => {
    entered = null;
    if (target.id === "scrub") readOut(Number(target.value));
  });
  // A pointer that only passes over reads too; the thumb is 1rem wide, and ends at the ends.
  document.addEventListener("pointermove", ({ target, offsetX, buttons }) => {
    if (target.id !== "scrub" || buttons) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const share = (offsetX - rem / 2) / (target.clientWidth - rem);
    readOut(Math.round(Math.min(1, Math.max(0, share)) * Number(target.max)));
  });
  document.addEventListener("pointerout", ({ target, buttons }) => {
    if (target.id === "scrub" && !buttons) element("readout").textContent = "";
  });

  // Morphing leaves alone what was dragged: put it right once nothing is under way and nobody holds it.
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
    if (submitter?.closest("#more-panel")) element("more-panel")?.removeAttribute("open");
  });
})();
