"""From a reader's key to the painted frame, in a real browser without a graphics processor."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.run import Measure
from bench.web_bench import serving
from bench.workspaces import workspace_of

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
BUDGET = 100.0
DRAWN = 1000

TO_PAINT = """async ([selector, keys]) => {
  const target = document.querySelector(selector);
  target.focus();
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (const key of keys) {
    await frame();
    const start = performance.now();
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await frame();
    await frame();
    times.push(performance.now() - start);
  }
  return times;
}"""
"""Two frames later what the first has painted can be seen."""


def measures(things: int) -> Iterator[Measure]:
    """What each interaction takes to be seen; nothing without a Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "company"
        shutil.copytree(workspace_of(things), folder)
        with serving(folder) as (port, _), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://localhost:{port}/views/map?query=item&hops=0&rows={DRAWN}")
            page.wait_for_selector(".map-canvas", timeout=60_000)
            keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"] * 5
            times = page.evaluate(TO_PAINT, [".map-box", keys])
            yield Measure(
                name=f"map focus to paint, {DRAWN:,} dots",
                things=things,
                value=median(times),
                target=BUDGET,
            )
            browser.close()
