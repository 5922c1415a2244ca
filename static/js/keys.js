"use strict";
// The keys of the keyboard and of a presenter's clicker. Held keys are ignored.
(() => {
  const root = document.documentElement;
  const FIELDS = "input:not([type=radio], [type=checkbox], [type=range]), select, textarea";

  function press(id) {
    const button = document.getElementById(id);
    if (button && button.getAttribute("aria-disabled") !== "true") button.click();
  }

  // Back is the last position where there is a stepper, else the last change.
  const back = () => (document.getElementById("back") ? "back" : "undo");

  function blank() {
    root.toggleAttribute("data-blank");
  }

  function byLetter(key) {
    const letter = key.toUpperCase();
    return [...document.querySelectorAll("[aria-keyshortcuts]")].find(
      (one) => one.getAttribute("aria-keyshortcuts") === letter && one.offsetParent !== null,
    );
  }

  // Space and arrows belong to what has the focus: a pixel, a button, a field, a link, the code.
  const busy = () => document.activeElement?.matches("button, input, select, textarea, a, summary, td, pre");

  function act(event) {
    switch (event.key) {
      case "PageDown": press("step"); return true;
      case "PageUp": press(back()); return true;
      case ".": blank(); return true;
      case "Escape":
        if (root.hasAttribute("data-blank")) blank();
        else document.getElementById("more-panel")?.removeAttribute("open");
        return false;
    }
    if (!busy()) {
      if (event.key === " " || event.key === "ArrowRight") { press("step"); return true; }
      if (event.key === "ArrowLeft") { press(back()); return true; }
    }
    if (event.key.length !== 1 || event.key === " " || window.remembered.get("letters") === "off") return false;
    if (event.key === "b" || event.key === "B") { blank(); return true; }
    const button = byLetter(event.key);
    if (!button || button.getAttribute("aria-disabled") === "true") return false;
    button.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const paging = event.key === "PageDown" || event.key === "PageUp";
    if (event.target.matches(FIELDS) && !paging && event.key !== "Escape") return;
    if (event.repeat) {
      // A held Enter would press a button again and again, and a held Space would scroll.
      if (event.key === "Enter" || event.key === " " || paging) event.preventDefault();
    } else if (act(event)) {
      event.preventDefault();
    }
  });

  // What is unavailable stays focusable, so that it can be found and read; it only does nothing.
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[aria-disabled=true]")) event.preventDefault();
  }, true);
})();
