"use strict";
// Runs before the page is painted, so that a remembered theme does not flash.
window.remembered = {
  get(name) {
    try { return localStorage.getItem(name); } catch { return null; } // storage may be forbidden
  },
  set(name, value) {
    try { localStorage.setItem(name, value); } catch { /* then it is not remembered */ }
  },
};
document.documentElement.dataset.theme = window.remembered.get("theme") || "system";
