// Runs in every page before its own scripts: says aloud what the policy forbade, and counts the presses under way.
(() => {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
  });
  const underWay = new Set();
  window.pressesUnderWay = () => underWay.size;
  let ticks = 0;
  window.ticksDue = () => ticks;
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.request.action.endsWith("/tick")) ticks += 1;
    else if (ctx.request.method === "POST") underWay.add(ctx);
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => underWay.delete(ctx));
})();
