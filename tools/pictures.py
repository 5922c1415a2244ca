"""Take the pictures of docs/pictures: a real server, a real browser, the sizes of projectors, desks and phones."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import ARGUMENTS, find

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
DESK, PROJECTOR, SMALL, PHONE = (1280, 720), (1920, 1080), (1024, 768), (390, 844)


class Picture(NamedTuple):
    """A name that begins with the lab's, the size of the window, light or dark, and what is pressed before it is taken.

    A press is a selector, or the name of an action with its fields.
    """

    name: str
    size: tuple[int, int]
    scheme: str
    presses: tuple[str | tuple[str, Mapping[str, object]], ...]


STEPS = ("#step",) * 3
DESCENT = (("neuron-step", {"steps": 11}), "#step")
NORMAL = (("classifier-initialise", {"start": "normal", "seed": 1}), "#step", "#step")
OVERFLOW = (*NORMAL, ("classifier-number", {"output": 8, "value": 1000}), "#shift-off")
UNFOLDED = (*NORMAL, "#tab-derivation", "#line-all")
AUTOGRAD = (NORMAL[0], "#tab-autograd", "#backward", "#backward")
RUNNING = (
    ("training-network", {"rung": "linear"}),
    *(("training-step", {"steps": 90}),) * 3,
    ("training-network", {"rung": "eight"}),
    ("training-settings", {"momentum": 0.9}),
    *(("training-step", {"steps": 75}),) * 5,
)
LEARNED = (
    *RUNNING,
    ("rewind", {"revision": 11, "step": 225, "lab": "training"}),
    ("training-show", {"row": 3, "column": 9}),
)
FORKED = (*RUNNING, ("rewind", {"revision": 11, "step": 90, "lab": "training"}), "#fork", "#step-10", "#step-10")
HALF_WAY = (("convolution-go", {"index": 13}),)
LARGE = (
    ("convolution-image", {"sample": "two"}),
    ("convolution-settings", {"padding": 0, "filters": 8, "bias": True}),
    ("convolution-go", {"index": 546}),
)
POOLING = (
    ("convolution-kernel", {"network": True}),
    ("convolution-settings", {"stride": 1, "padding": 0}),
    ("convolution-kernel", {"nice": True}),
    ("pooling-settings", {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("pooling-go", {"index": 25}),
)
PICTURES = (
    Picture("network-first", DESK, "light", ()),
    Picture("network", DESK, "light", STEPS),
    Picture("network", (1024, 640), "light", STEPS),
    Picture("network", SMALL, "light", STEPS),
    Picture("network", (1280, 590), "light", STEPS),
    Picture("network", PROJECTOR, "dark", ("#step-10",) * 4),
    Picture("network", PHONE, "light", STEPS),
    Picture("network", PHONE, "dark", STEPS),
    Picture("network-gradients", DESK, "dark", (*STEPS, "#show-gradients")),
    Picture("network-both", DESK, "light", (*STEPS, "#show-both")),
    Picture("network-backward", DESK, "light", (*STEPS, "#show-backward", "#stage-2", "#step")),
    Picture(
        "network-ledger", DESK, "light", (*STEPS, "#show-ledger", "#by-change", "tbody tr:nth-child(2) .fold button")
    ),
    Picture("network-more", DESK, "light", ("#more",)),
    Picture("network-blank", DESK, "light", (*STEPS, "#clear")),
    Picture("neuron-first", DESK, "light", ()),
    *(Picture("neuron", size, "light", DESCENT) for size in (DESK, (1024, 640), SMALL, (1280, 590), PHONE)),
    Picture("neuron", PROJECTOR, "dark", DESCENT),
    Picture("neuron-solve", DESK, "light", (*DESCENT, "#show-solve")),
    Picture("neuron-kink", DESK, "light", ("#loss-absolute", "#show-loss", "#step")),
    Picture("neuron-diverges", DESK, "light", (("neuron-settings", {"rate": 0.8}), *("#step",) * 9)),
    Picture("neuron-more", DESK, "dark", (*DESCENT, "#more")),
    Picture("training-first", DESK, "light", ()),
    *(Picture("training", size, "light", LEARNED) for size in (DESK, (1024, 640), SMALL, (1280, 590), PHONE)),
    Picture("training", PROJECTOR, "dark", LEARNED),
    Picture("training-forked", DESK, "dark", FORKED),
    Picture("training-data", DESK, "light", ("#show-data",)),
    Picture("training-network", DESK, "light", ("#show-network",)),
    Picture("training-lesson", DESK, "light", (("training-lesson", {"lesson": "three"}), *("#step-10",) * 8)),
    Picture("training-more", DESK, "light", ("#more",)),
    Picture("classifier-first", DESK, "light", ()),
    Picture("classifier-zeros", DESK, "light", ("#step",)),
    *(Picture("classifier", size, "light", NORMAL) for size in (DESK, (1024, 640), SMALL, (1280, 590), PHONE)),
    Picture("classifier", PROJECTOR, "dark", NORMAL),
    Picture("classifier-gradients", DESK, "dark", (*NORMAL, "#show-gradients")),
    *(Picture("classifier-derivation", size, "light", UNFOLDED) for size in (DESK, (1024, 640))),
    Picture("classifier-logit", DESK, "light", (*NORMAL, "#tab-logit")),
    Picture("classifier-shapes", DESK, "light", (*NORMAL, "#tab-shapes")),
    Picture("classifier-autograd", DESK, "light", AUTOGRAD),
    Picture("classifier-overflow", DESK, "light", OVERFLOW),
    Picture("convolution-first", DESK, "light", ()),
    *(Picture("convolution", size, "light", HALF_WAY) for size in (DESK, (1024, 640), SMALL, (1280, 590), PHONE)),
    Picture("convolution", PROJECTOR, "dark", HALF_WAY),
    Picture("convolution-large", DESK, "light", LARGE),
    Picture("convolution-predict", DESK, "light", ("#show-true", '[data-key="2"]')),
    *(Picture("pooling", size, "light", POOLING) for size in (DESK, SMALL, PHONE)),
    Picture("pooling-average", DESK, "dark", (("pooling-settings", {"kind": "average"}), "#step", "#step")),
    *(Picture("activation", size, "light", ("#step",) * 4) for size in (DESK, SMALL, PHONE)),
    Picture("activation-tanh", DESK, "dark", (("activation-settings", {"function": "tanh"}), *("#step",) * 6)),
    Picture("network-diverged", DESK, "light", ("#rate=1e20", "#label-7", "#step", "#step")),
)


@contextmanager
def served() -> Iterator[str]:
    """Serve the playground from an empty data folder; give its address."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "app", "--port", "0", "--data", data]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            try:
                yield server.stdout.readline().split()[-1]
            finally:  # or what went wrong is never seen: the server is waited for
                server.terminate()


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Open a fresh session, press what is to be pressed, and take the picture."""
    width, height = picture.size
    phone = picture.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        device_scale_factor=2 if phone else 1,
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    lab = picture.name.partition("-")[0]
    page.goto(f"{address}/{lab}")
    for press in picture.presses:
        if isinstance(press, str):
            _press(page, press)
        else:
            action, fields = press
            context.request.post(f"{address}/api/v1/actions/{action}", data=fields)
            page.reload()
    page.locator("#referee:not([data-state=waiting])").wait_for(state="attached")
    page.screenshot(path=FOLDER / f"{picture.name}-{width}x{height}-{picture.scheme}.png")
    context.close()


def _press(page: Page, press: str) -> None:
    selector, _, value = press.partition("=") if press.startswith("#rate") else (press, "", "")
    if selector == "#more" or "data-key" in selector:  # it asks nothing of the server
        page.locator(selector).click()
    else:
        with page.expect_response(lambda response: response.request.method == "POST"):
            if value:
                page.fill(selector, value)
                page.press(selector, "Enter")
            else:
                page.locator(selector).click()
    page.wait_for_load_state("networkidle")


def main() -> int:
    """Take all pictures, or those whose name is given."""
    wanted = set(sys.argv[1:])
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                take(browser, address, picture)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
