"""Find a Chromium for the browser tests, or get one: one that is there, the system's package, Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of a Chromium: $CHROMIUM, one on the path, or the one that Playwright installed."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if named:
        return named
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
    except Exception:  # whatever is wrong with it, it is no browser to use
        return None
    return own if Path(own).exists() else None


def fetch() -> str | None:
    """Get a Chromium from the system's packages or from Playwright, and return its path."""
    attempts = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        os.environ |= quiet
        attempts.insert(0, [*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
        attempts.insert(0, [*root, "apt-get", "update", "-qq"])
    for attempt in attempts:
        try:
            subprocess.run(attempt, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=900)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if found := find():
            return found
    return None


if __name__ == "__main__":
    if not find() and not fetch():
        print("No Chromium could be had: install one, or name it in $CHROMIUM. The browser tests will fail.")
