"use strict";
// What makes each press count once: the page's revision and a nonce are read when a request leaves, not when it is
// queued, and a request that fails on the way is sent again with the same nonce.
(() => {
  const PATIENCE = 60_000; // milliseconds
  const LONGEST_PAUSE = 5_000;
  const AWAY = [502, 503, 504]; // what a proxy says while the server is away

  const element = (id) => document.getElementById(id);
  const pause = (time) => new Promise((done) => { setTimeout(done, time); });
  const nonce = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
  const connected = (well) => { element("connection").hidden = well; };
  const notice = (sentence) => { element("notice").textContent = sentence; };

  // htmx takes the forms over a moment after the scripts have run (in a timer that was set before this one). A press that
  // comes earlier waits for it: posted as a plain form, it would lead away from under the next one.
  const early = [];
  const wait = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    early.push(event);
  };
  document.addEventListener("submit", wait, true);
  setTimeout(() => {
    document.removeEventListener("submit", wait, true);
    for (const { target, submitter } of early) target.requestSubmit(submitter);
  });

  // A press that came to nothing: what the page showed of it beforehand is taken back.
  function lost(ctx, sentence) {
    notice(sentence);
    ctx.sourceElement.dispatchEvent(new CustomEvent("lost", { bubbles: true }));
  }

  // Read whole before it counts as arrived: an answer that breaks off is asked for again.
  async function received(url, request) {
    const response = await fetch(url, request);
    return new Response(await response.text(), { status: response.status, headers: response.headers });
  }

  async function persistent(url, request) {
    const deadline = Date.now() + PATIENCE;
    for (let time = 200; ; time = Math.min(2 * time, LONGEST_PAUSE)) {
      const late = Date.now() + time > deadline;
      try {
        const response = await received(url, request);
        if (late || !AWAY.includes(response.status)) {
          connected(true);
          return response;
        }
      } catch (error) {
        if (late || request.signal.aborted) {
          connected(true);
          throw error;
        }
      }
      connected(false);
      await pause(time);
    }
  }

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.request.method !== "POST") return;
    ctx.request.headers["Page-Revision"] = element("revision").dataset.revision;
    ctx.request.headers["Idempotency-Key"] = nonce();
    ctx.fetch = persistent;
  });

  // An answer that is not ours (a proxy's error page, a captive portal) never comes into the page.
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.headers.has("Page-Revision")) return;
    event.preventDefault();
    if (ctx.request.method === "POST") lost(ctx, `That could not be done (answer ${ctx.response.status}).`);
  });

  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx?.request.method !== "POST") return;
    lost(ctx, "The server could not be reached for a minute, so that press was given up. Press again.");
  });

  // A refusal changes nothing: the field shows again what it held.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.response?.status >= 400) ctx.sourceElement.dispatchEvent(new CustomEvent("lost", { bubbles: true }));
  });

  // The referee looks again when the numbers have come to rest, and while it waits for PyTorch to load.
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    const settled = () => document.body.dispatchEvent(new Event("settled"));
    if (ctx.request.method === "POST") settled();
    else if (element("referee")?.dataset.state === "waiting") setTimeout(settled, 500);
  });
})();
