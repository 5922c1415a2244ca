"use strict";
// How fast a run goes, and how long it will still take: measured here, since only this page knows when it saw what.
(() => {
  const data = () => document.getElementById("pace-data");
  let began = null; // the first step seen of the present run, and when

  const tell = () => {
    const now = data();
    if (!now) return;
    const step = Number(now.value);
    const goal = Number(now.dataset.goal);
    if (!goal) {
      began = null;
      now.textContent = "";
      return;
    }
    if (!began || step < began.step) began = { step, at: performance.now() };
    const seconds = (performance.now() - began.at) / 1000;
    const taken = step - began.step;
    if (!taken || seconds < 0.3) return;
    const pace = taken / seconds;
    now.textContent = `${Math.round(pace)} steps a second, ${Math.ceil((goal - step) / pace)} s left`;
  };
  document.addEventListener("htmx:after:swap", tell);
  document.addEventListener("DOMContentLoaded", tell);
})();
