"""What a visitor feels: from the click to the changed number, in Chromium."""

from __future__ import annotations

from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import sleep

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from bench.bare import record
from bench.clicks import STEP, Page
from bench.server import BARE, PRODUCT, Server, serving
from bench.table import Row
from bench.wire import Address, Answer, Connection, run
from tools.browser import find

CLICKS = 40
WARM = 10
RATE = "0.02"  # so low that fifty steps in a row each change the loss that is shown
PAUSE = 60  # milliseconds between two measurements, so that none pays for the painting of the one before
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# From the click event to the first change after which the loss reads otherwise.
CLICK = """() => new Promise((done, fail) => {
  const loss = () => document.querySelector('#panel-answer [data-at="loss"]')?.textContent;
  const before = loss();
  let start;
  new MutationObserver((_, observer) => {
    if (loss() === before) return;
    observer.disconnect();
    done(performance.now() - start);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  const step = document.getElementById("step");
  step.addEventListener("click", () => { start = performance.now(); }, { capture: true, once: true });
  step.click();
  setTimeout(() => fail(new Error("The loss did not change.")), 10_000);
})"""
FETCH = """async () => {
  const start = performance.now();
  await (await fetch("/answer")).text();
  return performance.now() - start;
}"""


def measure() -> list[Row]:
    """Click and bare fetch of as many bytes in turn, each in a page of its own; medians."""
    with TemporaryDirectory() as data, serving(PRODUCT, Path(data)) as product:
        answer = run(_answer(product.address))
        run(_referee(product.address))
        record(Path(data), answer.body)
        with serving(BARE, Path(data)) as bare, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
            clicks, fetches = _in_turn(browser, product, bare)
            browser.close()
    ratio = median(clicks) / median(fetches)
    slow = quantiles(clicks, n=20)[-1]
    fetch = f"{median(fetches):.1f} ms for {len(answer.body)} bytes"
    more = f"{median(clicks):.1f} ms, p95 {slow:.1f}, to {fetch}"
    return [Row("click to changed number in Chromium, against a bare fetch", ratio, 3.5, "", more)]


def _in_turn(browser: Browser, product: Server, bare: Server) -> tuple[list[float], list[float]]:
    lab, empty = _tab(browser, product.url), _tab(browser, f"{bare.url}/page")
    lab.fill("#rate", RATE)
    lab.press("#rate", "Enter")
    clicks, fetches = [], []
    for _ in range(WARM + CLICKS):
        clicks.append(_timed(lab, CLICK))
        fetches.append(_timed(empty, FETCH))
    return clicks[WARM:], fetches[WARM:]


def _tab(browser: Browser, url: str) -> Tab:
    tab = browser.new_context().new_page()  # a context is a window: a tab in the background would be slowed down
    tab.goto(url)
    tab.wait_for_load_state("networkidle")
    return tab


def _timed(tab: Tab, script: str) -> float:
    tab.wait_for_timeout(PAUSE)
    return float(tab.evaluate(script))


async def _answer(address: Address) -> Answer:
    """Return the answer to a step in the middle of what the browser will do."""
    page = await Page.at(address)
    await page.click("learning-rate", f"rate={RATE}")
    answers = [await page.click(*STEP) for _ in range(WARM + CLICKS // 2)]
    page.close()
    return answers[-1]


async def _referee(address: Address) -> None:
    """Wait until torch is loaded, which would get in the way."""
    connection = await Connection.to(address)
    cookie = (await connection.get("/")).header("set-cookie").partition(";")[0]
    while 'data-state="waiting"' in (await connection.get("/network/referee", cookie)).text:
        sleep(0.1)
    connection.close()
