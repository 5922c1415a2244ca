"use strict";
// The page of the ledger, for paper: a button that prints it.
(() => {
  const button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
})();
