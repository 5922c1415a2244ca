"use strict";
// The code beside the picture: copied where there is a clipboard; the line that is lit stays in sight.
(() => {
  const element = (id) => document.getElementById(id);
  const code = () => document.querySelector("#panel-code pre");

  document.documentElement.toggleAttribute("data-copies", Boolean(window.isSecureContext && navigator.clipboard));

  document.addEventListener("click", async ({ target }) => {
    if (target.closest?.("#copy:not([aria-disabled])") && code()) {
      const copied = await navigator.clipboard.writeText(code().textContent).then(() => true, () => false);
      element("copied").textContent = copied ? "copied" : "not copied";
    }
  });

  let shown = ""; // what was lit when it was last looked
  function follow() {
    const lit = code()?.querySelector("[aria-current]");
    const now = lit ? `${element("panel-code").dataset.voice} ${lit.id}` : "";
    if (lit && now !== shown) {
      const above = Math.floor((code().clientHeight / lit.offsetHeight - 1) / 2); // whole lines
      code().scrollTop = lit.offsetTop - above * lit.offsetHeight;
    }
    shown = now;
  }
  document.addEventListener("htmx:after:swap", follow);
  follow();
})();
